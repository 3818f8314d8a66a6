import Numerics
import Testing

@Suite(.tags(.property)) struct LinearTests {
  /// A matrix of numbers in [−1, 1], column-major.
  private func matrix(_ n: Int, _ generator: inout SeededGenerator) -> [Double] {
    (0..<n * n).map { _ in Double.random(in: -1...1, using: &generator) }
  }

  private func product(_ a: [Double], _ x: [Double]) -> [Double] {
    let n = x.count
    return (0..<n).map { i in (0..<n).reduce(0) { $0 + a[i + $1 * n] * x[$1] } }
  }

  private func solve(_ a: [Double], _ b: [Double]) -> [Double]? {
    let lu = DenseLU(dimension: b.count)
    lu.entries.assign(a)
    guard lu.factor() else { return nil }
    let x = Storage(b)
    lu.solve(x.vector)
    return x.vector.array
  }

  /// Sizes on both sides of the crossing from our elimination to LAPACK's.
  @Test(arguments: [1, 2, 3, 7, DenseLU.smallest, DenseLU.smallest + 1, 40, 100])
  func residualIsRounding(_ n: Int) throws {
    var generator = SeededGenerator(state: UInt64(n))
    for _ in 0..<5 {
      let a = matrix(n, &generator)
      let b = (0..<n).map { _ in Double.random(in: -1...1, using: &generator) }
      let x = try #require(solve(a, b))
      let size = x.map(\.magnitude).max() ?? 0
      for (left, right) in zip(product(a, x), b) {
        // Partial pivoting: the residual is some roundings of |A|·|x|.
        #expect((left - right).magnitude <= 8 * Double(n) * max(size, 1).ulp)
      }
    }
  }

  /// The small elimination and LAPACK's give the same solution: a small system, alone and beside an
  /// identity that makes it large.
  @Test(arguments: [1, 2, 5, 11, DenseLU.smallest])
  func smallAndLargeAgree(_ n: Int) throws {
    var generator = SeededGenerator(state: 7 &+ UInt64(n))
    let whole = DenseLU.smallest + 4
    let a = matrix(n, &generator)
    let b = (0..<n).map { _ in Double.random(in: -1...1, using: &generator) }
    var padded = [Double](repeating: 0, count: whole * whole)
    for i in 0..<whole { padded[i + i * whole] = 1 }
    for j in 0..<n { for i in 0..<n { padded[i + j * whole] = a[i + j * n] } }
    let small = try #require(solve(a, b))
    let large = try #require(solve(padded, b + [Double](repeating: 0, count: whole - n)))
    let size = small.map(\.magnitude).max() ?? 0
    for (x, y) in zip(small, large) {
      // The same pivots; sums in another order, times a condition of some hundreds.
      #expect((x - y).magnitude <= 1e-12 * max(size, 1))
    }
  }

  @Test(arguments: [2, DenseLU.smallest, 30])
  func singularIsSaid(_ n: Int) {
    let lu = DenseLU(dimension: n)
    #expect(!lu.factor(), "a matrix of zeros")
    for i in 0..<n - 1 { lu.entries[i + i * n] = 1 }
    for k in n - 1..<n { lu.entries.slice(k * n, n).fill(0) }
    #expect(!lu.factor(), "an empty last column")
  }

  /// Short bands and wide ones go to LAPACK, long narrow ones are eliminated from both ends; with a
  /// heavy diagonal no rows are exchanged, without it many.
  @Test(
    arguments: [
      (1, 0, 0), (5, 1, 1), (30, 2, 1), (60, 0, 3), (60, 4, 0), (2, 0, 0), (31, 0, 0), (40, 1, 1),
      (97, 2, 3), (98, 3, 2),
      (41, 1, 1), (57, 2, 2), (200, 2, 2), (80, 3, 1), (80, 1, 5), (141, 8, 8), (141, 12, 12),
      (141, 13, 12),
    ], [3, 0.0])
  func bandAgreesWithDense(_ shape: (Int, Int, Int), _ heavy: Double) throws {
    let (n, lower, upper) = shape
    var generator = SeededGenerator(state: UInt64(n + 100 * lower + 10_000 * upper))
    let band = BandLU(dimension: n, lower: lower, upper: upper)
    // The second time on the memory of the first.
    for _ in 0..<2 {
      band.clear()
      var dense = [Double](repeating: 0, count: n * n)
      for j in 0..<n {
        for i in max(0, j - upper)...min(n - 1, j + lower) {
          let value = Double.random(in: -1...1, using: &generator) + (i == j ? heavy : 0)
          band.entries[band.position(i, j)] = value
          dense[i + j * n] = value
        }
      }
      let b = (0..<n).map { _ in Double.random(in: -1...1, using: &generator) }
      #expect(band.factor())
      let x = Storage(b)
      defer { x.keep() }
      band.solve(x.vector)
      let found = x.vector.array
      let size = found.map(\.magnitude).max() ?? 0
      for (left, right) in zip(product(dense, found), b) {
        // Partial pivoting: the residual is some roundings of |A|·|x|.
        #expect((left - right).magnitude <= 20 * Double(lower + upper + 1) * max(size, 1).ulp)
      }
    }
    band.clear()
    #expect(!band.factor(), "a band of zeros")
  }

  /// Products of n×r and r×n matrices have rank r, whatever the units of their rows.
  @Test(arguments: [(1, 0), (3, 1), (4, 4), (6, 3), (10, 9)])
  func rankIsFound(_ n: Int, _ rank: Int) {
    var generator = SeededGenerator(state: UInt64(n * 100 + rank))
    let left = (0..<n * rank).map { _ in Double.random(in: -1...1, using: &generator) }
    let right = (0..<n * rank).map { _ in Double.random(in: -1...1, using: &generator) }
    let rows = (0..<n).map { i in
      (0..<n).map { j in
        (i % 3 == 0 ? 1e-9 : 1e6)
          * (0..<rank).reduce(0) { $0 + left[i * rank + $1] * right[$1 * n + j] }
      }
    }
    let echelon = RowEchelon(rows)
    #expect(echelon.rank == rank)
    // The rows of E beyond the rank combine the rows of A to zero.
    for combination in echelon.combination.dropFirst(rank) {
      for j in 0..<n {
        let terms = (0..<n).map { combination[$0] * rows[$0][j] }
        let size = terms.map(\.magnitude).max() ?? 0
        // The tolerance of the elimination, against the terms that cancel.
        #expect(terms.reduce(0, +).magnitude <= 1e-11 * max(size, 1))
      }
    }
  }
}
