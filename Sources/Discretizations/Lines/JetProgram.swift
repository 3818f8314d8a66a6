import Expressions
import Numerics
import Problems

/// Expressions of jets over a set of points that a caller fills: for initial values and samples.
final class JetProgram {
  /// The jets that the expressions read, in the order of ``fields``.
  let jets: [PointwiseSystem.Jet]
  /// One for each jet; `[count]`.
  let fields: [Vector]
  /// One for each further symbol, which the caller fills too; `[count]`.
  let symbolFields: [Vector]
  /// One for each expression; `[count]`.
  let results: [Vector]
  private let points: PointSet
  private let tape: PointTape
  private let storage: Storage
  private let output: Storage

  /// Lowers expressions of the variables, forcings, parameters and jets.
  ///
  /// - Parameters:
  ///   - coordinates: of the points, `[space][count]`.
  ///   - more: symbols of integrals in the expressions.
  /// - Throws: `ProgramError` for a leaf that is none of these.
  init(
    _ expressions: [Expression], _ system: PointwiseSystem, coordinates: [[Double]],
    parameters: [Double], symbols more: [Symbol] = []
  ) throws {
    let leaves = expressions.reduce(into: Set<Symbol>()) { $0.formUnion($1.symbols) }
    let names = Set(system.problem.allUnknowns)
    let symbols = leaves.filter { names.contains($0.name) && system.jet($0) != nil }
      .sorted { ($0.order, $0.description) < ($1.order, $1.description) }
    jets = symbols.compactMap(system.jet)
    let inputs = Inputs(
      point: system.inputs.point, state: symbols + more, parameters: system.inputs.parameters)
    let program = try Program(expressions, inputs: inputs)
    let count = coordinates.first?.count ?? 0
    points = try PointSet(
      system, count: count, coordinates: coordinates, parameters: parameters,
      jets: jets.count + more.count)
    tape = PointTape(program)
    storage = Storage((jets.count + more.count) * count)
    output = Storage(expressions.count * count)
    let all = (0..<jets.count + more.count).map { [storage] in
      storage.vector.slice($0 * count, count)
    }
    fields = Array(all.prefix(jets.count))
    symbolFields = Array(all.dropFirst(jets.count))
    results = expressions.indices.map { [output] in output.vector.slice($0 * count, count) }
    for (index, field) in all.enumerated() { points.setJet(index, field) }
  }

  /// Evaluates all expressions at all points.
  func evaluate(_ t: Double) {
    points.move(to: t)
    tape(points, into: output.vector)
  }
}
