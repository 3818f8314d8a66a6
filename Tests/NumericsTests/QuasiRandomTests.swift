import Numerics
import Testing

@Suite(.tags(.unit)) struct QuasiRandomTests {
  private func points(_ kind: QuasiRandom.Kind, _ dimension: Int, _ count: Int) throws
    -> [[Double]]
  {
    let sequence = try QuasiRandom(kind, dimension: dimension)
    let point = Storage(dimension)
    defer { point.keep() }
    return (0..<count).map { _ in
      sequence.next(into: point.vector)
      return point.vector.array
    }
  }

  @Test("the first points are those of the literature")
  func first() throws {
    // P. Bratley and B. Fox, ACM Trans. Math. Softw. 14 (1988) 88: exact in binary.
    #expect(
      try points(.sobol, 2, 4) == [[0.5, 0.5], [0.75, 0.25], [0.25, 0.75], [0.375, 0.375]])
    // Radical inverses of 1, 2, 3 to the bases 2 and 3, rounded once or twice.
    for (point, exact) in zip(
      try points(.halton, 2, 3), [[1.0 / 2, 1.0 / 3], [1.0 / 4, 2.0 / 3], [3.0 / 4, 1.0 / 9]])
    {
      #expect(zip(point, exact).allSatisfy { abs($0 - $1) < 1e-15 })
    }
  }

  @Test("all the way to the largest dimension", arguments: QuasiRandom.Kind.allCases)
  func limits(_ kind: QuasiRandom.Kind) throws {
    for point in try points(kind, kind.dimensionLimit, 20) {
      #expect(point.allSatisfy { $0 >= 0 && $0 < 1 })
    }
  }
}
