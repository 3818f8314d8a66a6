import Expressions
import Numerics
import Problems

/// A partial differential equation as functions of one point: what lines make of a problem file.
///
/// The reader has expanded every derivative, so that rates are functions of the place and of *jets*:
/// the components and their space derivatives at one point. Where a variable marches, components are
/// those of ``SystemForm`` (`u`, and `u_t` for second order in time); else they are the unknowns and
/// "rates" are residuals, left − right.
public struct PointwiseSystem: Sendable {
  /// A field of the state.
  public struct Component: Sendable, Hashable {
    /// `u`, or `u_t` where the equation is of second order in time.
    public var symbol: Symbol
    /// The place of its unknown in `problem.allUnknowns`.
    public var unknown: Int
    /// How often the unknown is differentiated by the marching variable.
    public var timeOrder: Int
  }

  /// A space derivative of a component, or the component itself.
  public struct Jet: Sendable, Hashable {
    public var component: Int
    /// The order in each space variable.
    public var orders: [Int]

    /// Whether it is the component itself.
    public var isValue: Bool { orders.allSatisfy { $0 == 0 } }
  }

  /// A rate differentiated by a jet or a nonlocal symbol.
  struct Partial: Sendable {
    var component: Int
    /// The place in ``jets``; beyond them the nonlocal symbols.
    var jet: Int
    var value: Expression
  }

  public let problem: Problem
  /// Nil for elliptic problems.
  public let marching: String?
  /// The variables that do not march, in declared order.
  public let space: [Interval]
  public let components: [Component]
  /// Every jet that a rate or a condition reads; the first ones are the components themselves.
  public let jets: [Jet]
  /// What each rate is, or each residual.
  public let rates: [Expression]
  /// Whether any component has no time derivative, so that the mass matrix is singular.
  public var hasMass: Bool { mass != nil }
  /// M at a point: `[components][components]`; nil for the identity.
  public let mass: [[Double]]?
  /// The conditions in space, each with the row that it takes.
  public let conditions: [PointwiseCondition]
  /// What each highest time derivative is, where a formula says it.
  public let derivatives: [Symbol: Expression]
  /// Names of parameters and estimates, in the order of the programs' inputs.
  public let parameterNames: [String]
  let nonlocal: (any NonlocalSource)?
  let inputs: Inputs
  let rateProgram: Program
  let partials: [Partial]
  let partialProgram: Program
  /// ∂f/∂t; nil where no rate depends on the marching variable.
  let slopeProgram: Program?

  /// Whether the rates are linear in the jets, with coefficients that the marching variable does
  /// not change: their Jacobian is then constant.
  public let isLinear: Bool

  /// Reads the equations and conditions, differentiates and lowers.
  ///
  /// - Parameter nonlocal: what replaces integrals by symbols; nil: ``GridIntegralSource``.
  /// - Throws: `ProblemFaults` placed in the file, `DifferentiationError` or `ProgramError`.
  public init(_ problem: Problem, nonlocal: (any NonlocalSource)? = nil) throws {
    let nonlocal: (any NonlocalSource)? = try nonlocal ?? GridIntegralSource(problem)
    var reduced = try PointwiseReduction(problem, nonlocal)
    let conditions = try ConditionAssignment.rows(of: &reduced)
    self.problem = problem
    self.nonlocal = nonlocal
    marching = problem.marching
    space = reduced.space
    components = reduced.components
    rates = reduced.rates
    mass = reduced.mass
    derivatives = reduced.derivatives
    jets = reduced.jets
    parameterNames = problem.parameterNames
    let names = problem.forcings.map { Symbol($0.name) }
    let time = problem.marching.map { [Symbol($0)] } ?? []
    let slopes = problem.marching.map { t in names.map { $0.differentiated(by: t) } } ?? []
    let symbols = reduced.jets.map { reduced.symbol($0) } + (nonlocal?.symbols ?? [])
    let inputs = Inputs(
      point: time + reduced.space.map { Symbol($0.name) } + names + slopes, state: symbols,
      parameters: parameterNames.map { Symbol($0) })
    self.inputs = inputs
    self.conditions = try conditions.map { try PointwiseCondition($0, reduced, inputs) }
    rateProgram = try Program(rates, inputs: inputs)
    let partials = try PointwiseSystem.partials(rates, symbols)
    self.partials = partials
    partialProgram = try Program(partials.map(\.value), inputs: inputs)
    let drifts = try rates.map { try reduced.slope($0) }
    slopeProgram = drifts.allSatisfy(\.isZero) ? nil : try Program(drifts, inputs: inputs)
    let moving = Set(symbols + time + names)
    isLinear = partials.allSatisfy { $0.value.symbols.isDisjoint(with: moving) }
  }

  private static func partials(_ rates: [Expression], _ symbols: [Symbol]) throws -> [Partial] {
    var partials: [Partial] = []
    for (component, rate) in rates.enumerated() {
      let leaves = rate.symbols
      for (jet, symbol) in symbols.enumerated() where leaves.contains(symbol) {
        let value = try rate.derivative(by: symbol)
        if !value.isZero { partials.append(Partial(component: component, jet: jet, value: value)) }
      }
    }
    return partials
  }

  /// The highest order to which each component is differentiated along an axis, in any equation.
  public func highestOrders(_ axis: Int) -> [Int] {
    components.indices.map { component in
      jets.filter { $0.component == component }.map { $0.orders[axis] }.max() ?? 0
    }
  }

  /// The jet that a leaf is; nil if it is no unknown's, or a highest time derivative.
  func jet(_ symbol: Symbol) -> Jet? {
    let time = marching.map { symbol.order(in: $0) } ?? 0
    guard
      let component = components.firstIndex(where: {
        $0.symbol.name == symbol.name && $0.timeOrder == time
      })
    else { return nil }
    return Jet(component: component, orders: space.map { symbol.order(in: $0.name) })
  }

  /// Writes highest time derivatives, and space derivatives of them, as the rates that they are.
  func withoutHighestDerivatives(_ expression: Expression) throws -> Expression {
    guard let marching else { return expression }
    var replacements: [Symbol: Expression] = [:]
    let names = Set(problem.allUnknowns)
    for symbol in expression.symbols where names.contains(symbol.name) && jet(symbol) == nil {
      let time = [String](repeating: marching, count: symbol.order(in: marching))
      guard var value = derivatives[Symbol(symbol.name, time)] else { continue }
      for variable in symbol.derivatives where variable != marching {
        value = try value.totalDerivative(by: variable, variables: problem.variables.map(\.name)) {
          names.contains($0)
        }
      }
      replacements[symbol] = value
    }
    return expression.substituting(replacements)
  }

  /// Values of all parameters with some replaced; parameters defined by them follow.
  ///
  /// - Throws: `EvaluationError` where a definition has no value.
  public func parameters(replacing new: [String: Double] = [:]) throws -> [Double] {
    try problem.parameters(replacing: new)
  }
}
