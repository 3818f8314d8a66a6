import Numerics
import Problems
import Residuals

/// Looks for an ``ErrorBound`` in more and more functions.
final class ErrorBoundSearch {
  typealias Leaf = ErrorSpace.Leaf

  private let linear: LinearizedProblem
  private let residuals: PhysicsResiduals
  private let theta: Vector
  private let rows: [Double]
  private let reference: [Double]
  private let parts: [DefectSamples]
  private let remainder: RemainderBound
  /// Where Green's function is looked at: on rows first.
  private let places: [Double]
  private(set) var method = ""

  /// How far a leaf's error may be from its correction, and what moves it.
  private struct Rest {
    /// At most.
    var size: Double
    /// Root mean square over rows.
    var typical: Double
    /// By block.
    var influence: [Double]
  }

  /// A correction and what is left beside it.
  private struct Level {
    var system: ErrorSystem
    var rests: [Leaf: Rest]
    /// The largest leftover, by block.
    var leftovers: [Double]
  }

  init(_ residuals: PhysicsResiduals, _ theta: Vector, rows: [Double], reference: [Double])
    throws
  {
    let problem = residuals.problem
    let linear = try LinearizedProblem(problem)
    let free = [Double?](repeating: nil, count: problem.variables.count)
    parts =
      try linear.equations.map { try DefectSamples(problem, $0, free, residuals, theta) }
      + linear.conditions.map { try DefectSamples(problem, $0.row, $0.place, residuals, theta) }
    remainder = try RemainderBound(linear, parts, residuals, theta)
    (self.linear, self.residuals, self.theta) = (linear, residuals, theta)
    (self.rows, self.reference) = (rows, reference)
    places = ErrorBoundSearch.places(problem, rows)
  }

  /// How many rows, and how many places towards the ends, are looked at.
  private static let placeCount = 80

  private static func places(_ problem: Problem, _ rows: [Double]) -> [Double] {
    let dimension = problem.variables.count
    let count = Double(rows.count / dimension)
    var places: [Double] = []
    for index in 0..<placeCount {
      // The golden section skips over rows without the rhythm of a grid.
      let part = (0.5 + Double(index) * 0.6180339887498949).truncatingRemainder(dividingBy: 1)
      let row = Int(part * count)
      places += rows[(row * dimension)..<((row + 1) * dimension)]
    }
    let fresh = FreshPoints(problem.variables, count: placeCount, set: 2).points
    return places
      + fresh.indices.map {
        DefectSamples.towardsEnds(fresh[$0], problem.variables[$0 % dimension])
      }
  }

  /// - Throws: ``NoBound``, with the reason.
  func entries() throws -> [ErrorBound.Entry] {
    var (last, best) = (Level?.none, [ErrorBound.Entry]?.none)
    var failure = NoBound("the problem has too many unknowns")
    let ladder = ladder()
    for counts in ladder {
      let system = try ErrorSystem(linear, parts, residuals, theta, counts: counts)
      let level = level(system)
      defer { last = level }
      if last == nil, ladder.count > 1 { continue }
      guard let slack = slack(last, level) else {
        failure = NoBound("Green's function is not resolved by \(system.space.count) functions")
        continue
      }
      guard let (found, isSharp) = entries(level, slack) else {
        failure = NoBound("the error is too large for the linearised equations to tell it")
        continue
      }
      method = "correction in \(system.space.count) functions"
      best = found
      if isSharp { break }
    }
    guard let best else { throw failure }
    return best
  }

  /// Functions along each variable, more and more of them.
  private func ladder() -> [[Int]] {
    let dimension = linear.problem.variables.count
    let steps: [Int] =
      switch dimension {
      case 1: [24, 48, 96, 192, 384]
      case 2: [8, 12, 18, 26, 34]
      case 3: [4, 5, 7, 9, 10]
      default: [3, 4, 5]
      }
    return steps.map { [Int](repeating: $0, count: dimension) }.filter { counts in
      let nodes = ErrorSystem.nodes(counts)
      let functions = counts.reduce(linear.orders.count, *)
      let rows = parts.reduce(0) { sum, part in
        sum + zip(nodes, part.place).reduce(1) { $1.1 == nil ? $0 * $1.0 : $0 }
      }
      return functions <= 1200 && rows * functions <= 14_000_000
    }
  }

  private func level(_ system: ErrorSystem) -> Level {
    let (sizes, leftovers) = system.leftoverSizes(parts)
    var rests: [Leaf: Rest] = [:]
    for leaf in unknowns + remainder.leaves where rests[leaf] == nil {
      let found = system.influence(on: leaf, at: places, sizes: sizes)
      let onRows = found.prefix(ErrorBoundSearch.placeCount).map(\.ofSizes)
      rests[leaf] = Rest(
        size: found.map(\.ofSizes).max() ?? 0, typical: ErrorBoundSearch.mean(onRows),
        influence: leftovers.indices.map { block in found.map { $0.ofBlocks[block] }.max() ?? 0 })
    }
    return Level(system: system, rests: rests, leftovers: leftovers)
  }

  private var unknowns: [Leaf] {
    linear.orders.indices.map {
      Leaf(unknown: $0, orders: linear.problem.variables.map { _ in 0 })
    }
  }

  /// What Green's functions of two resolutions differ by, as a factor; nil where it is large.
  private func slack(_ last: Level?, _ level: Level) -> Double? {
    guard let last else { return 2 }
    var slack = 1.0
    for leaf in unknowns {
      let both = [last, level].map { found in
        zip(found.rests[leaf]?.influence ?? [], level.leftovers).reduce(0) { $0 + $1.0 * $1.1 }
      }
      guard both.allSatisfy(\.isFinite) else { return nil }
      guard both[0] > 0, both[1] > 0 else { continue }
      slack = max(slack, both[0] / both[1], both[1] / both[0])
    }
    return slack <= 2 ? slack : nil
  }

  /// The bounds, and whether the corrections tell most of them; nil where second-order terms are
  /// too large.
  private func entries(_ level: Level, _ slack: Double)
    -> (entries: [ErrorBound.Entry], isSharp: Bool)?
  {
    let equations = linear.equations.count
    var second = [Double](repeating: 0, count: equations)
    if !linear.isLinear {
      var (sizes, influence) = ([Leaf: Double](), [Leaf: [Double]]())
      for leaf in remainder.leaves {
        guard let rest = level.rests[leaf] else { continue }
        sizes[leaf] = ErrorBound.margin * largest(level.system, leaf) + slack * rest.size
        influence[leaf] = rest.influence.prefix(equations).map { slack * $0 }
      }
      guard let found = remainder.sizes(sizes, influence, equations: equations) else { return nil }
      second = found
    }
    var (entries, isSharp) = ([ErrorBound.Entry](), true)
    for (leaf, name) in zip(unknowns, linear.problem.unknowns) {
      guard var rest = level.rests[leaf] else { continue }
      let further = zip(rest.influence, second).reduce(0) { $0 + $1.0 * $1.1 }
      rest.size = slack * (rest.size + further)
      rest.typical = slack * (rest.typical + further)
      let entry = entry(name, leaf, level.system, rest)
      isSharp = isSharp && rest.size < 0.2 * entry.max
      entries.append(entry)
    }
    return (entries, isSharp)
  }

  /// The largest of a leaf of the correction, on the samples.
  private func largest(_ system: ErrorSystem, _ leaf: Leaf) -> Double {
    system.correction(leaf, at: parts[0].points).reduce(0) { max($0, $1.magnitude) }
  }

  private static func mean(_ numbers: [Double]) -> Double {
    (numbers.reduce(0) { $0 + $1 * $1 } / Double(max(numbers.count, 1))).squareRoot()
  }

  private func entry(_ name: String, _ leaf: Leaf, _ system: ErrorSystem, _ rest: Rest)
    -> ErrorBound.Entry
  {
    var (relatives, most) = ([Double?](), largest(system, leaf))
    for (points, rest) in [(rows, rest.typical), (reference, rest.size)] where !points.isEmpty {
      let values = residuals.evaluate(theta, at: points)[leaf.unknown]
      let corrections = system.correction(leaf, at: points)
      most = corrections.reduce(most) { max($0, $1.magnitude) }
      let rest = rest + rounding(values)
      let truth = ErrorBoundSearch.mean(zip(values, corrections).map { $0 - $1 }) - rest
      let error = ErrorBoundSearch.mean(corrections) + rest
      relatives.append(truth > 0 ? ErrorBound.margin * error / truth : nil)
      most = max(most, rounding(values))
    }
    let isRelative = relatives.allSatisfy { $0 != nil }
    return ErrorBound.Entry(
      unknown: name, relativeL2: isRelative ? relatives.compactMap(\.self).max() : nil,
      max: ErrorBound.margin * (most + rest.size))
  }

  /// The learned solution itself, and the truth that it is compared with, are rounded.
  private func rounding(_ values: [Double]) -> Double {
    8 * values.reduce(0) { max($0, $1.magnitude) }.ulp
  }
}
