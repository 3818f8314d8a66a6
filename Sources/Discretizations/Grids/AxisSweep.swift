import Numerics

/// One axis's operator on a field of shape [outer][n][inner], with its weights in flat memory.
final class AxisSweep {
  private let n: Int
  private let outer: Int
  private let inner: Int
  private let isDense: Bool
  private let interior: Range<Int>
  private let radius: Int
  /// The interior's weights where they are the same for all rows, and the matrix where it is dense.
  private let weights: Storage
  private let hasStencil: Bool
  /// Weights of graded interior rows, by tap and then row.
  private let taps: Storage
  /// Rows with taps of their own: where they start in `columns` and `entries`.
  private let ownRows: [Int]
  private let starts: [Int]
  private let columns: [Int]
  private let entries: Storage

  init(_ axis: AxisOperator, outer: Int, inner: Int) {
    n = axis.rows.count
    (self.outer, self.inner) = (outer, inner)
    isDense = axis.isDense
    interior = axis.interior
    radius = axis.radius
    hasStencil = axis.stencil != nil
    weights = Storage(isDense ? axis.rows.flatMap(\.weights) : axis.stencil ?? [])
    let own = isDense ? [] : axis.rows.indices.filter { !axis.interior.contains($0) }
    ownRows = own
    starts = own.reduce(into: [0]) { $0.append(($0.last ?? 0) + axis.rows[$1].columns.count) }
    columns = own.flatMap { axis.rows[$0].columns }
    entries = Storage(own.flatMap { axis.rows[$0].weights })
    let graded = isDense || hasStencil ? 0..<0 : axis.interior
    let (inside, width) = (graded.count, 2 * axis.radius + 1)
    taps = Storage(inside * width)
    for row in graded {
      for (tap, weight) in axis.rows[row].weights.enumerated() {
        taps.vector[tap * inside + row - graded.lowerBound] = weight
      }
    }
  }

  /// Sweeps over the whole field.
  func apply(_ field: UnsafeMutablePointer<Double>, into result: UnsafeMutablePointer<Double>) {
    if isDense { return applyDense(field, into: result) }
    if hasStencil {
      // One run over all memory: what it writes where a line ends and the next begins is no
      // derivative, and is written anew below.
      let edge = interior.lowerBound * inner
      let rest = n * inner - interior.upperBound * inner
      let count = outer * n * inner - edge - rest
      if !interior.isEmpty {
        StencilKernel.combine(
          field + edge, result + edge, count, weights.vector.base, radius, inner)
      }
    } else {
      for block in 0..<outer { applyGraded(field + block * n * inner, result + block * n * inner) }
    }
    columns.withUnsafeBufferPointer { columns in
      for index in ownRows.indices {
        let taps = starts[index]..<starts[index + 1]
        let (row, start) = (ownRows[index] * inner, taps.lowerBound)
        if inner == 1 {
          applyOwnLines(row, columns, start, taps.count, field, result)
        } else {
          applyOwnBlocks(row, columns, start, taps.count, field, result)
        }
      }
    }
  }

  /// A row near an end, line after line of contiguous memory.
  private func applyOwnLines(
    _ row: Int, _ columns: UnsafeBufferPointer<Int>, _ start: Int, _ count: Int,
    _ field: UnsafeMutablePointer<Double>, _ result: UnsafeMutablePointer<Double>
  ) {
    let weight = entries.vector.base + start
    for line in 0..<outer {
      let from = field + line * n
      var sum = 0.0
      for tap in 0..<count { sum += weight[tap] * from[columns[start + tap]] }
      result[line * n + row] = sum
    }
  }

  /// A row near an end, as a sum of whole rows of memory.
  private func applyOwnBlocks(
    _ row: Int, _ columns: UnsafeBufferPointer<Int>, _ start: Int, _ count: Int,
    _ field: UnsafeMutablePointer<Double>, _ result: UnsafeMutablePointer<Double>
  ) {
    for block in 0..<outer {
      let out = result + block * n * inner + row
      for j in 0..<inner { out[j] = 0 }
      for tap in start..<start + count {
        let from = field + block * n * inner + columns[tap] * inner
        let weight = entries.vector.base[tap]
        for j in 0..<inner { out[j] += weight * from[j] }
      }
    }
  }

  private func applyGraded(
    _ source: UnsafeMutablePointer<Double>, _ target: UnsafeMutablePointer<Double>
  ) {
    let count = interior.count
    let base = taps.vector.base
    let first = target + interior.lowerBound * inner
    if inner == 1 {
      StencilKernel.combineByRow(
        source + interior.lowerBound, first, count, base, radius)
      return
    }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * radius + 1) { stencil in
      guard let pointer = stencil.baseAddress else { return }
      for row in 0..<count {
        for tap in 0...2 * radius { pointer[tap] = base[tap * count + row] }
        StencilKernel.combine(
          source + (interior.lowerBound + row) * inner, first + row * inner, inner, pointer, radius,
          inner)
      }
    }
  }

  private func applyDense(
    _ field: UnsafeMutablePointer<Double>, into result: UnsafeMutablePointer<Double>
  ) {
    let matrix = weights.vector
    let size = n * inner
    if inner == 1 {
      // Lines are rows of [outer][n]: times the transposed matrix.
      BLAS.multiply(
        Vector(base: field, count: outer * n), matrix, into: Vector(base: result, count: outer * n),
        rows: outer, inner: n, columns: n, transposed: true)
      return
    }
    for block in 0..<outer {
      BLAS.multiply(
        matrix, Vector(base: field + block * size, count: size),
        into: Vector(base: result + block * size, count: size), rows: n, inner: n, columns: inner)
    }
  }
}
