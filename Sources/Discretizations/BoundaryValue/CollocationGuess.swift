import Expressions
import Numerics
import Problems

/// Where Newton's iteration starts: `solve.guess`, else lines through the values that conditions give.
struct CollocationGuess: Sendable {
  private let program: Program
  /// Where an unknown's derivatives begin among the outputs.
  private let offsets: [Int]

  /// - Throws: `ProblemFaults` for a guess that cannot be differentiated, `ProgramError`.
  init(_ problem: Problem, _ system: CollocationSystem, parameters: [String]) throws {
    var outputs: [Expression] = []
    var offsets: [Int] = []
    for (unknown, order) in zip(system.unknowns, system.orders) {
      offsets.append(outputs.count)
      var expression =
        problem.solve.guess[unknown] ?? CollocationGuess.line(problem, system, unknown)
      outputs.append(expression)
      for _ in 0..<order {
        do {
          expression = try problem.scope.totalDerivative(of: expression, by: system.variable)
        } catch {
          throw problem.fault(path: "solve.guess.\(unknown)", error.message, error.remedy)
        }
        outputs.append(expression)
      }
    }
    self.offsets = offsets
    program = try Program(
      outputs,
      inputs: Inputs(
        point: [Symbol(system.variable)], parameters: parameters.map { Symbol($0) }))
  }

  /// The line through the values at the ends; the constant where one is given, zero where none is.
  private static func line(
    _ problem: Problem, _ system: CollocationSystem, _ unknown: String
  ) -> Expression {
    var (lower, upper): (Expression?, Expression?)
    let x = Symbol(system.variable)
    let ends = system.interval
    for condition in problem.conditions {
      guard condition.subject == Symbol(unknown), let value = condition.value,
        value.integralDepth == 0
      else { continue }
      func at(_ place: Double) -> Expression { value.substituting([x: .number(place)]) }
      switch condition.location {
      case .face(_, _, let isUpper):
        if isUpper { upper = at(ends.upper) } else { lower = at(ends.lower) }
      case .boundary: (lower, upper) = (at(ends.lower), at(ends.upper))
      default: break
      }
    }
    guard let a = lower ?? upper, let b = upper ?? lower else { return .zero }
    let share = (.symbol(x) - .number(ends.lower)) / .number(ends.upper - ends.lower)
    return a + (b - a) * share
  }

  /// The guess on a mesh.
  func sample(
    _ layout: CollocationLayout, _ basis: CollocationBasis, _ mesh: [Double],
    parameters values: [Double]
  ) -> PiecewisePolynomial {
    let tape = Tape(program)
    let (point, parameters) = (Storage(1), Storage(values))
    let result = Storage(program.outputCount)
    defer { result.keep(point, parameters) }
    return PiecewisePolynomial(layout: layout, basis: basis, mesh: mesh) { unknown, order, x in
      point.vector[0] = x
      tape.evaluate(point.vector, point.vector, parameters.vector, into: result.vector)
      return result.vector[offsets[unknown] + order]
    }
  }
}
