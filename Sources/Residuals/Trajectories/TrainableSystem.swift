import Discretizations
import Expressions
import Networks
import Problems

/// The first-order system M·y' = F(t, y; u, p) of a problem with networks u and estimates among p:
/// what does not change with the parameters, made once and shared by all workers.
public struct TrainableSystem: Sendable {
  public let problem: Problem
  /// The state and its rates; network outputs stand in the rates as leaves.
  public let form: SystemForm
  /// In the order of the problem.
  public let shapes: [NetworkShape]
  /// Names of parameters and estimates, in the order of the programs' inputs.
  let parameterNames: [String]
  let inputs: Inputs
  let applications: [NetworkApplication]
  /// Network outputs, and derivatives of them, in all applications.
  let leafCount: Int
  /// F.
  let rates: Program
  /// Non-zero entries of ∂F/∂y, ∂F/∂u and ∂F/∂estimates, one after the other.
  let slopes: Program
  let stateEntries: [Entry]
  let leafEntries: [Entry]
  let estimateEntries: [Entry]
  /// What goes into the networks, application by application.
  let features: Program
  /// Non-zero entries of their derivatives by y, estimates and t.
  let featureSlopes: Program
  let featureStateEntries: [Entry]
  let featureEstimateEntries: [Entry]
  let featureTimeEntries: [Entry]
  /// ∂F/∂t with u held; absent where F does not depend on t.
  let timeSlopes: Program?
  /// M's entries; they hold parameters alone.
  let mass: Program?

  /// A place of a matrix.
  struct Entry: Sendable, Equatable {
    var row: Int
    var column: Int
  }

  /// n: components of the state.
  public var dimension: Int { form.state.count }

  /// Whether F does not depend on t.
  var isAutonomous: Bool { timeSlopes == nil && featureTimeEntries.isEmpty }

  /// Differentiates and lowers the equations of a problem.
  ///
  /// - Parameter shapes: of its networks, in its order.
  /// - Throws: `ProblemFaults` placed in the file, or the errors of differentiation and lowering.
  public init(_ problem: Problem, _ shapes: [NetworkShape]) throws {
    try self.init(problem, try SystemForm(problem), shapes, NetworkApplication.all(problem))
  }

  /// The same for a system whose form and applications of networks are given.
  init(
    _ problem: Problem, _ form: SystemForm, _ shapes: [NetworkShape],
    _ given: [NetworkApplication.Declared]
  ) throws {
    self.problem = problem
    self.form = form
    self.shapes = shapes
    if form.coupled != nil {
      throw problem.fault(
        path: "equations", "more than three equations share their highest derivatives",
        "solve them for the derivatives by hand: training needs their exact derivatives")
    }
    parameterNames = problem.parameters.map(\.name) + problem.estimates.map(\.name)
    applications = NetworkApplication.place(given, form.rates)
    leafCount = applications.last.map(\.leaves.upperBound) ?? 0
    let leaves = applications.flatMap(\.symbols)
    let t = form.marching
    let forcings = problem.forcings.map { Symbol($0.name) }
    inputs = Inputs(
      point: [Symbol(t)] + forcings + forcings.map { $0.differentiated(by: t) },
      state: form.state + leaves, parameters: parameterNames.map { Symbol($0) })
    rates = try Program(form.rates, inputs: inputs)
    let estimates = problem.estimates.map { Symbol($0.name) }
    let own = try Slopes(form.rates, by: [form.state, leaves, estimates])
    slopes = try Program(own.values, inputs: inputs)
    (stateEntries, leafEntries, estimateEntries) = (own.entries[0], own.entries[1], own.entries[2])
    let inner = applications.flatMap(\.features)
    features = try Program(inner, inputs: inputs)
    let times = try inner.map { try TrainableSystem.slope($0, t, forcings) }
    let outer = try Slopes(inner, by: [form.state, estimates], times: times)
    featureSlopes = try Program(outer.values, inputs: inputs)
    featureStateEntries = outer.entries[0]
    featureEstimateEntries = outer.entries[1]
    featureTimeEntries = outer.entries[2]
    let rest = try form.rates.map { try TrainableSystem.slope($0, t, forcings) }
    timeSlopes = rest.allSatisfy(\.isZero) ? nil : try Program(rest, inputs: inputs)
    mass = form.hasMass ? try Program(form.mass.map(\.value), inputs: inputs) : nil
  }

  /// ∂/∂t with the forcings' own derivatives.
  private static func slope(_ expression: Expression, _ t: String, _ forcings: [Symbol]) throws
    -> Expression
  {
    var sum = try expression.derivative(by: Symbol(t))
    for name in forcings where expression.contains(name) {
      sum =
        sum + (try expression.derivative(by: name)) * .symbol(name.differentiated(by: t))
    }
    return sum
  }

  /// Derivatives of expressions by groups of leaves, those that are not zero.
  private struct Slopes {
    var values: [Expression] = []
    var entries: [[Entry]] = []

    init(_ expressions: [Expression], by groups: [[Symbol]], times: [Expression] = []) throws {
      let leaves = expressions.map(\.symbols)
      for group in groups {
        var places: [Entry] = []
        for (row, expression) in expressions.enumerated() {
          for (column, symbol) in group.enumerated() where leaves[row].contains(symbol) {
            let value = try expression.derivative(by: symbol)
            if value.isZero { continue }
            places.append(Entry(row: row, column: column))
            values.append(value)
          }
        }
        entries.append(places)
      }
      let moving = times.indices.filter { !times[$0].isZero }
      entries.append(moving.map { Entry(row: $0, column: 0) })
      values += moving.map { times[$0] }
    }
  }
}
