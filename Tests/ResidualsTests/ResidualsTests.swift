import Numerics
import Problems
import Residuals
import Testing

extension Tag {
  @Tag static var unit: Self
  @Tag static var property: Self
}

/// A problem file in a test.
struct Sample: Sendable, CustomTestStringConvertible {
  let name: String
  let text: String

  init(_ name: String, _ text: String) {
    self.name = name
    self.text = text
  }

  var testDescription: String { name }

  func problem(_ overrides: [String] = []) throws -> Problem {
    try ProblemReader.read(bytes: Array(text.utf8), file: "test.yaml", overrides: overrides)
  }

  /// With few points and a small network, so that tests are quick.
  func residuals(_ overrides: [String] = [], threads: Int = 1) throws -> PhysicsResiduals {
    let small = ["network.hidden=[7, 6]", "train.points.interior=150", "train.points.boundary=20"]
    let problem = try problem(small + overrides)
    return try PhysicsResiduals(problem, PhysicsPlan(problem), threads: threads)
  }
}

/// Numbers between −1 and 1 from a seed.
struct Numbers {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(Int64(bitPattern: state) >> 11) * 0x1p-52
  }

  mutating func array(_ count: Int, size: Double = 1) -> [Double] {
    (0..<count).map { _ in size * next() }
  }
}

/// Calls with borrowed vectors of arrays, and returns the last one's numbers.
func filled(_ count: Int, _ body: (Vector) -> Void) -> [Double] {
  let storage = Storage(count)
  defer { storage.keep() }
  body(storage.vector)
  return storage.vector.array
}

func borrowed<Result>(_ numbers: [Double], _ body: (Vector) throws -> Result) rethrows -> Result {
  let storage = Storage(numbers)
  defer { storage.keep() }
  return try body(storage.vector)
}

func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

func norm(_ a: [Double]) -> Double { dot(a, a).squareRoot() }
