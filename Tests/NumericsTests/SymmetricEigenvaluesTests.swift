import Foundation
import Numerics
import Testing

@Suite("Symmetric eigenvalues", .tags(.unit)) struct SymmetricEigenvaluesTests {
  /// Second differences: eigenvalues 2 − 2cos(kπ/(n + 1)), eigenvectors sin(ikπ/(n + 1)).
  @Test(arguments: [1, 2, 7, 60]) func secondDifferences(_ n: Int) {
    let spectrum = SymmetricEigenvalues(dimension: n)
    let (x, along, back) = (Storage((0..<n).map { 1 + sin(Double($0)) }), Storage(n), Storage(n))
    defer { x.keep(along, back) }
    // A second filling finds nothing of the first.
    for _ in 0..<2 {
      spectrum.vectors.fill(.nan)
      for j in 0..<n { for i in j..<n { spectrum.vectors[i + j * n] = 0 } }
      for i in 0..<n {
        spectrum.vectors[i * (n + 1)] = 2
        if i + 1 < n { spectrum.vectors[i + 1 + i * n] = -1 }
      }
      #expect(spectrum.decompose())
    }
    for k in 0..<n {
      let truth = 2 - 2 * cos(Double(k + 1) * Double.pi / Double(n + 1))
      #expect(abs(spectrum.values[k] - truth) < 1e-14 * Double(n + 1))
    }
    spectrum.coordinates(of: x.vector, into: along.vector)
    spectrum.vector(of: along.vector, into: back.vector)
    let gap = (0..<n).map { abs(back.vector[$0] - x.vector[$0]) }.max() ?? 1
    #expect(gap < 1e-14 * Double(n + 1))
    // A·x = Q·Λ·Qᵀx.
    for k in 0..<n { along.vector[k] *= spectrum.values[k] }
    spectrum.vector(of: along.vector, into: back.vector)
    for i in 0..<n {
      let left = i > 0 ? x.vector[i - 1] : 0
      let right = i + 1 < n ? x.vector[i + 1] : 0
      #expect(abs(back.vector[i] - (2 * x.vector[i] - left - right)) < 1e-13 * Double(n + 1))
    }
  }

  @Test func whatIsNotFiniteHasNone() {
    let spectrum = SymmetricEigenvalues(dimension: 3)
    spectrum.vectors[1] = .infinity
    #expect(!spectrum.decompose())
  }
}

@Suite("Quasi-Newton", .tags(.unit)) struct QuasiNewtonTests {
  /// Rosenbrock's valley; the count is some 50 with any good line search.
  @Test func findsTheMinimum() throws {
    let method = try #require(QuasiNewton(dimension: 2, memory: 5))
    let x = Storage([-1.2, 1])
    defer { x.keep() }
    for _ in 0..<2 {
      x.vector.assign([-1.2, 1])
      var calls = 0
      var first: [Double] = []
      _ = method.minimize(x.vector) { x, gradient in
        calls += 1
        if calls == 1 { first = x.array }
        let (a, b) = (1 - x[0], x[1] - x[0] * x[0])
        gradient[0] = -2 * a - 400 * x[0] * b
        gradient[1] = 200 * b
        return a * a + 100 * b * b
      }
      #expect(first == [-1.2, 1] && calls > 10 && calls < 200, "\(calls)")
      #expect(abs(x.vector[0] - 1) < 1e-7 && abs(x.vector[1] - 1) < 1e-7)
    }
  }

  @Test func endsWhenToldTo() throws {
    let method = try #require(QuasiNewton(dimension: 1, memory: 5))
    let x = Storage([3.0])
    defer { x.keep() }
    var calls = 0
    let ending = method.minimize(x.vector) { x, gradient in
      calls += 1
      gradient[0] = 4 * x[0] * x[0] * x[0]
      return calls == 3 ? nil : x[0] * x[0] * x[0] * x[0]
    }
    #expect(ending == .stopped && calls == 3)
  }
}
