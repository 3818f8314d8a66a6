import Glibc
import Numerics
import Testing

extension Tag {
  @Tag static var unit: Tag
  @Tag static var property: Tag
}

/// Splitmix64: the same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}

@Suite(.tags(.unit)) struct LibraryTests {
  /// Link order decides which library's products run: GSL's own are ten times slower.
  @Test func productsAreOpenBLAS() throws {
    // The C library shows `dladdr` to the linker, but not to Swift.
    typealias Locate = @convention(c) (UnsafeRawPointer, UnsafeMutableRawPointer) -> Int32
    let address = try #require(dlsym(nil, "cblas_dgemm"), "no cblas_dgemm is loaded")
    let locate = unsafeBitCast(try #require(dlsym(nil, "dladdr")), to: Locate.self)
    // Dl_info: the file's name, and three further pointers.
    var facts = [UnsafePointer<CChar>?](repeating: nil, count: 4)
    let status = facts.withUnsafeMutableBytes { bytes in
      bytes.baseAddress.map { locate(address, $0) } ?? 0
    }
    #expect(status != 0)
    let path = String(cString: try #require(facts[0]))
    #expect(path.contains("openblas"), "cblas_dgemm lives in \(path)")
  }

  @Test func theErrorHandlerIsOff() {
    GSL.prepare()
    #expect(GSL.isReady)
    // GSL's own handler ends the process here.
    #expect(throws: GSLError.self) {
      try Interpolation(.cubic, abscissae: [0, 0, 0], ordinates: [1, 2, 3])
    }
  }

  @Test func threadsAreSet() {
    let before = BLAS.threads
    BLAS.setThreads(1)
    #expect(BLAS.threads == 1)
    BLAS.setThreads(before)
    #expect(BLAS.threads == before)
    #expect(!BLAS.coreName.isEmpty)
  }
}

@Suite(.tags(.unit)) struct RootTests {
  struct Case: Sendable {
    var function: @Sendable (Double) -> Double
    var from: Double
    var to: Double
    var root: Double
  }

  static let cases = [
    Case(function: { $0 * $0 - 2 }, from: 0, to: 2, root: 2.0.squareRoot()),
    Case(function: { cos($0) - $0 }, from: 0, to: 1, root: 0.73908513321516064),
    Case(function: { 1 - exp($0) }, from: -3, to: 5, root: 0),
    Case(function: { $0 * $0 * $0 }, from: -1, to: 2, root: 0),
    Case(function: { $0 - 0.25 }, from: 0.25, to: 1, root: 0.25),
    Case(function: { $0 - 1 }, from: 0, to: 1, root: 1),
  ]

  @Test(arguments: cases.indices)
  func rootIsFoundAndPassed(_ index: Int) throws {
    let problem = RootTests.cases[index]
    let tolerance = 1e-14
    let root = try Roots.brent(
      from: problem.from, to: problem.to, tolerance: tolerance, problem.function)
    // A cubic's zero is flat: its values are 1e-42 there, and the bracket alone stops the search.
    #expect((root - problem.root).magnitude <= 2 * tolerance)
    // The sign change is behind the root that is returned, or it is a zero.
    let (start, value) = (problem.function(problem.from), problem.function(root))
    #expect(start == 0 || value == 0 || (start < 0) != (value < 0))
  }
}

@Suite(.tags(.unit)) struct InterpolationTests {
  private let abscissae = [0.0, 0.5, 2, 3, 4.5]

  @Test(arguments: Interpolation.Kind.allCases)
  func passesThroughThePoints(_ kind: Interpolation.Kind) throws {
    let ordinates = abscissae.map { sin($0) }
    let curve = try Interpolation(kind, abscissae: abscissae, ordinates: ordinates)
    for (x, y) in zip(abscissae, ordinates) {
      // A spline's cubic is evaluated from the left end: some roundings at the right one.
      #expect((curve.value(x) - y).magnitude <= 4 * y.ulp)
    }
    // Outside: the value at the nearest end, and no slope.
    #expect(curve.value(-1) == ordinates[0] && curve.value(9) == ordinates[4])
    #expect(curve.derivative(-1) == 0 && curve.derivative(9) == 0)
  }

  @Test func linearIsExactOnLines() throws {
    let line = try Interpolation(
      .linear, abscissae: abscissae, ordinates: abscissae.map { 3 * $0 - 1 })
    for x in stride(from: 0, to: 4.5, by: 0.125) {
      #expect((line.value(x) - (3 * x - 1)).magnitude <= 8 * 12.5.ulp)
      #expect((line.derivative(x) - 3).magnitude <= 8 * 3.0.ulp)
    }
  }

  @Test func previousHoldsItsValue() throws {
    let steps = try Interpolation(.previous, abscissae: abscissae, ordinates: [1, 2, 3, 4, 5])
    #expect([0, 0.49, 0.5, 1.99, 2, 3.5, 4.49, 4.5].map(steps.value) == [1, 1, 2, 2, 3, 4, 4, 5])
    #expect(steps.derivative(1) == 0)
  }

  /// A natural spline has no curvature at its ends, and its slope is its derivative.
  @Test func cubicIsNaturalAndSmooth() throws {
    let spline = try Interpolation(
      .cubic, abscissae: abscissae, ordinates: abscissae.map { sin($0) })
    let h = 1e-4
    for x in [0.25, 0.5, 1, 2, 2.5, 4] {
      let quotient = (spline.value(x + h) - spline.value(x - h)) / (2 * h)
      // h² of a third derivative that is below 10, and 1e-16 over h.
      #expect((quotient - spline.derivative(x)).magnitude < 1e-6)
    }
    let bend = (spline.derivative(2 * h) - spline.derivative(h)) / h
    #expect(bend.magnitude < 10 * h)
    // Two points are joined by a line.
    let line = try Interpolation(.cubic, abscissae: [0, 2], ordinates: [1, 5])
    #expect(line.value(0.5) == 2 && line.derivative(1.5) == 2)
  }
}

@Suite(.tags(.unit)) struct ChebyshevTests {
  /// Integrals and interpolants of polynomials of the degree are exact.
  @Test(arguments: [1, 2, 5, 8, 12])
  func exactOnPolynomials(_ degree: Int) {
    let nodes = Chebyshev.nodes(degree)
    #expect(nodes.count == degree + 1 && nodes[0] == 0 && nodes[degree] == 1)
    #expect(zip(nodes, nodes.dropFirst()).allSatisfy { $0 < $1 })
    let integrals = Chebyshev.integrals(degree)
    let result = Storage(1)
    for power in 0...degree {
      let values = nodes.map { pow($0, Double(power)) }
      let storage = Storage(values)
      for i in 0...degree {
        let sum = (0...degree).reduce(0) { $0 + integrals[i * (degree + 1) + $1] * values[$1] }
        // Sums of up to 13 products of numbers up to 1.
        #expect((sum - pow(nodes[i], Double(power + 1)) / Double(power + 1)).magnitude < 1e-14)
      }
      for x in [0, 0.1, 0.5, nodes[1], 0.77, 1] {
        Chebyshev.interpolate(degree, x, nodes, storage.vector, into: result.vector)
        #expect((result.vector[0] - pow(x, Double(power))).magnitude < 1e-14)
      }
    }
  }
}
