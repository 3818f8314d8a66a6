import Numerics

/// The ways to draw points: the catalog behind `train.points.sampler`.
public enum Sampler: String, CaseIterable, Sendable, Codable {
  case grid
  case uniform
  case sobol
  case halton
  case latinHypercube = "latin-hypercube"

  /// One line for people.
  public var summary: String {
    switch self {
    case .grid: "one point in each of equal boxes, in the middle at first, then all moved alike"
    case .uniform: "independent and evenly distributed"
    case .sobol: "Sobol's sequence, its digits shifted at random (Sobol 1967; Owen 1995)"
    case .halton: "Halton's sequence, shifted at random (Halton 1960)"
    case .latinHypercube:
      "each variable's interval in as many parts as points, each hit once (McKay et al. 1979)"
    }
  }

  /// The most variables: those that Sobol's sequence is tabulated for.
  static let dimensionLimit = 40

  /// Draws points inside the unit cube, never on its faces; flat, point after point.
  ///
  /// - Parameters:
  ///   - count: at least 1; `grid` draws the largest grid of at most so many points.
  ///   - dimension: 1 to 40.
  ///   - seed: the same gives the same points.
  ///   - stream: sets of points that do not share one, such as faces.
  ///   - round: another draws another set.
  public func points(
    count: Int, dimension: Int, seed: UInt64, stream: UInt64 = 0, round: Int = 0
  ) -> [Double] {
    precondition(
      count > 0 && (1...Self.dimensionLimit).contains(dimension), "\(count) points in \(dimension)")
    var generator = SeededGenerator(seed: seed, stream: stream, round: round)
    switch self {
    case .grid: return Self.grid(count, dimension, round, &generator)
    case .uniform: return (0..<(count * dimension)).map { _ in generator.unit() }
    case .sobol: return Self.sequence(.sobol, count, dimension, &generator)
    case .halton: return Self.sequence(.halton, count, dimension, &generator)
    case .latinHypercube: return Self.latin(count, dimension, &generator)
    }
  }

  /// How many points a grid of at most `count` has along each variable.
  static func gridSizes(_ count: Int, _ dimension: Int) -> [Int] {
    var sizes = [Int](repeating: 1, count: dimension)
    var product = 1
    var axis = 0
    var idle = 0
    while idle < dimension {
      let next = product / sizes[axis] * (sizes[axis] + 1)
      if next <= count {
        product = next
        sizes[axis] += 1
        idle = 0
      } else {
        idle += 1
      }
      axis = (axis + 1) % dimension
    }
    return sizes
  }

  private static func grid(
    _ count: Int, _ dimension: Int, _ round: Int, _ generator: inout SeededGenerator
  ) -> [Double] {
    let sizes = gridSizes(count, dimension)
    let offset = (0..<dimension).map { _ in round == 0 ? 0.5 : generator.unit() }
    var points: [Double] = []
    for index in 0..<sizes.reduce(1, *) {
      var rest = index
      var point = [Double](repeating: 0, count: dimension)
      for axis in (0..<dimension).reversed() {
        point[axis] = (Double(rest % sizes[axis]) + offset[axis]) / Double(sizes[axis])
        rest /= sizes[axis]
      }
      points += point
    }
    return points
  }

  private static func latin(
    _ count: Int, _ dimension: Int, _ generator: inout SeededGenerator
  ) -> [Double] {
    var points = [Double](repeating: 0, count: count * dimension)
    for axis in 0..<dimension {
      var order = Array(0..<count)
      for index in stride(from: count - 1, to: 0, by: -1) {
        order.swapAt(index, generator.below(index + 1))
      }
      for (index, part) in order.enumerated() {
        points[index * dimension + axis] = (Double(part) + generator.unit()) / Double(count)
      }
    }
    return points
  }

  /// A sequence moved as a whole, which keeps how evenly it fills the cube.
  private static func sequence(
    _ kind: QuasiRandom.Kind, _ count: Int, _ dimension: Int, _ generator: inout SeededGenerator
  ) -> [Double] {
    guard let sequence = try? QuasiRandom(kind, dimension: dimension) else {
      return (0..<(count * dimension)).map { _ in generator.unit() }
    }
    let shifts = (0..<dimension).map { _ in generator.next() }
    let point = Storage(dimension)
    defer { point.keep() }
    var points: [Double] = []
    points.reserveCapacity(count * dimension)
    for _ in 0..<count {
      sequence.next(into: point.vector)
      for axis in 0..<dimension {
        points.append(shifted(point.vector[axis], shifts[axis], kind))
      }
    }
    return points
  }

  private static func shifted(_ number: Double, _ shift: UInt64, _ kind: QuasiRandom.Kind)
    -> Double
  {
    switch kind {
    case .sobol:
      // 30 binary digits: each is flipped or not, and the point moves to the middle of its cell.
      let digits = UInt64(number * 0x1p30) ^ (shift >> 34)
      return (Double(digits) + 0.5) * 0x1p-30
    case .halton:
      let moved = number + (Double(shift >> 12) + 0.5) * 0x1p-52
      return min(max(moved >= 1 ? moved - 1 : moved, 0x1p-52), 1 - 0x1p-52)
    }
  }
}
