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
    /// In r: of its first residual of the first block; other blocks follow, `pitch` apart.
    var row: Int
    var pitch: Int
    /// What each block is multiplied by in r.
    var scales: [Double]
    /// Where points come in bundles.
    var bundles: BundleKit?

    func row(_ block: Int) -> Int { row + block * pitch }

    /// How many residuals of a block it has.
    var rowCount: Int {
      guard let mixing = bundles?.mixing else { return chunk.count }
      return chunk.count / mixing.points * mixing.rowsPerBlock
    }
  }

  /// Rows of J that are gathered before they are multiplied.
  static let panelRows = 512

  let parameterCount: Int
  var tasks: [Task] = []
  let gradient: Storage
  /// Of JᵀJ, made where this is not the first worker and someone asks for it.
  var square: Storage {
    if let known = madeSquare { return known }
    let made = Storage(parameterCount * parameterCount)
    madeSquare = made
    return made
  }
  private var madeSquare: Storage?
  private let field: NetworkField
  private lazy var panel = Storage(panelRows * parameterCount)
  private lazy var panelWeights = Storage(panelRows)
  /// At least as many as the residuals of any task's block.
  private var panelRows = ResidualWorker.panelRows
  private var networks: [(network: Int, jets: JetIndices, capacity: Int, jet: JetNetwork)] = []

  init(_ field: NetworkField) {
    self.field = field
    parameterCount = field.layout.count
    gradient = Storage(parameterCount)
  }

  /// Readies a program; programs with the same jets share their networks.
  ///
  /// - Parameter bundle: how many points belong together; a chunk holds whole bundles.
  func kit(_ program: PointProgram, bundle: Int = 1) -> PointKit {
    let capacity = max(field.chunkSize(program) / bundle, 1) * bundle
    let own = program.parts.map { part -> JetNetwork in
      let known = networks.first {
        $0.network == part.network && $0.jets == part.jets && $0.capacity == capacity
      }
      if let known { return known.jet }
      let shape = field.layout.networks[part.network].shape
      let made = JetNetwork(shape, part.jets, capacity: capacity)
      networks.append((part.network, part.jets, capacity, made))
      return made
    }
    return PointKit(program, field, own, capacity: capacity)
  }

  /// Adds a chunk to its share.
  func take(_ task: Task) {
    tasks.append(task)
    panelRows = max(panelRows, task.rowCount, task.chunk.count)
  }

  /// Gives back the memory that only steps need.
  func rest() { madeSquare = nil }

  // MARK: What it computes

  func residual(_ parameters: Vector, into residual: Vector) {
    for task in tasks {
      if let bundles = task.bundles {
        bundles.residual(parameters, task, into: residual)
      } else {
        task.kit.evaluate(parameters, task.chunk)
        copy(task, from: task.chunk.valueOutputs, into: residual)
      }
    }
  }

  private func copy(_ task: Task, from outputs: [Vector], into residual: Vector) {
    let weights = task.chunk.weights.vector
    for block in 0..<task.scales.count {
      let (row, scale) = (task.row(block), task.scales[block])
      for point in 0..<task.chunk.count {
        residual[row + point] = scale * weights[point] * outputs[block][point]
      }
    }
  }

  /// Linearises a task, and writes its residuals where asked for.
  func linearize(_ parameters: Vector, _ task: Task, into residual: Vector?) {
    if let bundles = task.bundles {
      bundles.linearize(parameters, task, into: residual)
    } else {
      task.kit.linearize(parameters, task.chunk)
      if let residual { copy(task, from: task.chunk.tangentOutputs, into: residual) }
    }
  }

  /// Writes a task's rows of J of one block; after ``linearize(_:_:into:)``.
  func writeRows(_ parameters: Vector, _ task: Task, block: Int, into rows: Vector) {
    if let bundles = task.bundles {
      bundles.writeRows(parameters, task, block: block, into: rows)
    } else {
      let (scale, weights) = (task.scales[block], task.chunk.weights.vector)
      task.kit.writeRows(parameters, task.chunk, expression: block, into: rows) {
        scale * weights[$0]
      }
    }
  }

  private func addGradient(_ parameters: Vector, _ task: Task, _ rowWeights: Vector) {
    if let bundles = task.bundles {
      return bundles.addGradient(parameters, task, rowWeights, to: gradient.vector)
    }
    let weights = task.chunk.weights.vector
    task.kit.addGradient(parameters, task.chunk, to: gradient.vector) { block, point in
      task.scales[block] * weights[point] * rowWeights[task.row(block) + point]
    }
  }

  /// Computes its residuals, and Jᵀr of them into ``gradient``.
  func gradient(_ parameters: Vector, residual: Vector) {
    gradient.vector.fill(0)
    for task in tasks {
      linearize(parameters, task, into: residual)
      addGradient(parameters, task, residual)
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
      linearize(parameters, task, into: residual)
      let count = task.rowCount
      for block in 0..<task.scales.count {
        if filled + count > panelRows { flush() }
        writeRows(
          parameters, task, block: block,
          into: panel.vector.slice(filled * parameterCount, count * parameterCount))
        panelWeights.vector.slice(filled, count).assign(residual.slice(task.row(block), count))
        filled += count
      }
    }
    flush()
  }

  func product(_ parameters: Vector, _ direction: Vector, into result: Vector) {
    for task in tasks {
      linearize(parameters, task, into: nil)
      if let bundles = task.bundles {
        bundles.product(parameters, direction, task, into: result)
        continue
      }
      task.kit.tangent(parameters, direction, task.chunk)
      let weights = task.chunk.weights.vector
      for block in 0..<task.scales.count {
        let (scale, run) = (task.scales[block], result.slice(task.row(block), task.chunk.count))
        run.fill(0)
        task.kit.addChange(task.chunk, direction, expression: block, to: run) {
          scale * weights[$0]
        }
      }
    }
  }

  /// Computes Jᵀw of its rows into ``gradient``.
  func transposedProduct(_ parameters: Vector, _ weights: Vector) {
    gradient.vector.fill(0)
    for task in tasks {
      linearize(parameters, task, into: nil)
      addGradient(parameters, task, weights)
    }
  }

  /// Writes those of its rows that lie in a range.
  func rows(_ parameters: Vector, _ range: Range<Int>, into rows: Vector) {
    let size = parameterCount
    for task in tasks {
      let count = task.rowCount
      var isReady = false
      for block in 0..<task.scales.count {
        let first = task.row(block)
        let part = range.clamped(to: first..<(first + count))
        if part.isEmpty { continue }
        if !isReady { linearize(parameters, task, into: nil) }
        isReady = true
        let all = panel.vector.slice(0, count * size)
        writeRows(parameters, task, block: block, into: all)
        rows.slice((part.lowerBound - range.lowerBound) * size, part.count * size).assign(
          all.slice((part.lowerBound - first) * size, part.count * size))
      }
    }
  }
}
