import Expressions
import Numerics
import Problems
import Reports
import Residuals

/// How far a learned Hamiltonian moves along a trajectory that should keep it.
///
/// A network of which the equations hold derivatives alone is a potential, of which a constant is
/// free: changes are measured by ½·Σ|xᵢ·∂H/∂xᵢ|, the energy itself where it is quadratic.
final class EnergyDrift {
  /// Outputs that are potentials.
  let names: [String]
  private let table: AlongTrajectories
  private var first: [Double?]
  private var largest: [Double]
  private var scales: [Double]

  /// - Returns: nil where no network is a potential.
  init?(_ model: FittedModel) throws {
    let problem = model.fit.problem
    let leaves = problem.equations.reduce(into: Set<Symbol>()) { $0.formUnion($1.residual.symbols) }
    var names: [String] = []
    var expressions: [Expression] = []
    for (network, piece) in zip(problem.networks, model.fit.layout.networks) {
      let inputs = network.inputs.map(\.expression)
      let values = model.expressions(of: network, piece)
      for (name, value) in zip(network.outputs, values) {
        let used = leaves.filter { $0.name == name }
        guard !used.isEmpty, used.allSatisfy({ $0.order > 0 }) else { continue }
        names.append(name)
        var size = Expression.zero
        for symbol in inputs.compactMap(\.leaf) {
          let part = .symbol(symbol) * (try value.derivative(by: symbol))
          size = size + Expression.select(.logical(.less, part, .zero), .zero - part, part)
        }
        expressions += [value, .number(0.5) * size]
      }
    }
    if names.isEmpty { return nil }
    self.names = names
    table = try AlongTrajectories(model, expressions)
    first = names.map { _ in nil }
    largest = names.map { _ in 0 }
    scales = largest
  }

  /// A new trajectory begins.
  func start() { first = names.map { _ in nil } }

  /// Looks at a row; `numbers` starts with the unknowns.
  func look(_ t: Double, _ numbers: Vector) {
    let values = table.values(t, numbers.array)
    for index in names.indices {
      let (energy, size) = (values[2 * index], values[2 * index + 1])
      largest[index] = max(largest[index], (energy - (first[index] ?? energy)).magnitude)
      scales[index] = max(scales[index], size)
      if first[index] == nil { first[index] = energy }
    }
  }

  /// The largest drift of each potential, and relative to its size.
  var drifts: [(name: String, absolute: Double, relative: Double)] {
    names.indices.map { (names[$0], largest[$0], largest[$0] / max(scales[$0], 1e-300)) }
  }

  /// Says what was found.
  func tell(_ record: inout RunRecord) {
    for drift in drifts {
      record.summary.remarks.append(
        "drift of \(drift.name): \(NumberText.text(drift.relative, digits: 2)) of its size")
    }
    record.summary.more.append(
      (
        "energy_drift",
        .object(
          drifts.map {
            (
              $0.name,
              .object([("absolute", .number($0.absolute)), ("relative", .number($0.relative))])
            )
          })
      ))
  }
}
