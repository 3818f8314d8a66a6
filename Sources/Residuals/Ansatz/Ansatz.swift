import Expressions
import Problems

/// The unknowns as networks that satisfy conditions by construction: u = G + L[N], where G takes the
/// conditions' values and every L[N] satisfies them with zeros.
///
/// G is built face by face (transfinite interpolation), by Hermite polynomials. L multiplies by a
/// factor that vanishes where values are given; where a first derivative alone is given it subtracts
/// φ·C[M], φ = 0 and φ' = 1/c on the face, which is pointwise and one derivative higher.
/// Source: after M. Leake and D. Mortari, Mach. Learn. Knowl. Extr. 2 (2020) 37, without their
/// projections to the faces.
struct Ansatz: Sendable {
  let calculus: FieldCalculus
  /// G by unknown, of the variables and given fields alone.
  private(set) var lifts: [String: Expression] = [:]
  /// L[N] by unknown: linear in the network's leaf and its derivatives.
  private(set) var bearings: [String: Expression] = [:]

  /// Builds in conditions that ``ConditionPlanner`` found fit.
  ///
  /// - Parameter scales: the size of each unknown.
  init(
    _ calculus: FieldCalculus, _ conditions: [FaceCondition], scales: [String: Double]
  ) throws(DifferentiationError) {
    self.calculus = calculus
    for unknown in calculus.problem.allUnknowns {
      let own = conditions.filter { $0.unknown == unknown }
      let scaled: Expression =
        .number(scales[unknown] ?? 1) * .symbol(FieldCalculus.network(unknown))
      lifts[unknown] = try lift(own)
      bearings[unknown] = try bearing(own, of: scaled)
    }
  }

  /// Variables in the order in which their faces are taken: the marching one first, so that walls
  /// whose coefficients change on the way find the initial values there.
  private var order: [Int] {
    let problem = calculus.problem
    return problem.variables.indices.filter { problem.variables[$0].name == problem.marching }
      + problem.variables.indices.filter { problem.variables[$0].name != problem.marching }
  }

  private func lift(_ conditions: [FaceCondition]) throws(DifferentiationError) -> Expression {
    var lift = Expression.zero
    for variable in order {
      let own = conditions.filter { $0.face.variable == variable }
      let basis = basis(variable, own)
      for condition in own.sorted(by: { $0.order < $1.order }) {
        let there = calculus.restricted(
          try condition.applied(to: lift, calculus), to: condition.face)
        let defect = (condition.value - there) / condition.coefficients[condition.order]
        let shape = basis.polynomial(isUpper: condition.face.isUpper, order: condition.order)
        lift = lift + shape * defect
      }
    }
    return lift
  }

  private func bearing(_ conditions: [FaceCondition], of network: Expression)
    throws(DifferentiationError) -> Expression
  {
    var bearing = network
    for variable in order {
      let own = conditions.filter { $0.face.variable == variable }
      let counts = [false, true].map { isUpper in
        let there = own.filter { $0.face.isUpper == isUpper }
        return Ansatz.isSlope(there) ? 0 : there.count
      }
      if counts != [0, 0] {
        bearing = basis(variable, own).bubble(lower: counts[0], upper: counts[1]) * bearing
      }
    }
    for variable in order {
      let own = conditions.filter { $0.face.variable == variable }
      let basis = basis(variable, own)
      var correction = Expression.zero
      for isUpper in [false, true] {
        let there = own.filter { $0.face.isUpper == isUpper }
        guard Ansatz.isSlope(there), let condition = there.first else { continue }
        let shape = basis.polynomial(isUpper: isUpper, order: 1) / condition.coefficients[1]
        correction = correction + shape * (try condition.applied(to: bearing, calculus))
      }
      bearing = bearing - correction
    }
    return bearing
  }

  /// Whether a face has a first derivative, and no value.
  static func isSlope(_ conditions: [FaceCondition]) -> Bool {
    conditions.count == 1 && conditions[0].order == 1
  }

  private func basis(_ variable: Int, _ conditions: [FaceCondition]) -> HermiteBasis {
    func count(_ isUpper: Bool) -> Int {
      conditions.filter { $0.face.isUpper == isUpper }.map { $0.order + 1 }.max() ?? 0
    }
    return HermiteBasis(
      interval: calculus.problem.variables[variable], lower: count(false), upper: count(true))
  }

  /// A leaf of the equations as G's derivative and the coefficients of the network's.
  func terms(of leaf: Symbol) throws(DifferentiationError) -> AnsatzTerms {
    var lift = lifts[leaf.name] ?? .zero
    var bearing = bearings[leaf.name] ?? .symbol(FieldCalculus.network(leaf.name))
    for variable in leaf.derivatives {
      lift = try calculus.derivative(of: lift, by: variable)
      bearing = try calculus.derivative(of: bearing, by: variable)
    }
    var factors: [(index: [Int], factor: Expression)] = []
    for symbol in bearing.symbols where FieldCalculus.isNetwork(symbol) {
      let factor = try bearing.derivative(by: symbol)
      if factor.isZero { continue }
      factors.append((calculus.names.map { symbol.order(in: $0) }, factor))
    }
    // A fixed order, since sets have none.
    factors.sort { $0.index.lexicographicallyPrecedes($1.index) }
    return AnsatzTerms(lift: lift, factors: factors)
  }
}

/// A derivative of an unknown: lift + Σ factor·(a derivative of its network).
struct AnsatzTerms {
  /// Of the variables and given fields alone.
  var lift: Expression
  /// Orders of differentiation by variable, and what multiplies that derivative.
  var factors: [(index: [Int], factor: Expression)]
}
