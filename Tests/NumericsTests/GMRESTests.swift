import Numerics
import Testing

@Suite(.tags(.property)) struct GMRESTests {
  private func error(_ x: Vector, _ truth: [Double]) -> Double {
    zip(x.array, truth).map { ($0 - $1).magnitude }.max() ?? 0
  }

  private func truth(_ n: Int) -> [Double] {
    var generator = SeededGenerator(state: UInt64(n))
    return (0..<n).map { _ in Double.random(in: -1...1, using: &generator) }
  }

  /// u'' with differences of order 4, solved through the factors of those of order 2.
  @Test(arguments: [20, 300])
  func deferredCorrection(_ n: Int) {
    let band = BandLU(dimension: n, lower: 1, upper: 1)
    for i in 0..<n {
      for (j, weight) in [(i - 1, -1.0), (i, 2), (i + 1, -1)] where j >= 0 && j < n {
        band.entries[band.position(i, j)] = weight
      }
    }
    #expect(band.factor())
    let wide: (Vector, Vector) -> Void = { x, result in
      for i in 0..<n {
        var sum = 30 * x[i]
        for (j, weight) in [(i - 2, 1.0), (i - 1, -16), (i + 1, -16), (i + 2, 1)]
        where j >= 0 && j < n { sum += weight * x[j] }
        result[i] = sum / 12
      }
    }
    let truth = truth(n)
    let (b, x, exact) = (Storage(n), Storage(n), Storage(truth))
    defer { b.keep(x, exact) }
    wide(exact.vector, b.vector)
    let solver = GMRES(dimension: n, restart: 20)
    let (iterations, residual) = solver.solve(
      apply: wide, precondition: { band.solve($0) }, b.vector, x.vector, tolerance: 1e-13,
      maxIterations: 100)
    #expect(residual <= 1e-13)
    // The symbols' ratio lies in [1, 4/3] whatever n: a tenth a step.
    #expect(iterations <= 16, "\(iterations)")
    // The condition is 4n²/π².
    #expect(error(x.vector, truth) < 1e-13 * Double(n * n))
  }

  /// Without a preconditioner, and with so short a memory that it has to restart.
  @Test(arguments: [4, 60])
  func unsymmetricSystems(_ restart: Int) {
    let n = 60
    let truth = truth(n)
    let a: (Vector, Vector) -> Void = { x, result in
      for i in 0..<n { result[i] = 4 * x[i] + x[(i + 1) % n] - 0.5 * x[(i + 7) % n] }
    }
    let (b, x, exact) = (Storage(n), Storage(n), Storage(truth))
    defer { b.keep(x, exact) }
    a(exact.vector, b.vector)
    x.vector.fill(1)
    let (iterations, residual) = GMRES(dimension: n, restart: restart).solve(
      apply: a, precondition: { _ in }, b.vector, x.vector, tolerance: 1e-12, maxIterations: 200)
    #expect(residual <= 1e-12 && iterations < 60, "\(iterations), \(residual)")
    // The diagonal outweighs the rest by 2.5: condition below 3.
    #expect(error(x.vector, truth) < 1e-11)
  }

  @Test func easyAndHopelessSystems() {
    let (b, x) = (Storage([1, 2, 3]), Storage(3))
    defer { b.keep(x) }
    let solver = GMRES(dimension: 3)
    let twice: (Vector, Vector) -> Void = { x, result in
      for i in 0..<3 { result[i] = 2 * x[i] }
    }
    let easy = solver.solve(
      apply: twice, precondition: { _ in }, b.vector, x.vector, tolerance: 1e-14,
      maxIterations: 10)
    #expect(easy.iterations == 1 && x.vector.array == [0.5, 1, 1.5])
    let zero = Storage(3)
    defer { zero.keep() }
    let nothing = solver.solve(
      apply: twice, precondition: { _ in }, zero.vector, x.vector, tolerance: 1e-14,
      maxIterations: 10)
    #expect(nothing.iterations == 0 && x.vector.array == [0, 0, 0])
    // b does not lie in the range: the residual says so, and no number is lost.
    let singular: (Vector, Vector) -> Void = { x, result in
      for i in 0..<3 { result[i] = i == 2 ? 0 : x[i] }
    }
    let hopeless = solver.solve(
      apply: singular, precondition: { _ in }, b.vector, x.vector, tolerance: 1e-10,
      maxIterations: 50)
    #expect((hopeless.residual - 3 / 14.0.squareRoot()).magnitude < 1e-12)
    #expect(x.vector.isFinite && hopeless.iterations < 50)
    let broken = solver.solve(
      apply: { _, result in result.fill(.nan) }, precondition: { _ in }, b.vector, x.vector,
      tolerance: 1e-10, maxIterations: 50)
    #expect(broken.residual.isNaN)
  }
}
