import Discretizations
import Expressions
import Networks
import Problems

/// An evolution equation as a first-order system of its values at the nodes of a grid: the method
/// of lines, as expressions.
///
/// Component `u[3]` is u at node 3. Values that a boundary condition gives stay components: their
/// rates are the condition's derivative by the marching variable, and they start on it.
public struct LinesForm: Sendable {
  public let problem: Problem
  public let grid: LinesGrid
  /// The system of the fields: states and rates with derivatives by the space variable.
  public let fields: SystemForm
  /// The system of the nodes, state by state: component k·(nodes) + i is state k at node i.
  public let form: SystemForm
  /// Networks at the nodes where the rates need them.
  let applications: [NetworkApplication.Declared]
  /// Where each component starts: of the marching variable, parameters and estimates.
  let starts: [Expression]

  /// The largest number of components: matrices are dense.
  public static let mostComponents = 400

  /// Writes a problem out on the nodes that `solve.grid` declares, or on ``LinesGrid/standard``.
  ///
  /// - Throws: `ProblemFaults` where the problem is none of these lines.
  public init(_ problem: Problem) throws { try self.init(problem, points: nil) }

  /// The same with a number of nodes of its own.
  public init(_ problem: Problem, points: Int?) throws {
    try LinesForm.refuse(problem)
    self.problem = problem
    fields = try SystemForm(problem)
    grid = try LinesForm.grid(problem, states: fields.state.count, points: points)
    if fields.hasMass || fields.coupled != nil {
      throw problem.fault(
        path: "train.unknowns",
        "the equations do not give the derivative of every unknown by \(fields.marching)",
        "write one equation for each, or set train.unknowns: network")
    }
    let nodes = LinesNodes(problem, grid, fields)
    var builder = try LinesBuilder(nodes)
    let (rates, starts) = try builder.build()
    form = SystemForm(state: nodes.state, rates: rates, marching: fields.marching)
    self.starts = starts
    applications = try LinesForm.applications(nodes, rates)
  }

  /// An expression of the problem at a node, in the components; nil where it holds what has no
  /// value there.
  public func expression(_ expression: Expression, at node: Int) -> Expression? {
    LinesNodes(problem, grid, fields).at(node, expression)
  }

  // MARK: Parts

  private static func grid(_ problem: Problem, states: Int, points: Int?) throws -> LinesGrid {
    let variable = problem.variables.first { $0.name != problem.marching }
    guard let variable else { preconditionFailure("lines without a space variable") }
    let declared = problem.solve.grid?[variable.name]
    if declared?.grading != nil {
      throw problem.fault(
        path: "solve.grid", "training by lines takes equally spaced nodes", "write their number")
    }
    let count = points ?? declared?.points ?? LinesGrid.standard
    guard count >= LinesGrid.fewest, count * states <= mostComponents else {
      throw problem.fault(
        path: "solve.grid.\(variable.name)",
        "training by lines takes \(LinesGrid.fewest) nodes or more, and at most "
          + "\(mostComponents) values on them, not \(count * states)",
        "write between \(LinesGrid.fewest) and \(mostComponents / states) points")
    }
    return LinesGrid(
      variable, points: count, isPeriodic: problem.periodicVariables.contains(variable.name))
  }

  /// A network at every node where a rate holds an output of it.
  private static func applications(_ nodes: LinesNodes, _ rates: [Expression]) throws
    -> [NetworkApplication.Declared]
  {
    let used = Set(rates.flatMap { $0.symbols.map(\.name) })
    var found: [NetworkApplication.Declared] = []
    for (index, network) in nodes.problem.networks.enumerated() {
      for node in nodes.grid.nodes.indices {
        let outputs = network.outputs.map { LinesNodes.name($0, node) }
        guard outputs.contains(where: used.contains) else { continue }
        let features = try network.inputs.map { input in
          guard let value = nodes.at(node, input.expression) else {
            throw nodes.problem.fault(
              path: "networks.\(network.name).inputs",
              "the input '\(input.text)' has no value at a node",
              "use unknowns, their derivatives in \(nodes.grid.variable), variables and parameters")
          }
          return value
        }
        found.append(
          NetworkApplication.Declared(
            network: index, features: features,
            names: network.inputs.map { $0.expression.leaf.map(\.description) },
            outputs: outputs))
      }
    }
    return found
  }

  // MARK: Refusals

  /// Refuses what is not written out on lines, placed.
  private static func refuse(_ problem: Problem) throws {
    guard problem.kind == .evolution, let t = problem.marching else {
      throw problem.fault(
        path: "train.unknowns", "lines need a variable that marches",
        "set train.unknowns: network")
    }
    guard problem.variables.count == 2 else {
      throw problem.fault(
        path: "variables",
        "training by lines has one space variable, and here are \(problem.variables.count - 1)",
        "set train.unknowns: network")
    }
    for equation in problem.equations {
      if equation.residual.integralDepth > 0 || !equation.residual.placedSymbols.isEmpty {
        throw problem.fault(
          equation.source, "training by lines has no integrals, nor values at other places",
          "remove them, or set train.unknowns: network")
      }
      let mixed = equation.residual.symbols.first { symbol in
        guard problem.allUnknowns.contains(symbol.name) else { return false }
        let order = symbol.order(in: t)
        return order >= problem.order(of: symbol.name, in: t) && symbol.order > order
      }
      if let mixed {
        throw problem.fault(
          equation.source, "\(mixed) is a derivative in space of the highest one by \(t)",
          "set train.unknowns: network")
      }
    }
  }
}
