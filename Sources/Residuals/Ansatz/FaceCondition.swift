import Expressions
import Problems

/// One end of a variable's interval.
struct Face: Hashable, Sendable {
  var variable: Int
  var isUpper: Bool
}

/// A condition on one face that is linear in one unknown and its derivatives along the normal:
/// Σ cₚ·∂ᵖu = g.
struct FaceCondition: Sendable {
  /// Which of the problem's conditions.
  var row: Int
  var unknown: String
  var face: Face
  /// Of the derivatives along the normal, by order; on the face, of its coordinates alone.
  var coefficients: [Expression]
  /// On the face, of its coordinates alone.
  var value: Expression

  /// The highest derivative.
  var order: Int { coefficients.count - 1 }

  /// The condition's operator, applied to a function of all variables.
  func applied(to field: Expression, _ terms: FieldCalculus) throws(DifferentiationError)
    -> Expression
  {
    let name = terms.problem.variables[face.variable].name
    var sum = Expression.zero
    var slope = field
    for (order, coefficient) in coefficients.enumerated() {
      if order > 0 { slope = try terms.derivative(of: slope, by: name) }
      sum = sum + coefficient * slope
    }
    return sum
  }
}

/// Why a condition cannot be built in; a clause that starts with `it`.
struct NotLinear: Error {
  var reason: String
}

extension FaceCondition {
  /// Reads a condition, one entry for each face on which it holds.
  ///
  /// - Throws: ``NotLinear`` where it is of another form.
  static func read(_ row: Int, _ terms: FieldCalculus) throws(NotLinear) -> [FaceCondition] {
    let condition = terms.problem.conditions[row]
    guard let left = condition.condition.left, let right = condition.condition.right else {
      throw NotLinear(reason: "it has no value of its own")
    }
    let residual = terms.constant(left - right)
    guard residual.integralDepth == 0 else { throw NotLinear(reason: "it holds an integral") }
    switch condition.location {
    case .point: throw NotLinear(reason: "it holds at one point")
    case .periodic: throw NotLinear(reason: "it has no face")
    case .face(let variable, _, let isUpper):
      guard let index = terms.problem.variables.firstIndex(where: { $0.name == variable }) else {
        throw NotLinear(reason: "it has no face")
      }
      return [try read(row, residual, Face(variable: index, isUpper: isUpper), terms)]
    case .boundary:
      var found: [FaceCondition] = []
      for face in terms.walls { found.append(try read(row, residual, face, terms)) }
      return found
    }
  }

  private static func read(
    _ row: Int, _ residual: Expression, _ face: Face, _ terms: FieldCalculus
  ) throws(NotLinear) -> FaceCondition {
    let interval = terms.problem.variables[face.variable]
    let leaves = residual.symbols.filter { terms.unknowns.contains($0.name) }
    let names = Set(leaves.map(\.name))
    guard let unknown = names.first else { throw NotLinear(reason: "it has no unknown") }
    guard names.count == 1 else {
      throw NotLinear(reason: "it couples \(names.sorted().joined(separator: " and "))")
    }
    guard leaves.allSatisfy({ $0.derivatives.allSatisfy { $0 == interval.name } }) else {
      throw NotLinear(reason: "it speaks of derivatives along the face")
    }
    guard !residual.symbols.contains(where: { terms.forcings.contains($0.name) }) else {
      throw NotLinear(reason: "it depends on a forcing")
    }
    guard
      !residual.symbols.contains(where: {
        terms.estimates.contains($0.name)
          || terms.fields.contains($0.name) && !terms.unknowns.contains($0.name)
      })
    else { throw NotLinear(reason: "it holds what is to be found beside the unknowns") }
    let end = terms.end(face)
    var coefficients: [Expression] = []
    for order in 0...(leaves.map(\.order).max() ?? 0) {
      let leaf = Symbol(unknown, Array(repeating: interval.name, count: order))
      guard let slope = try? residual.derivative(by: leaf),
        slope.symbols.isDisjoint(with: leaves)
      else { throw NotLinear(reason: "it is nonlinear in \(unknown)") }
      coefficients.append(slope.substituting(end))
    }
    let rest = residual.substituting(Dictionary(uniqueKeysWithValues: leaves.map { ($0, .zero) }))
    let value = -rest.substituting(end)
    guard value.switchingFunctions.isEmpty,
      coefficients.allSatisfy({ $0.switchingFunctions.isEmpty })
    else { throw NotLinear(reason: "it has kinks or jumps, which derivatives do not see") }
    return FaceCondition(
      row: row, unknown: unknown, face: face, coefficients: coefficients, value: value)
  }
}
