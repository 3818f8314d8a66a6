import Numerics
import Testing

@Suite(.tags(.property)) struct SparseTests {
  /// A sparse matrix of random entries with a diagonal that is heavy, or absent here and there.
  private func pattern(
    _ n: Int, degree: Int, hasDiagonal: Bool, _ generator: inout SeededGenerator
  ) -> SparsePattern {
    var rows: [Int] = []
    var columns: [Int] = []
    for i in 0..<n {
      // A cycle keeps the matrix regular in structure where the diagonal is missing.
      rows += [i]
      columns += [hasDiagonal ? i : (i + 1) % n]
      for _ in 0..<degree {
        rows.append(i)
        columns.append(Int.random(in: 0..<n, using: &generator))
      }
    }
    return SparsePattern.compress(dimension: n, rows: rows, columns: columns).pattern
  }

  private func residual(_ a: SparsePattern, _ entries: Vector, _ x: Vector, _ b: [Double]) -> Double
  {
    let matrix = SparseMatrix(a)
    matrix.entries.assign(entries)
    let product = Storage(b.count)
    defer { product.keep() }
    matrix.apply(x, into: product.vector)
    return zip(product.vector.array, b).map { ($0 - $1).magnitude }.max() ?? 0
  }

  @Test(arguments: [(1, 0, true), (2, 1, false), (50, 3, true), (400, 2, false), (2000, 4, true)])
  func residualIsRounding(_ n: Int, _ degree: Int, _ hasDiagonal: Bool) throws {
    var generator = SeededGenerator(state: UInt64(n))
    let pattern = pattern(n, degree: degree, hasDiagonal: hasDiagonal, &generator)
    let lu = SparseLU(pattern)
    // The second time the pattern's analysis is used again with other numbers.
    for _ in 0..<2 {
      for k in 0..<pattern.count {
        lu.entries[k] = Double.random(in: -1...1, using: &generator)
      }
      for i in 0..<n {
        let heavy = try #require(pattern.index(i, hasDiagonal ? i : (i + 1) % n))
        lu.entries[heavy] += 8
      }
      let b = (0..<n).map { _ in Double.random(in: -1...1, using: &generator) }
      let x = Storage(b)
      defer { x.keep() }
      #expect(lu.factor() && lu.failure == nil)
      lu.solve(x.vector)
      // Heavy entries: conditions below ten, residuals of some roundings of |A|·|x| < 20. Without
      // refinement the largest of these gives 7e-13.
      #expect(residual(pattern, lu.entries, x.vector, b) < 1e-14)
      #expect(lu.rcond > 0 && lu.rcond <= 1 && lu.bytes > 0 && lu.peakBytes >= lu.bytes)
    }
  }

  /// Five-point differences of c·u − Δu + convection on a square: either ordering, and c so negative
  /// that the matrix is indefinite and the diagonal is no safe pivot.
  @Test(arguments: [SparseLU.Ordering.minimumDegree, .dissection], [1, -2000.0])
  func gridsAreSolved(_ ordering: SparseLU.Ordering, _ c: Double) {
    let m = 40
    var rows: [Int] = []
    var columns: [Int] = []
    var values: [Double] = []
    for i in 0..<m {
      for j in 0..<m {
        let star = [(i, j), (i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)]
        let h2 = Double(m * m)
        let weights = [c + 4 * h2, -0.8 * h2, -1.2 * h2, -h2, -h2]
        for ((p, q), weight) in zip(star, weights) where p >= 0 && p < m && q >= 0 && q < m {
          rows.append(i * m + j)
          columns.append(p * m + q)
          values.append(weight)
        }
      }
    }
    let (pattern, entries) = SparsePattern.compress(
      dimension: m * m, rows: rows, columns: columns)
    let lu = SparseLU(pattern, ordering: ordering)
    for (entry, value) in zip(entries, values) { lu.entries[entry] += value }
    let truth = (0..<m * m).map { 1 + 0.5 * Double($0 % 7) }
    let x = Storage(truth)
    defer { x.keep() }
    let matrix = SparseMatrix(pattern)
    matrix.entries.assign(lu.entries)
    let b = Storage(m * m)
    defer { b.keep() }
    matrix.apply(x.vector, into: b.vector)
    #expect(lu.factor())
    lu.solve(b.vector)
    let error = zip(b.vector.array, truth).map { ($0 - $1).magnitude }.max() ?? 0
    // Conditions of 6e2 and 4e6 in the sense of Skeel, times ten roundings.
    #expect(error < (c > 0 ? 1e-12 : 8e-9), "\(error)")
    // Some 31·m²·log₂ m numbers and their indices for nested dissection; a band would need 2m³.
    #expect(lu.bytes < 16 * 31 * m * m * 6)
  }

  /// Unsymmetric on purpose: a solution of the transposed system would be far off.
  @Test func theMatrixIsNotTransposed() {
    let lu = SparseLU(dimension: 2, rowStarts: [0, 2, 3], columns: [0, 1, 1])
    lu.entries.assign([2, 3, 4])
    let x = Storage([8, 8])
    defer { x.keep() }
    #expect(lu.factor())
    lu.solve(x.vector)
    #expect(x.vector.array == [1, 2])
  }

  @Test func failuresAreTold() {
    let lu = SparseLU(dimension: 2, rowStarts: [0, 2, 4], columns: [0, 1, 0, 1])
    #expect(!lu.factor() && lu.failure == .singular, "a matrix of zeros")
    lu.entries.assign([1, 2, 2, 4])
    #expect(!lu.factor() && lu.failure == .singular, "two equal rows but for a factor")
    lu.entries.assign([1, .nan, 2, 4])
    #expect(!lu.factor() && lu.failure == .notFinite)
    lu.entries.assign([1, 2, 3, 4])
    #expect(lu.factor() && lu.failure == nil, "regular again")
    let hollow = SparseLU(dimension: 2, rowStarts: [0, 1, 2], columns: [0, 0])
    hollow.entries.assign([1, 1])
    #expect(!hollow.factor() && hollow.failure == .singular, "an empty column")
  }

  @Test func placesAreCompressed() {
    let (pattern, entries) = SparsePattern.compress(
      dimension: 3, rows: [2, 0, 0, 2, 0], columns: [1, 2, 0, 1, 2])
    #expect(pattern.rowStarts == [0, 2, 2, 3] && pattern.columns == [0, 2, 1])
    #expect(entries == [2, 1, 0, 2, 1])
    #expect(pattern.index(0, 2) == 1 && pattern.index(0, 1) == nil && pattern.index(1, 0) == nil)
  }
}
