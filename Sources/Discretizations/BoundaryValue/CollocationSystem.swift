import Expressions
import Numerics
import Problems

/// Equations and conditions of a problem in one variable, as collocation needs them: of any order,
/// implicit in the highest derivatives or not, algebraic ones among them, with integrals split off.
///
/// No reduction to first order, and no variable that marches.
struct CollocationSystem: Sendable {
  let variable: String
  let interval: Interval
  let unknowns: [String]
  let orders: [Int]
  let environment: CollocationEnvironment
  let equations: PointEquations
  /// Conditions at the lower end, and at the upper end.
  let lower: PointEquations
  let upper: PointEquations
  let isPeriodic: Bool
  let integrals: [CompiledIntegral]
  let forcings: [Interpolation]

  /// Whether integrals tie all intervals together.
  var isNonlocal: Bool { !integrals.isEmpty }

  /// Splits, differentiates and lowers.
  ///
  /// - Throws: `ProblemFaults` placed in the file.
  init(_ problem: Problem) throws {
    let interval = problem.variables[0]
    self.interval = interval
    variable = interval.name
    unknowns = problem.allUnknowns
    orders = problem.allUnknowns.map { problem.order(of: $0, in: interval.name) }
    let conditions = try EndConditions(problem, unknowns, orders)
    isPeriodic = conditions.isPeriodic
    var jets: [Symbol] = []
    for (unknown, order) in zip(unknowns, orders) {
      for d in 0...order {
        jets.append(Symbol(unknown, Array(repeating: interval.name, count: d)))
      }
    }
    let forcingNames = problem.forcings.map(\.name)
    forcings = try problem.forcings.map { try Interpolation($0) }
    let all =
      problem.equations.map(\.residual) + conditions.lower.map(\.residual)
      + conditions.upper.map(\.residual)
    let split = NonlocalExpression.split(
      all, variables: [interval.name], dependents: unknowns + forcingNames)
    let (terms, places) = NonlocalExpression.joined(split)
    let sources =
      problem.equations.map(\.source) + conditions.lower.map(\.source)
      + conditions.upper.map(\.source)
    if !places.isEmpty, let index = split.firstIndex(where: { !$0.places.isEmpty }) {
      throw problem.fault(
        sources[index], "the unknown stands at another place outside of an integral",
        "write the derivative of the integral out")
    }
    let parameters = problem.parameterNames
    environment = CollocationEnvironment(
      variable: interval.name, forcings: forcingNames, terms: terms, jets: jets,
      parameters: parameters)
    let context = CollocationContext(
      environment: environment, unknowns: unknowns, jets: jets, forcings: forcingNames,
      constants: Set(parameters.map { Symbol($0) }), bound: CollocationSystem.bound(terms))
    let compiled = try CollocationSystem.compile(terms, context, problem, split, sources)
    integrals = compiled
    let needs = CollocationSystem.needs(terms)
    let locals = split.map(\.local)
    let inputs = environment.inputs
    func lowered(_ range: Range<Int>) throws -> PointEquations {
      do {
        return try PointEquations(
          Array(locals[range]), inputs: inputs, integrals: terms.map(\.symbol), needs: needs)
      } catch let error as DifferentiationError {
        throw problem.fault(
          CollocationSystem.source(of: error, locals, range, sources, jets), error.message,
          error.remedy)
      }
    }
    let (e, l) = (problem.equations.count, conditions.lower.count)
    equations = try lowered(0..<e)
    lower = try lowered(e..<e + l)
    upper = try lowered(e + l..<locals.count)
  }

  /// The first text whose partial derivatives cannot be written.
  private static func source(
    of error: DifferentiationError, _ locals: [Expression], _ range: Range<Int>,
    _ sources: [PlacedText], _ jets: [Symbol]
  ) -> PlacedText {
    let culprit = range.first { index in
      jets.contains { jet in
        do { return try locals[index].derivative(by: jet).isZero && false } catch { return true }
      }
    }
    return sources[culprit ?? range.lowerBound]
  }

  private static func bound(_ terms: [IntegralTerm]) -> Set<Symbol> {
    terms.reduce(into: []) { found, term in
      found.insert(term.bound)
      found.formUnion(bound(term.inner))
    }
  }

  /// For each outermost integral the earlier ones that it uses.
  private static func needs(_ terms: [IntegralTerm]) -> [Set<Int>] {
    var needs: [Set<Int>] = []
    for term in terms {
      let context = term.context
      var own: Set<Int> = []
      for (index, other) in terms.prefix(needs.count).enumerated()
      where context.contains(other.symbol) {
        own.formUnion(needs[index].union([index]))
      }
      needs.append(own)
    }
    return needs
  }

  private static func compile(
    _ terms: [IntegralTerm], _ context: CollocationContext, _ problem: Problem,
    _ split: [NonlocalExpression], _ sources: [PlacedText]
  ) throws -> [CompiledIntegral] {
    var indices: [Symbol: Int] = [:]
    var constants: Set<Symbol> = []
    return try terms.map { term in
      func fault(_ message: String, _ remedy: String) -> any Error {
        let place = split.firstIndex { $0.terms.contains { $0.symbol == term.symbol } } ?? 0
        return problem.fault(sources[place], message, remedy)
      }
      do {
        return try CompiledIntegral(term, context, indices: &indices, constants: &constants)
      } catch let error as IntegralFault {
        throw fault(error.message, error.remedy)
      } catch let error as DifferentiationError {
        throw fault(error.message, error.remedy)
      }
    }
  }
}

/// The conditions of a problem in one variable, by the end at which they hold.
struct EndConditions {
  struct Row {
    let residual: Expression
    let source: PlacedText
  }

  private(set) var lower: [Row] = []
  private(set) var upper: [Row] = []
  private(set) var isPeriodic = false

  /// - Throws: `ProblemFaults` where there are not as many as the total order.
  init(_ problem: Problem, _ unknowns: [String], _ orders: [Int]) throws {
    let differential = Set(zip(unknowns, orders).filter { $0.1 > 0 }.map(\.0))
    for condition in problem.conditions {
      if case .periodic = condition.location { isPeriodic = true }
      guard let left = condition.condition.left else { continue }
      guard let right = condition.condition.right else {
        throw problem.fault(
          condition.source, "'data' gives no value here", "write the value of the unknown")
      }
      let residual = left - right
      let names = residual.symbols.union(residual.placedSymbols).map(\.name)
      // A value of an algebraic unknown alone is a start for iterations, not an equation.
      guard names.contains(where: differential.contains) else { continue }
      let row = Row(residual: residual, source: condition.source)
      switch condition.location {
      case .face(_, _, let isUpper):
        if isUpper { upper.append(row) } else { lower.append(row) }
      case .boundary:
        lower.append(row)
        upper.append(row)
      default: break
      }
    }
    // Periodicity says everything; the reader refuses other conditions beside it.
    if isPeriodic { (lower, upper) = ([], []) }
    let total = isPeriodic ? 0 : orders.reduce(0, +)
    let count = lower.count + upper.count
    guard count == total else {
      throw problem.fault(
        (lower + upper).last?.source ?? problem.equations[0].source,
        "\(count) conditions for equations of total order \(total)",
        count < total ? "add \(total - count)" : "remove \(count - total)")
    }
  }
}
