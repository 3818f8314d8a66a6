import Expressions
import Numerics
import Problems

/// Where an integral over a grid's interpolant puts its Gauss points.
///
/// Panels end where the integrand is not smooth: at the limits, where a place in it crosses a node of
/// a difference scheme (the interpolant is another polynomial beyond), and at zeros of switching
/// functions that are straight in the bound variable, such as `abs(x - s)`.
final class GridPanels {
  /// Points of one integral and their weights.
  struct Points {
    var places: [Double]
    var weights: [Double]
  }

  private let tape: Tape
  private let values: Storage
  private let lines: [Line]
  private let rule: QuadratureRule
  private var known: [[Double]: Points] = [:]

  /// A function straight in the bound variable whose crossings of some numbers end panels.
  private struct Line {
    /// Where the value and the slope stand among the outputs.
    let output: Int
    let levels: [Double]
    /// The levels repeat with this period; 0: they do not.
    let period: Double
  }

  /// Lowers limits and lines.
  ///
  /// - Parameter refinement: multiplies the number of Gauss points.
  /// - Throws: `DifferentiationError`, `ProgramError`, `GSLError`.
  init(
    _ term: IntegralTerm, _ problem: Problem, _ grid: Grid, inputs: Inputs, refinement: Int
  ) throws {
    var outputs = [term.lower, term.upper]
    var lines: [Line] = []
    var order = 4
    let known = Set(inputs.point).union(inputs.parameters).union([term.bound])
    func addLine(_ function: Expression, _ levels: [Double], period: Double = 0) throws {
      guard function.symbols.isSubset(of: known),
        let slope = try? function.derivative(by: term.bound),
        !slope.isZero, !slope.contains(term.bound)
      else { return }
      lines.append(Line(output: outputs.count, levels: levels, period: period))
      outputs += [function.substituting([term.bound: term.lower]), slope]
    }
    let space = problem.variables.indices.filter { problem.variables[$0].name != problem.marching }
    for place in GridPanels.places(of: term) {
      for (axis, variable) in space.enumerated()
      where place.arguments[variable].contains(term.bound) {
        let spec = grid.axes[axis].spec
        order = max(order, GridPanels.order(spec))
        if !spec.scheme.isSpectral {
          try addLine(
            place.arguments[variable], grid.axes[axis].nodes,
            period: spec.isPeriodic ? spec.upper - spec.lower : 0)
        }
      }
    }
    // Functions that are known everywhere: no panel ends inside, but many points.
    if term.places.isEmpty, lines.isEmpty { order = max(order, 32) }
    for function in GridPanels.bodies(of: term).flatMap(\.switchingFunctions) {
      try addLine(function, [0])
    }
    tape = Tape(try Program(outputs, inputs: inputs))
    values = Storage(outputs.count)
    self.lines = lines
    rule = try QuadratureRule.gaussLegendre(order * refinement)
  }

  /// Points that integrate squares of the interpolant exactly, on a cell or on the whole axis.
  private static func order(_ spec: AxisSpec) -> Int {
    switch spec.scheme {
    case .difference(let accuracy): accuracy + 2
    case .limited: 4
    case .chebyshev: spec.points + 8
    // A wave needs more points than a polynomial of as many coefficients: π a period, not 2.
    case .fourier: 2 * spec.points + 8
    }
  }

  private static func places(of term: IntegralTerm) -> [PlacedUnknown] {
    term.places + term.inner.flatMap(places)
  }

  private static func bodies(of term: IntegralTerm) -> [Expression] {
    [term.body] + term.inner.flatMap(bodies)
  }

  /// The points for the values of the variables around; nil where a limit is not finite.
  func points(_ point: Vector, _ parameters: Vector) -> Points? {
    tape.evaluate(point, point, parameters, into: values.vector)
    let key = values.vector.array
    if let points = known[key] { return points }
    let (lower, upper) = (key[0], key[1])
    guard lower.isFinite, upper.isFinite else { return nil }
    var ends = [min(lower, upper), max(lower, upper)]
    let length = ends[1] - ends[0]
    for line in lines {
      for crossing in crossings(line, key[line.output], key[line.output + 1], length, lower < upper)
      {
        let place = lower + crossing
        if place > ends[0], place < ends[1] { ends.append(place) }
      }
    }
    ends.sort()
    var points = Points(places: [], weights: [])
    let sign = lower <= upper ? 1.0 : -1.0
    for (a, b) in zip(ends, ends.dropFirst()) where b - a > 1e-14 * max(a.magnitude, b.magnitude) {
      let (middle, half) = ((a + b) / 2, (b - a) / 2)
      for (node, weight) in zip(rule.nodes, rule.weights) {
        points.places.append(middle + half * node)
        points.weights.append(sign * half * weight)
      }
    }
    known[key] = points
    return points
  }

  /// Distances from the lower limit at which a line crosses its levels.
  private func crossings(
    _ line: Line, _ value: Double, _ slope: Double, _ length: Double, _ isForward: Bool
  ) -> [Double] {
    guard slope != 0, slope.isFinite, value.isFinite else { return [] }
    guard line.period > 0 else { return line.levels.map { ($0 - value) / slope } }
    // A periodic axis: the nodes of every period that the line runs through.
    let end = value + slope * (isForward ? length : -length)
    let (low, high) = (min(value, end), max(value, end))
    return line.levels.flatMap { level -> [Double] in
      let first = ((low - level) / line.period).rounded(.up)
      let last = ((high - level) / line.period).rounded(.down)
      guard first <= last, last - first < 1000 else { return [] }
      return stride(from: first, through: last, by: 1).map {
        (level + $0 * line.period - value) / slope
      }
    }
  }

  /// Forgets the points that were asked for.
  func clear() { known = [:] }
}
