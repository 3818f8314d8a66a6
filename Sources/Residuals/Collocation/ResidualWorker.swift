import Networks
import Numerics

/// One worker's share of the points, and everything it needs to work on them alone.
final class ResidualWorker {
  /// A chunk and where its residuals stand.
  struct Task {
    var group: Int
    var kit: PointKit
    var chunk: PointChunk
    /// The first of its points in the group.
    var start: Int
    /// In r: of the first expression at the first point; the others follow, `pitch` apart.
    var row: Int
    var pitch: Int
    /// What each expression is multiplied by in r.
    var scales: [Double]

    func row(_ expression: Int) -> Int { row + expression * pitch }
  }

  /// Rows of J that are gathered before they are multiplied.
  static let panelRows = 512

  let parameterCount: Int
  var tasks: [Task] = []
  let gradient: Storage
  /// Of JᵀJ, made where this is not the first worker and someone asks for it.
  lazy var square = Storage(parameterCount * parameterCount)
  private let field: NetworkField
  private lazy var panel = Storage(Self.panelRows * parameterCount)
  private let panelWeights = Storage(ResidualWorker.panelRows)
  private var networks: [(jets: JetIndices, capacity: Int, network: JetNetwork)] = []

  init(_ field: NetworkField) {
    self.field = field
    parameterCount = field.shape.parameterCount
    gradient = Storage(field.shape.parameterCount)
  }

  /// Readies a program; programs with the same jets share a network.
  func kit(_ program: PointProgram) -> PointKit {
    let capacity = field.chunkSize(jets: program.jets.count)
    let known = networks.first { $0.jets == program.jets && $0.capacity == capacity }
    let network =
      known?.network ?? JetNetwork(field.shape, program.jets, capacity: capacity)
    if known == nil { networks.append((program.jets, capacity, network)) }
    return PointKit(program, field, network, capacity: capacity)
  }

  // MARK: What it computes

  func residual(_ parameters: Vector, into residual: Vector) {
    for task in tasks {
      task.kit.evaluate(parameters, task.chunk)
      copy(task, from: task.chunk.valueOutputs, into: residual)
    }
  }

  private func copy(_ task: Task, from outputs: [Vector], into residual: Vector) {
    for expression in 0..<task.scales.count {
      let (row, scale) = (task.row(expression), task.scales[expression])
      for point in 0..<task.chunk.count {
        residual[row + point] = scale * outputs[expression][point]
      }
    }
  }

  /// Computes its residuals, and Jᵀr of them into ``gradient``.
  func gradient(_ parameters: Vector, residual: Vector) {
    gradient.vector.fill(0)
    for task in tasks {
      task.kit.linearize(parameters, task.chunk)
      copy(task, from: task.chunk.tangentOutputs, into: residual)
      addGradient(parameters, task, residual)
    }
  }

  private func addGradient(_ parameters: Vector, _ task: Task, _ weights: Vector) {
    task.kit.addGradient(parameters, task.chunk, to: gradient.vector) { expression, point in
      task.scales[expression] * weights[task.row(expression) + point]
    }
  }

  /// Computes its residuals, Jᵀr of them into ``gradient``, and JᵀJ of them, lower triangle.
  func linearize(_ parameters: Vector, residual: Vector, square: Vector) {
    gradient.vector.fill(0)
    var filled = 0
    var isFirst = true
    func flush() {
      BLAS.addSquare(
        ofRows: panel.vector, count: filled, dimension: parameterCount, to: square,
        overwriting: isFirst)
      BLAS.addTransposedProduct(
        ofRows: panel.vector, count: filled, dimension: parameterCount, panelWeights.vector,
        to: gradient.vector)
      filled = 0
      isFirst = false
    }
    for task in tasks {
      task.kit.linearize(parameters, task.chunk)
      copy(task, from: task.chunk.tangentOutputs, into: residual)
      let count = task.chunk.count
      for expression in 0..<task.scales.count {
        if filled + count > Self.panelRows { flush() }
        task.kit.writeRows(
          parameters, task.chunk, expression: expression, weight: task.scales[expression],
          into: panel.vector.slice(filled * parameterCount, count * parameterCount))
        panelWeights.vector.slice(filled, count).assign(
          residual.slice(task.row(expression), count))
        filled += count
      }
    }
    flush()
  }

  func product(_ parameters: Vector, _ direction: Vector, into result: Vector) {
    for task in tasks {
      task.kit.linearize(parameters, task.chunk)
      task.kit.tangent(parameters, direction, task.chunk)
      for expression in 0..<task.scales.count {
        let run = result.slice(task.row(expression), task.chunk.count)
        run.fill(0)
        task.kit.addChange(
          task.chunk, expression: expression, weight: task.scales[expression], to: run)
      }
    }
  }

  /// Computes Jᵀw of its rows into ``gradient``.
  func transposedProduct(_ parameters: Vector, _ weights: Vector) {
    gradient.vector.fill(0)
    for task in tasks {
      task.kit.linearize(parameters, task.chunk)
      addGradient(parameters, task, weights)
    }
  }

  /// Writes those of its rows that lie in a range.
  func rows(_ parameters: Vector, _ range: Range<Int>, into rows: Vector) {
    let size = parameterCount
    for task in tasks {
      let count = task.chunk.count
      var isReady = false
      for expression in 0..<task.scales.count {
        let first = task.row(expression)
        let part = range.clamped(to: first..<(first + count))
        if part.isEmpty { continue }
        if !isReady { task.kit.linearize(parameters, task.chunk) }
        isReady = true
        let all = panel.vector.slice(0, count * size)
        task.kit.writeRows(
          parameters, task.chunk, expression: expression, weight: task.scales[expression],
          into: all)
        rows.slice((part.lowerBound - range.lowerBound) * size, part.count * size).assign(
          all.slice((part.lowerBound - first) * size, part.count * size))
      }
    }
  }
}
