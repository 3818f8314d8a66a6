import Numerics

extension ErrorSystem {
  /// The values of a leaf of the correction, or of its last step; `points`: flat.
  func correction(_ leaf: Leaf, at points: [Double], isLastStep: Bool = false) -> [Double] {
    let coefficients = isLastStep ? lastStep : coefficients
    let first = space.offsets[leaf.unknown]
    return stride(from: 0, to: points.count, by: space.dimension).map { start in
      let functions = space.functions(leaf, at: points[start..<(start + space.dimension)])
      var sum = 0.0
      for (index, value) in functions.enumerated() { sum += coefficients[first + index] * value }
      return sum
    }
  }

  /// What the correction leaves of the equations and conditions, at most, about each row's point.
  ///
  /// Also how large it is at most, by block. Moves the parts' tables.
  func leftoverSizes(_ parts: [DefectTable]) throws(NoBound) -> (rows: [Double], blocks: [Double]) {
    var sizes = blocks.flatMap { $0.table.residual.map(\.magnitude) }
    for (part, block) in zip(parts, blocks) {
      try part.move { correction($0, at: part.points) }
      for (index, value) in part.residual.enumerated() {
        let at = part.points[(index * space.dimension)..<((index + 1) * space.dimension)]
        let row = block.first + block.points.nearest(to: at)
        sizes[row] = max(sizes[row], value.magnitude)
      }
    }
    return (sizes, blocks.map { block in sizes[block.rows].max() ?? 0 })
  }

  /// How far a leaf moves at a point where the equations and conditions move.
  struct Influence {
    /// Where each row's data move by up to its size: Σ|G|·size.
    var ofSizes = 0.0
    /// Where a block's data move by up to 1: ∫|G|, by block.
    var ofBlocks: [Double] = []
  }

  /// The influence on a leaf by the magnitude of Green's function G, by point.
  ///
  /// G is that of the least squares: a row of the pseudo-inverse for each point.
  func influence(on leaf: Leaf, at points: [Double], sizes: [Double]) -> [Influence] {
    let count = points.count / space.dimension
    let (left, product) = (Storage(count * space.count), Storage(count * rowCount))
    defer { left.keep(product) }
    for point in 0..<count {
      let row = left.vector.slice(point * space.count, space.count)
      let at = points[(point * space.dimension)..<((point + 1) * space.dimension)]
      space.add([(leaf, 1)], at: at, to: row)
      for column in 0..<space.count { row[column] *= columnScales[column] }
      normal.solve(row)
    }
    BLAS.addProduct(
      left.vector, matrix.vector, to: product.vector, rows: count, inner: space.count,
      columns: rowCount, rightTransposed: true, beta: 0)
    return (0..<count).map { point in
      var influence = Influence()
      for block in blocks {
        var sum = 0.0
        for row in block.rows {
          let green =
            product.vector[point * rowCount + row].magnitude * block.scales[row - block.first]
          sum += green
          influence.ofSizes += green * sizes[row]
        }
        influence.ofBlocks.append(sum)
      }
      return influence
    }
  }
}
