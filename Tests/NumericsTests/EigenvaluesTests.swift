import Numerics
import Testing

@Suite("Eigenvalues") struct EigenvaluesTests {
  /// A·v = λ·v to rounding: some ten units in the last place of the largest entry.
  @Test(arguments: [1, 2, 5, 12])
  func vectorsAreEigenvectors(_ n: Int) throws {
    var generator = SeededGenerator(state: UInt64(n))
    let a = (0..<n * n).map { _ in Double.random(in: -1...1, using: &generator) }
    let found = try #require(Eigenvalues(a, dimension: n, vectors: true))
    for j in 0..<n {
      // Of a pair a ± bi the first column x and the second y obey A·x = a·x − b·y.
      let isFirst = found.imaginary[j] > 0
      guard isFirst || found.imaginary[j] == 0 else { continue }
      for i in 0..<n {
        let image = (0..<n).reduce(0.0) { $0 + a[i + $1 * n] * found.vectors[$1 + j * n] }
        let other = isFirst ? found.vectors[i + (j + 1) * n] : 0
        let expected = found.real[j] * found.vectors[i + j * n] - found.imaginary[j] * other
        #expect(abs(image - expected) < 1e-13)
      }
    }
  }

  /// x³ − 6x² + 11x − 6 has the roots 1, 2, 3; its companion matrix is well scaled.
  @Test func rootsOfAPolynomial() throws {
    let companion = [6.0, 1, 0, -11, 0, 1, 6, 0, 0]
    let found = try #require(Eigenvalues(companion, dimension: 3))
    #expect(found.vectors.isEmpty)
    for (root, expected) in zip(found.real.sorted(), [1.0, 2, 3]) {
      #expect(abs(root - expected) < 1e-12)
    }
  }

  @Test func rotationHasAnImaginaryPair() throws {
    let found = try #require(Eigenvalues([0, 2, -2, 0], dimension: 2))
    #expect(found.real == [0, 0])
    // One rounding of a square root.
    #expect(abs(found.imaginary[0] - 2) < 1e-15 && found.imaginary[1] == -found.imaginary[0])
  }

  @Test func whatIsNotFiniteHasNone() {
    #expect(Eigenvalues([.nan], dimension: 1) == nil)
    #expect(Eigenvalues([], dimension: 0)?.real == [])
  }
}
