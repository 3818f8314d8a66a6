import Numerics
import Testing

@Suite("Cholesky factors", .tags(.unit)) struct CholeskyTests {
  /// Cauchy matrices plus a diagonal: symmetric, positive definite, well conditioned.
  private func matrix(_ n: Int) -> Storage {
    let storage = Storage(n * n)
    for j in 0..<n {
      for i in j..<n { storage.vector[i + j * n] = 1 / Double(i + j + 1) + (i == j ? 1 : 0) }
      // The upper triangle is never read.
      for i in 0..<j { storage.vector[i + j * n] = .nan }
    }
    return storage
  }

  @Test("solves with a shifted diagonal", arguments: [1, 2, 7, 64, 200]) func solve(_ n: Int) {
    let (a, diagonal) = (matrix(n), Storage((0..<n).map { 1 + Double($0) }))
    let cholesky = Cholesky(dimension: n)
    let b = Storage(n)
    defer { a.keep(diagonal, b) }
    for shift in [0, 0.5, 1e6] {
      #expect(cholesky.factor(a.vector, adding: shift, times: diagonal.vector))
      // The right-hand side of the solution 1, 2, …, n.
      for i in 0..<n {
        b.vector[i] = shift * diagonal.vector[i] * Double(i + 1)
        for j in 0..<n { b.vector[i] += a.vector[max(i, j) + min(i, j) * n] * Double(j + 1) }
      }
      cholesky.solve(b.vector)
      let gap = (0..<n).map { abs(b.vector[$0] - Double($0 + 1)) }.max() ?? 1
      // Condition below 10²·n, rounding 1e-16, solution n.
      #expect(gap < 1e-12 * Double(n * n), "n = \(n), shift \(shift): \(gap)")
    }
  }

  @Test("refuses what is not positive definite or not finite", arguments: [3, 100])
  func refuses(_ n: Int) {
    let (a, diagonal) = (matrix(n), Storage([Double](repeating: 1, count: n)))
    let cholesky = Cholesky(dimension: n)
    defer { a.keep(diagonal) }
    #expect(!cholesky.factor(a.vector, adding: -3, times: diagonal.vector))
    #expect(!cholesky.factor(a.vector, adding: .nan, times: diagonal.vector))
    #expect(!cholesky.factor(a.vector, adding: .infinity, times: diagonal.vector))
    a.vector[n - 1] = .nan
    #expect(!cholesky.factor(a.vector, adding: 1, times: diagonal.vector))
    a.vector[n - 1] = 0
    #expect(cholesky.factor(a.vector, adding: 1, times: diagonal.vector))
  }

  @Test("sums of products") func sums() {
    let (a, b) = (Storage((1...11).map(Double.init)), Storage((1...11).map { 12 - Double($0) }))
    defer { a.keep(b) }
    #expect(a.vector.dot(b.vector) == 286 && a.vector.squaredNorm == 506)
    #expect(a.vector.isSame(as: a.vector) && !a.vector.isSame(as: b.vector))
  }
}
