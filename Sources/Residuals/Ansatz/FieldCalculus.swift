import Expressions
import Problems

/// The names of a problem, as differentiation and substitution of its texts need them.
struct FieldCalculus: Sendable {
  let problem: Problem
  let unknowns: Set<String>
  /// Unknowns, and outputs of networks inside the equations.
  let fields: Set<String>
  /// Parameters to be found.
  let estimates: Set<String>
  let forcings: Set<String>
  let periodic: Set<String>
  private let constants: [Symbol: Expression]

  init(_ problem: Problem) {
    self.problem = problem
    unknowns = Set(problem.allUnknowns)
    fields = unknowns.union(problem.networks.flatMap(\.outputs))
    estimates = Set(problem.estimates.map(\.name))
    forcings = Set(problem.forcings.map(\.name))
    periodic = problem.periodicVariables
    constants = Dictionary(
      uniqueKeysWithValues: problem.parameters.map { (Symbol($0.name), .number($0.value)) })
  }

  var names: [String] { problem.variables.map(\.name) }

  /// Writes numbers for the parameters; estimates stay.
  func constant(_ expression: Expression) -> Expression { expression.substituting(constants) }

  /// The faces that `at boundary` means.
  var walls: [Face] {
    problem.variables.indices.filter {
      let name = problem.variables[$0].name
      return name != problem.marching && !periodic.contains(name)
    }.flatMap { [Face(variable: $0, isUpper: false), Face(variable: $0, isUpper: true)] }
  }

  /// The variable's value on a face.
  func place(_ face: Face) -> Double {
    let interval = problem.variables[face.variable]
    return face.isUpper ? interval.upper : interval.lower
  }

  /// The variable's value on a face, for substitution.
  func end(_ face: Face) -> [Symbol: Expression] {
    [Symbol(problem.variables[face.variable].name): .number(place(face))]
  }

  /// The leaf that stands for an unknown's network; no text can declare this name.
  static func network(_ unknown: String) -> Symbol { Symbol("network." + unknown) }

  static func isNetwork(_ symbol: Symbol) -> Bool { symbol.name.hasPrefix("network.") }

  /// Differentiates by a variable, networks and forcings along.
  func derivative(of expression: Expression, by variable: String) throws(DifferentiationError)
    -> Expression
  {
    let marching = problem.marching ?? (names.count == 1 ? names[0] : nil)
    let forcings = forcings
    return try expression.totalDerivative(by: variable, variables: names) { name in
      name.hasPrefix("network.") || (variable == marching && forcings.contains(name))
        || isGiven(name, dependingOn: variable)
    }
  }

  /// The value at a place, estimates at their start; NaN where it has none.
  func value(_ expression: Expression, at place: [Double]) -> Double {
    var values: [Symbol: Double] = [:]
    for (name, number) in zip(names, place) { values[Symbol(name)] = number }
    for estimate in problem.estimates { values[Symbol(estimate.name)] = estimate.start }
    return (try? expression.evaluate(values)) ?? .nan
  }

  /// Many variables: a tensor product would have too many places.
  private func scattered(on face: Face?) -> [[Double]] {
    let (count, dimension) = (256, names.count)
    let units = Sampler.uniform.points(count: count, dimension: dimension, seed: 1)
    return (0..<count).map { place in
      problem.variables.enumerated().map { index, interval in
        if let face, face.variable == index { return self.place(face) }
        // Every eighth coordinate lies at an end.
        let number = (place * dimension + index) % 16
        if number == 0 { return interval.lower }
        if number == 8 { return interval.upper }
        return interval.lower
          + units[place * dimension + index] * (interval.upper - interval.lower)
      }
    }
  }

  /// Places on a face (or inside, without one) at which data are looked at: ends included, and
  /// places that symmetric data do not favour.
  func samples(on face: Face?) -> [[Double]] {
    let free = names.count - (face == nil ? 0 : 1)
    if free > 8 { return scattered(on: face) }
    let parts: [Double] =
      switch free {
      case ...1: (0...32).map { Double($0) / 32 }
      case 2: [0, 0.13, 0.37, 0.5, 0.71, 0.94, 1]
      case 3, 4: [0, 0.29, 1]
      default: [0.29, 1]
      }
    var places: [[Double]] = [[]]
    for (index, interval) in problem.variables.enumerated() {
      let length = interval.upper - interval.lower
      var choices = parts.map { $0 == 1 ? interval.upper : interval.lower + $0 * length }
      if let face, face.variable == index { choices = [place(face)] }
      places = places.flatMap { place in choices.map { place + [$0] } }
    }
    return places
  }
}
