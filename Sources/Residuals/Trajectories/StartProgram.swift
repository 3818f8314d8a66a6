import Expressions
import Numerics
import Problems

/// Initial values that conditions give, and their derivatives by the estimates.
final class StartProgram {
  private let tape: Tape
  private let point: Storage
  private let state: Storage
  private let out: Storage
  private let slopeEntries: [TrainableSystem.Entry]
  private let data: TrajectoryData
  private let dimension: Int

  init(_ system: TrainableSystem, _ data: TrajectoryData) throws {
    self.data = data
    dimension = system.dimension
    let values = data.series.first?.starts.map { start in
      if case .value(let expression) = start { expression } else { Expression.zero }
    }
    let given = values ?? []
    var slopes: [Expression] = []
    var entries: [TrainableSystem.Entry] = []
    for (row, value) in given.enumerated() {
      for (column, estimate) in system.problem.estimates.enumerated() {
        let symbol = Symbol(estimate.name)
        guard value.contains(symbol) else { continue }
        entries.append(TrainableSystem.Entry(row: row, column: column))
        slopes.append(try value.derivative(by: symbol))
      }
    }
    slopeEntries = entries
    tape = Tape(try Program(given + slopes, inputs: system.inputs))
    point = Storage(system.inputs.point.count)
    state = Storage(system.inputs.state.count)
    out = Storage(given.count + slopes.count)
  }

  private func evaluate(_ segment: ShootingLayout.Segment, _ field: TrainableField) {
    point.vector[0] = segment.start
    let parameters = Storage(field.parameterValues)
    defer { parameters.keep() }
    tape.evaluate(point.vector, state.vector, parameters.vector, into: out.vector)
  }

  /// The values of a segment's first state; zero where it is sought.
  func values(_ segment: ShootingLayout.Segment, _ field: TrainableField) -> [Double] {
    evaluate(segment, field)
    return data.series[segment.series].starts.enumerated().map { place, start in
      switch start {
      case .value: out.vector[place]
      case .measured(let number): number
      case .free: 0
      }
    }
  }

  /// Tells ∂y₀/∂(free numbers) by component and estimate, after ``values(_:_:)`` of the segment.
  func slopes(
    _ segment: ShootingLayout.Segment, _ field: TrainableField,
    _ body: (_ row: Int, _ column: Int, _ slope: Double) -> Void
  ) {
    guard segment.isFirst, !slopeEntries.isEmpty else { return }
    let scales = field.estimateSlopes
    for (k, entry) in slopeEntries.enumerated() {
      guard case .value = data.series[segment.series].starts[entry.row] else { continue }
      body(entry.row, entry.column, out.vector[dimension + k] * scales[entry.column])
    }
  }
}
