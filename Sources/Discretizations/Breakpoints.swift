import Expressions
import Numerics
import Problems

/// Where a right-hand side jumps in the marching variable.
public enum Breakpoints {
  /// Parts of the interval that are searched for one sign change each.
  private static let parts = 4096

  /// Declared breakpoints, kinks of the forcings in use, and zeros of switching functions that
  /// depend on the marching variable alone.
  public static func find(_ problem: Problem, _ form: SystemForm, _ known: [Symbol: Double])
    -> [Double]
  {
    find(
      problem, form.rates + (form.coupled.map { $0.matrix + $0.rightSides } ?? []), known,
      along: form.marching)
  }

  /// The same for any expressions of a variable, parameters and unknowns.
  ///
  /// - Parameter variable: the one along which they jump; nil: the marching one.
  static func find(
    _ problem: Problem, _ expressions: [Expression], _ known: [Symbol: Double],
    along variable: String? = nil
  ) -> [Double] {
    guard let name = variable ?? problem.marching, let interval = problem.interval(name) else {
      return []
    }
    let leaves = expressions.reduce(into: Set<Symbol>()) { $0.formUnion($1.symbols) }
    var found = Set(problem.solve.breakpoints)
    for forcing in problem.forcings where leaves.contains(Symbol(forcing.name)) {
      if forcing.interpolation != .cubic { found.formUnion(forcing.times) }
    }
    let t = Symbol(name)
    let switches = Set(expressions.flatMap(\.switchingFunctions)).filter { function in
      let symbols = function.symbols
      return symbols.contains(t) && symbols.allSatisfy { $0 == t || known[$0] != nil }
    }
    for function in switches { found.formUnion(zeros(of: function, t, interval, known)) }
    // A jump at an end counts as well: steps that end there must not see beyond it.
    return found.filter { $0 >= interval.lower && $0 <= interval.upper }.sorted()
  }

  private static func zeros(
    of function: Expression, _ t: Symbol, _ interval: Interval, _ known: [Symbol: Double]
  ) -> [Double] {
    let parameters = known.keys.sorted { $0.name < $1.name }
    // A function that cannot be lowered has no values to change sign.
    guard
      let program = try? Program([function], inputs: Inputs(point: [t], parameters: parameters))
    else { return [] }
    let tape = Tape(program)
    let point = Storage(1)
    let values = Storage(parameters.map { known[$0] ?? 0 })
    let result = Storage(1)
    defer { result.keep(point, values) }
    func value(_ time: Double) -> Double {
      point.vector[0] = time
      tape.evaluate(point.vector, point.vector, values.vector, into: result.vector)
      return result.vector[0]
    }
    var found: [Double] = []
    var left = interval.lower
    var atLeft = value(left)
    if atLeft == 0 { found.append(left) }
    for part in 1...parts {
      let right =
        interval.lower
        + (interval.upper - interval.lower) * Double(part) / Double(parts)
      let atRight = value(right)
      if atRight == 0 {
        found.append(right)
      } else if atLeft != 0, (atLeft < 0) != (atRight < 0) {
        let root = try? Roots.brent(
          from: left, to: right, tolerance: 2 * max(left.magnitude, right.magnitude).ulp, value)
        if let root { found.append(root) }
      }
      left = right
      atLeft = atRight
    }
    return found
  }
}
