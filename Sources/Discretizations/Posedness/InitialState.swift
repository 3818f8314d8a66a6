import Expressions
import Glibc
import Numerics
import Problems

/// What the unknowns and their derivatives are where the marching starts, as far as the conditions
/// say it: the state around which coefficients are frozen.
struct InitialState {
  private let problem: Problem
  private let formulas: [Symbol: Expression]
  private let forcings: [(symbol: Symbol, table: Interpolation)]
  /// Where the marching starts and ends.
  let start: Double
  let end: Double
  /// Conditions stand at the upper end of the marching variable.
  let isBackward: Bool

  /// Collects the initial values, and `exact` or `solve.guess` where an unknown has none.
  init(_ problem: Problem) {
    self.problem = problem
    var formulas: [Symbol: Expression] = [:]
    var isBackward = false
    for row in problem.conditions {
      guard case .face(problem.marching, _, let isUpper) = row.location else { continue }
      isBackward = isUpper
      if let subject = row.subject, let value = row.value { formulas[subject] = value }
    }
    for unknown in problem.allUnknowns where formulas[Symbol(unknown)] == nil {
      formulas[Symbol(unknown)] = problem.exact[unknown] ?? problem.solve.guess[unknown]
    }
    self.formulas = formulas
    self.isBackward = isBackward
    let interval = problem.marching.flatMap { problem.interval($0) }
    start = (isBackward ? interval?.upper : interval?.lower) ?? 0
    end = (isBackward ? interval?.lower : interval?.upper) ?? 0
    forcings = problem.forcings.compactMap { forcing in
      (try? Interpolation(forcing)).map { (Symbol(forcing.name), $0) }
    }
  }

  /// An unknown, or a derivative of one, in the variables and parameters; nil where nothing says it.
  private func formula(for symbol: Symbol) -> Expression? {
    let marching = problem.marching ?? ""
    let time = Array(repeating: marching, count: symbol.order(in: marching))
    guard var expression = formulas[Symbol(symbol.name, time)] else { return nil }
    for variable in symbol.derivatives where variable != marching {
      guard let slope = try? problem.scope.totalDerivative(of: expression, by: variable) else {
        return nil
      }
      expression = slope
    }
    return expression
  }

  /// Formulas for all unknowns and derivatives among the leaves; nil where one is missing.
  func formulas(for leaves: Set<Symbol>) -> [Symbol: Expression]? {
    var found: [Symbol: Expression] = [:]
    let unknowns = Set(problem.allUnknowns)
    for leaf in leaves where unknowns.contains(leaf.name) {
      guard let formula = formula(for: leaf) else { return nil }
      found[leaf] = formula
    }
    return found
  }

  /// Values of parameters, variables and forcings at a place: one number for each space variable.
  func known(at place: [Double], time: Double? = nil) -> [Symbol: Double] {
    var known = problem.parameterValues
    let time = time ?? start
    let space = problem.variables.filter { $0.name != problem.marching }
    for (interval, number) in zip(space, place) { known[Symbol(interval.name)] = number }
    if let marching = problem.marching { known[Symbol(marching)] = time }
    for (symbol, table) in forcings { known[symbol] = table.value(time) }
    return known
  }

  /// Adds the values of formulas to what is known; nil where one has no finite value.
  func values(_ formulas: [Symbol: Expression], _ known: [Symbol: Double]) -> [Symbol: Double]? {
    var all = known
    for (symbol, formula) in formulas {
      guard let value = try? formula.evaluate(known), value.isFinite else { return nil }
      all[symbol] = value
    }
    return all
  }

  /// Whether the leaves are variables, parameters and forcings alone: known at every time.
  func isExplicit(_ leaves: Set<Symbol>) -> Bool {
    let unknowns = Set(problem.allUnknowns)
    return leaves.allSatisfy { !unknowns.contains($0.name) }
  }

  /// A grid of places in the space variables, ends included, some of them held.
  func places(holding held: [String: Double] = [:], atMost limit: Int) -> [[Double]] {
    let space = problem.variables.filter { $0.name != problem.marching }
    let free = space.count { held[$0.name] == nil }
    // 65 places in one variable, 17² in two, 5³ in three.
    let dense = free <= 1 ? 65 : free == 2 ? 17 : 5
    let count = (2...dense).last { pow(Double($0), Double(free)) <= Double(limit) } ?? 2
    var places: [[Double]] = [[]]
    for interval in space {
      let choices =
        held[interval.name].map { [$0] } ?? OutputGrid.count(count).points(on: interval) ?? []
      places = places.flatMap { place in choices.map { place + [$0] } }
    }
    return places
  }

  /// `x = 0.5, t = 0`.
  func text(of place: [Double], time: Double? = nil) -> String {
    let space = problem.variables.filter { $0.name != problem.marching }
    var parts = zip(space, place).map { "\($0.name) = \(ShortNumber.text($1))" }
    if let marching = problem.marching {
      parts.append("\(marching) = \(ShortNumber.text(time ?? start))")
    }
    return parts.joined(separator: ", ")
  }
}

/// Numbers for sentences.
enum ShortNumber {
  /// At most so many significant digits.
  static func text(_ number: Double, digits: Int = 4) -> String {
    guard number != 0, number.isFinite else { return number == 0 ? "0" : "\(number)" }
    var exponent = 0
    var size = number.magnitude
    while size >= 10 {
      size /= 10
      exponent += 1
    }
    while size < 1 {
      size *= 10
      exponent -= 1
    }
    let places = digits - 1 - exponent
    var power = 1.0
    for _ in 0..<places.magnitude { power *= 10 }
    guard power.isFinite else { return "\(number)" }
    let rounded =
      places >= 0 ? (number * power).rounded() / power : (number / power).rounded() * power
    let text = "\(rounded)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
