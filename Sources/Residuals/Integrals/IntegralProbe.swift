import Discretizations
import Expressions
import Numerics
import Problems

/// Chooses the panels of an integral's rule, with a smooth function in place of every field.
///
/// One panel of 20 nodes for each length of a variable's interval that the integral reaches over;
/// twice as many, up to 16 times, while the kernel asks for more.
struct IntegralProbe {
  /// What the value of an integral may change by, with panels of half the size, at first choice.
  static let tolerance = 1e-10
  /// What it may change by where there are no more panels.
  static let limit = 1e-6
  private static let mostDoublings = 4

  let calculus: FieldCalculus
  /// A smooth function of the variables, of size 1.
  private let field: Expression

  /// - Parameter features: what networks see of a point: the field is as smooth as they are.
  init(_ calculus: FieldCalculus, features: [Expression]) {
    self.calculus = calculus
    let sum = features.reduce(Expression.zero) { $0 + $1 }
    let scale = Expression.number(2 / Double(max(features.count, 1)).squareRoot())
    field = Function(named: "sin").map { .call($0, [1 + scale * sum]) } ?? sum
  }

  /// What points of the domain know (``FieldCalculus/pointNames``), at some of them.
  ///
  /// - Throws: `GSLError` for a forcing that cannot be fitted.
  func places() throws -> [[Double]] {
    let problem = calculus.problem
    let marching = calculus.names.firstIndex { $0 == problem.marching } ?? 0
    let forcings = try problem.forcings.map { try Interpolation($0) }
    let all = calculus.samples(on: nil)
    // Both ends, and two dozen places between.
    let stride = max((all.count - 1) / 24, 1)
    return all.indices.filter { $0 % stride == 0 || $0 == all.count - 1 }.map { index in
      let t = all[index][marching]
      return all[index] + forcings.map { $0.value(t) } + forcings.map { $0.derivative(t) } + [1]
    }
  }

  /// The rule of an integral.
  ///
  /// - Parameters:
  ///   - columns: what the point around knows.
  ///   - places: the values of the columns at some points.
  /// - Throws: ``IntegralFault`` where the integrand is too rough, or leaves the domain.
  func rule(_ form: IntegralForm, _ columns: [Symbol], at places: [[Double]]) throws -> PanelRule {
    if form.isPlace {
      let rule = try PanelRule(pieces: 1, panels: 1, nodes: 1)
      _ = try Samples(self, form, columns).integrals(rule, at: places)
      return rule
    }
    let samples = try Samples(self, form, columns)
    let pieces = form.kinks.count + 1
    var panels = samples.panels(at: places)
    var coarse = try PanelRule(pieces: pieces, panels: panels)
    var before = try samples.integrals(coarse, at: places)
    var error = 0.0
    for doubling in 0...Self.mostDoublings {
      let fine = try PanelRule(pieces: pieces, panels: 2 * panels)
      let after = try samples.integrals(fine, at: places)
      error = after.size == 0 ? 0 : after.difference(before) / after.size
      if error <= Self.tolerance || doubling == Self.mostDoublings { break }
      (coarse, before, panels) = (fine, after, 2 * panels)
    }
    guard error <= Self.limit else {
      throw IntegralFault(
        message: "the integrand of \(form.text) is too rough: \(coarse.count) nodes give its value "
          + "to \(NumberWords.short(error)) only",
        remedy: "substitute the bound variable so that the integrand is smooth")
    }
    return coarse
  }

  /// The field, or its derivative, at the point itself.
  func value(of symbol: Symbol) throws -> Expression {
    var value = field
    for variable in symbol.derivatives {
      value = try calculus.derivative(of: value, by: variable)
    }
    return value
  }

  /// Some values of an integral's columns and of its bound variable, for integrals inside.
  func places(in form: IntegralForm, _ columns: [Symbol], at places: [[Double]]) throws
    -> [[Double]]
  {
    let samples = try Samples(self, form, columns)
    return places.flatMap { place in
      let (lower, upper, _) = samples.edges(place)
      return [0.03, 0.5, 0.91].map { place + [lower + $0 * (upper - lower)] }
    }
  }
}

/// An integrand made of known functions, lowered.
private struct Samples {
  let form: IntegralForm
  let intervals: [Interval]
  let periodic: Set<String>
  private let edgeTape: Tape
  /// The integrand, then the arguments of each place.
  private let tape: Tape

  init(_ probe: IntegralProbe, _ form: IntegralForm, _ columns: [Symbol]) throws {
    self.form = form
    let calculus = probe.calculus
    intervals = calculus.problem.variables
    periodic = calculus.periodic
    var known: [Symbol: Expression] = [:]
    for place in form.places {
      let there = Dictionary(
        uniqueKeysWithValues: zip(calculus.names.map { Symbol($0) }, place.arguments))
      for (stand, field) in place.fields {
        known[stand] = try probe.value(of: field).substituting(there)
      }
    }
    for estimate in calculus.problem.estimates {
      known[Symbol(estimate.name)] = .number(estimate.start)
    }
    for symbol in form.body.symbols
    where known[symbol] == nil && symbol != form.bound && !columns.contains(symbol) {
      // A leaf of the point around; whatever is left are integrals, which change slowly.
      known[symbol] = calculus.fields.contains(symbol.name) ? try probe.value(of: symbol) : .one
    }
    edgeTape = Tape(
      try Program([form.lower, form.upper] + form.kinks, inputs: Inputs(point: columns)))
    tape = Tape(
      try Program(
        [form.body.substituting(known)] + form.places.flatMap(\.arguments),
        inputs: Inputs(point: columns + [form.bound])))
  }

  func edges(_ place: [Double]) -> (lower: Double, upper: Double, kinks: [Double]) {
    let found = values(edgeTape, place)
    return (found[0], found[1], Array(found.dropFirst(2)))
  }

  private func values(_ tape: Tape, _ point: [Double]) -> [Double] {
    let (input, output, none) = (Storage(point), Storage(tape.program.outputCount), Storage(0))
    defer { input.keep(output, none) }
    tape.evaluate(input.vector, none.vector, none.vector, into: output.vector)
    return output.vector.array
  }

  /// How many lengths of a variable's interval the integral reaches over, at most and rounded up.
  func panels(at places: [[Double]]) -> Int {
    var most = 0.0
    for place in places {
      let (lower, upper, _) = edges(place)
      let ends = [lower, upper].map { values(tape, place + [$0]).dropFirst() }
      for (index, (a, b)) in zip(ends[0], ends[1]).enumerated() {
        let interval = intervals[index % intervals.count]
        let share = (b - a).magnitude / (interval.upper - interval.lower)
        if share.isFinite { most = max(most, share) }
      }
    }
    return Int(max(1, min(most - 1e-9, 64)).rounded(.up))
  }

  /// The integrals at some places; NaN where one has none.
  func integrals(_ rule: PanelRule, at places: [[Double]]) throws -> Values {
    var found = Values()
    var farthest = Excess()
    for place in places {
      let (lower, upper, kinks) = edges(place)
      guard lower.isFinite, upper.isFinite else {
        found.values.append(.nan)
        continue
      }
      var (sum, size) = (0.0, 0.0)
      for (node, weight) in rule.nodes(from: lower, to: upper, kinks: kinks) {
        let values = values(tape, place + [node])
        farthest.take(values.dropFirst(), self)
        sum += weight * values[0]
        size += (weight * values[0]).magnitude
      }
      found.values.append(sum)
      if size.isFinite { found.size = max(found.size, size) }
    }
    if farthest.distance > 1e-9 { throw farthest.fault(form) }
    return found
  }

  /// The place farthest outside of the domain, where no network was trained.
  struct Excess {
    /// In lengths of the variable's interval.
    var distance = 0.0
    private var variable = ""
    private var place = 0.0
    private var group = 0

    mutating func take(_ arguments: ArraySlice<Double>, _ samples: Samples) {
      let intervals = samples.intervals
      for (index, place) in arguments.enumerated() {
        let interval = intervals[index % intervals.count]
        let away = max(interval.lower - place, place - interval.upper)
        let distance = away / (interval.upper - interval.lower)
        guard distance > self.distance, !samples.periodic.contains(interval.name) else { continue }
        self.distance = distance
        self.place = place
        variable = interval.name
        group = index / intervals.count
      }
    }

    func fault(_ form: IntegralForm) -> IntegralFault {
      IntegralFault(
        message: "\(form.text) reads \(form.places[group].fields[0].field) at \(variable) = "
          + "\(NumberWords.short(place)), outside of its interval",
        remedy: "keep the places of the unknown inside")
    }
  }

  struct Values {
    var values: [Double] = []
    /// The largest integral of the integrand's magnitude.
    var size = 0.0

    func difference(_ other: Values) -> Double {
      zip(values, other.values).reduce(0) { most, pair in
        let distance = (pair.0 - pair.1).magnitude
        return distance > most ? distance : most
      }
    }
  }
}
