import Numerics

/// What one worker needs to turn the values at the points of a chunk into residuals of its bundles.
///
/// Not `Sendable`: its worker alone uses it.
final class BundleKit {
  let mixing: Mixing
  private let kit: PointKit
  /// g of one bundle, `[expressions][points]`.
  private let values: Storage
  private let place: Storage
  private let result: Storage
  /// ∂z/∂g of every bundle of a chunk; none where it is the same for all.
  private let matrices: Storage?
  /// Numbers for every expression and point of a chunk, or for a block of ∂z/∂g.
  private let weights: Storage
  /// Rows of J of every point of a chunk, of one expression; made when first asked for.
  private lazy var rows = Storage(kit.capacity * kit.field.layout.count)

  init(_ mixing: Mixing, _ kit: PointKit) {
    self.mixing = mixing
    self.kit = kit
    values = Storage(mixing.width)
    place = Storage(kit.field.dimension)
    result = Storage(mixing.rows)
    let bundles = kit.capacity / mixing.points
    matrices =
      mixing.fixedMatrix == nil ? Storage(bundles * mixing.rows * mixing.width) : nil
    weights = Storage(
      max(mixing.expressions * kit.capacity, mixing.rowsPerBlock * mixing.points))
  }

  private func bundles(_ chunk: PointChunk) -> Int { chunk.count / mixing.points }

  private func gather(_ bundle: Int, _ chunk: PointChunk, _ outputs: [Vector]) {
    let m = mixing.points
    for expression in 0..<mixing.expressions {
      values.vector.slice(expression * m, m).assign(outputs[expression].slice(bundle * m, m))
    }
    for variable in 0..<place.vector.count {
      place.vector[variable] = chunk.points.vector[variable * chunk.count + bundle * m]
    }
  }

  private func matrix(_ bundle: Int) -> Vector {
    let size = mixing.rows * mixing.width
    if let matrices { return matrices.vector.slice(bundle * size, size) }
    return mixing.fixedMatrix ?? result.vector
  }

  /// What a bundle's rows of a block are multiplied by.
  private func scale(_ task: ResidualWorker.Task, _ block: Int, _ bundle: Int) -> Double {
    task.scales[block] * task.chunk.weights.vector[bundle * mixing.points]
  }

  private func store(_ task: ResidualWorker.Task, _ bundle: Int, into residual: Vector) {
    let count = mixing.rowsPerBlock
    for block in 0..<mixing.blocks {
      let (row, scale) = (task.row(block) + bundle * count, scale(task, block, bundle))
      for index in 0..<count {
        residual[row + index] = scale * result.vector[block * count + index]
      }
    }
  }

  /// Writes a chunk's residuals.
  func residual(_ parameters: Vector, _ task: ResidualWorker.Task, into residual: Vector) {
    kit.evaluate(parameters, task.chunk)
    for bundle in 0..<bundles(task.chunk) {
      gather(bundle, task.chunk, task.chunk.valueOutputs)
      mixing.evaluate(values.vector, at: place.vector, into: result.vector)
      store(task, bundle, into: residual)
    }
  }

  /// Linearises a chunk, and writes its residuals where asked for.
  func linearize(_ parameters: Vector, _ task: ResidualWorker.Task, into residual: Vector?) {
    kit.linearize(parameters, task.chunk)
    let isFixed = matrices == nil
    if isFixed, residual == nil { return }
    for bundle in 0..<bundles(task.chunk) {
      gather(bundle, task.chunk, task.chunk.tangentOutputs)
      if isFixed {
        mixing.evaluate(values.vector, at: place.vector, into: result.vector)
      } else {
        mixing.linearize(
          values.vector, at: place.vector, into: result.vector, matrix: matrix(bundle))
      }
      if let residual { store(task, bundle, into: residual) }
    }
  }

  /// Writes the rows of J of one block, bundle after bundle; after ``linearize(_:_:into:)``.
  ///
  /// - Parameter rows: `[bundles·rowsPerBlock][P]`.
  func writeRows(
    _ parameters: Vector, _ task: ResidualWorker.Task, block: Int, into rows: Vector
  ) {
    let (m, count, size) = (mixing.points, mixing.rowsPerBlock, parameters.count)
    for expression in mixing.spans[block] {
      let own = self.rows.vector.slice(0, task.chunk.count * size)
      kit.writeRows(parameters, task.chunk, expression: expression, into: own) { _ in 1 }
      for bundle in 0..<bundles(task.chunk) {
        fillFactors(task, block: block, bundle, expression)
        BLAS.addProduct(
          weights.vector.slice(0, count * m), own.slice(bundle * m * size, m * size),
          to: rows.slice(bundle * count * size, count * size), rows: count, inner: m,
          columns: size, beta: expression == mixing.spans[block].lowerBound ? 0 : 1)
      }
    }
  }

  /// The part of ∂z/∂g of a block and an expression, scaled: `[rowsPerBlock][points]`.
  private func fillFactors(
    _ task: ResidualWorker.Task, block: Int, _ bundle: Int, _ expression: Int
  ) {
    let (m, count, width) = (mixing.points, mixing.rowsPerBlock, mixing.width)
    let (matrix, scale) = (matrix(bundle), scale(task, block, bundle))
    for index in 0..<count {
      let first = (block * count + index) * width + expression * m
      for point in 0..<m { weights.vector[index * m + point] = scale * matrix[first + point] }
    }
  }

  /// Adds Jᵀw of a chunk to a gradient; after ``linearize(_:_:into:)``.
  func addGradient(
    _ parameters: Vector, _ task: ResidualWorker.Task, _ rowWeights: Vector, to gradient: Vector
  ) {
    let (m, count, width, n) = (mixing.points, mixing.rowsPerBlock, mixing.width, task.chunk.count)
    let factors = weights.vector.slice(0, mixing.expressions * n)
    factors.fill(0)
    for bundle in 0..<bundles(task.chunk) {
      let matrix = matrix(bundle)
      for block in 0..<mixing.blocks {
        let scale = scale(task, block, bundle)
        for index in 0..<count {
          let weight = scale * rowWeights[task.row(block) + bundle * count + index]
          let first = (block * count + index) * width
          for expression in mixing.spans[block] {
            for point in 0..<m {
              factors[expression * n + bundle * m + point] +=
                weight * matrix[first + expression * m + point]
            }
          }
        }
      }
    }
    kit.addGradient(parameters, task.chunk, to: gradient) { factors[$0 * n + $1] }
  }

  /// Writes J·v of a chunk; after ``linearize(_:_:into:)``.
  func product(
    _ parameters: Vector, _ direction: Vector, _ task: ResidualWorker.Task, into result: Vector
  ) {
    let (m, count, width, n) = (mixing.points, mixing.rowsPerBlock, mixing.width, task.chunk.count)
    kit.tangent(parameters, direction, task.chunk)
    let changes = weights.vector.slice(0, mixing.expressions * n)
    changes.fill(0)
    for expression in 0..<mixing.expressions {
      kit.addChange(
        task.chunk, direction, expression: expression, to: changes.slice(expression * n, n)
      ) { _ in 1 }
    }
    for bundle in 0..<bundles(task.chunk) {
      let matrix = matrix(bundle)
      for block in 0..<mixing.blocks {
        let scale = scale(task, block, bundle)
        for index in 0..<count {
          let first = (block * count + index) * width
          var sum = 0.0
          for expression in mixing.spans[block] {
            for point in 0..<m {
              sum +=
                matrix[first + expression * m + point]
                * changes[expression * n + bundle * m + point]
            }
          }
          result[task.row(block) + bundle * count + index] = scale * sum
        }
      }
    }
  }
}
