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
  private let parts: [DefectTable]
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
    var remainder: RemainderBound
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
      try linear.equations.map {
        try DefectTable($0, free, DefectTable.samples(problem, free), residuals, theta)
      }
      + linear.conditions.map {
        try DefectTable($0.row, $0.place, DefectTable.samples(problem, $0.place), residuals, theta)
      }
    (self.linear, self.residuals, self.theta) = (linear, residuals, theta)
    let dimension = problem.variables.count
    self.rows = ErrorBoundSearch.thinned(rows, dimension)
    self.reference = ErrorBoundSearch.thinned(reference, dimension)
    places = ErrorBoundSearch.places(problem, rows)
  }

  /// How many rows, and how many places towards the ends, are looked at.
  private static let placeCount = 80

  private static func places(_ problem: Problem, _ rows: [Double]) -> [Double] {
    let dimension = problem.variables.count
    let fresh = FreshPoints(problem.variables, count: placeCount, set: 2).points
    return chosen(rows, count: placeCount, dimension: dimension)
      + fresh.indices.map {
        DefectTable.towardsEnds(fresh[$0], problem.variables[$0 % dimension])
      }
  }

  /// Rows of many points, which the golden section takes without the rhythm of a grid.
  private static func chosen(_ points: [Double], count: Int, dimension: Int) -> [Double] {
    let total = points.count / dimension
    return (0..<(total == 0 ? 0 : count)).flatMap { index in
      let part = (0.5 + Double(index) * 0.6180339887498949).truncatingRemainder(dividingBy: 1)
      let row = min(Int(part * Double(total)), total - 1)
      return points[(row * dimension)..<((row + 1) * dimension)]
    }
  }

  /// So many rows and points of the reference that errors are summed over.
  private static let rowLimit = 20_000

  private static func thinned(_ points: [Double], _ dimension: Int) -> [Double] {
    points.count <= rowLimit * dimension
      ? points : chosen(points, count: rowLimit, dimension: dimension)
  }

  /// - Throws: ``NoBound``, with the reason.
  func entries() throws -> [ErrorBound.Entry] {
    var (last, best) = (Level?.none, [ErrorBound.Entry]?.none)
    var failure = NoBound("the problem has too many unknowns")
    var counts = firstCounts()
    var failures = 0
    while let now = counts, failures < 5 {
      do {
        let system = try ErrorSystem(linear, parts, residuals, theta, counts: now)
        counts = next(now, system.tails)
        let level = try level(system)
        defer { last = level }
        if last == nil, counts != nil { continue }
        let (found, isSharp) = try entries(level, try slack(last, level))
        try requireUse(found, level)
        method = "correction in \(system.space.count) functions"
        best = found
        if isSharp { break }
      } catch let fault as NoBound {
        failure = fault
        failures += 1
        counts = counts == now ? next(now, now.map { _ in 1 }) : counts
      }
    }
    guard let best else { throw failure }
    return best
  }

  /// Refuses bounds of nonlinear partial equations that say little more than their size.
  private func requireUse(_ entries: [ErrorBound.Entry], _ level: Level) throws(NoBound) {
    if linear.isLinear || linear.problem.variables.count == 1 { return }
    let values = residuals.evaluate(theta, at: rows)
    for (leaf, entry) in zip(unknowns, entries) {
      let correction = ErrorBoundSearch.mean(level.system.correction(leaf, at: rows))
      let bound = (entry.relativeL2 ?? .infinity) * ErrorBoundSearch.mean(values[leaf.unknown])
      guard bound <= 20 * correction else {
        throw NoBound("the defects are not resolved by \(level.system.space.count) functions")
      }
    }
  }

  /// Functions along each variable to begin with; nil where even they are too many.
  private func firstCounts() -> [Int]? {
    let dimension = linear.problem.variables.count
    let first = dimension == 1 ? 24 : dimension == 2 ? 9 : dimension == 3 ? 5 : 3
    let counts = [Int](repeating: first, count: dimension)
    return isAffordable(counts) ? counts : nil
  }

  /// More functions along the variables that need them; nil where they would be too many.
  private func next(_ counts: [Int], _ tails: [Double]) -> [Int]? {
    let most = tails.max() ?? 0
    for factor in counts.count == 1 ? [2, 1.4] : [1.5, 1.28, 1.15, 1.07] {
      let more = zip(counts, tails).map { count, tail in
        tail >= 0.1 * most ? max(Int((factor * Double(count)).rounded()), count + 1) : count
      }
      if isAffordable(more) { return more }
    }
    return nil
  }

  private func isAffordable(_ counts: [Int]) -> Bool {
    let nodes = ErrorSystem.nodes(counts)
    let functions = counts.reduce(linear.orders.count, *)
    let rows = parts.reduce(0) { sum, part in
      sum + zip(nodes, part.place).reduce(1) { $1.1 == nil ? $0 * $1.0 : $0 }
    }
    // Newton's iteration takes several solves; without it there is one a level.
    let most = linear.isLinear || counts.count == 1 ? 1700 : 700
    return functions <= most && rows * functions <= 14_000_000
  }

  private func level(_ system: ErrorSystem) throws(NoBound) -> Level {
    let (sizes, leftovers) = try system.leftoverSizes(parts)
    let remainder = RemainderBound(Array(parts.prefix(linear.equations.count)))
    var rests: [Leaf: Rest] = [:]
    for leaf in unknowns + Array(remainder.leaves) where rests[leaf] == nil {
      let found = system.influence(on: leaf, at: places, sizes: sizes)
      let onRows = found.prefix(ErrorBoundSearch.placeCount).map(\.ofSizes)
      rests[leaf] = Rest(
        size: found.map(\.ofSizes).max() ?? 0, typical: ErrorBoundSearch.mean(onRows),
        influence: leftovers.indices.map { block in found.map { $0.ofBlocks[block] }.max() ?? 0 })
    }
    return Level(system: system, remainder: remainder, rests: rests, leftovers: leftovers)
  }

  private var unknowns: [Leaf] {
    linear.orders.indices.map {
      Leaf(unknown: $0, orders: linear.problem.variables.map { _ in 0 })
    }
  }

  /// What Green's functions of two resolutions differ by, as a factor.
  private func slack(_ last: Level?, _ level: Level) throws(NoBound) -> Double {
    guard let last else { return 2 }
    var slack = 1.0
    for leaf in unknowns {
      let both = [last, level].map { found in
        zip(found.rests[leaf]?.influence ?? [], level.leftovers).reduce(0) { $0 + $1.0 * $1.1 }
      }
      guard both[0] > 0, both[1] > 0 else { continue }
      slack = max(slack, both[0] / both[1], both[1] / both[0])
    }
    guard slack <= 2 else {
      throw NoBound("Green's function is not resolved by \(level.system.space.count) functions")
    }
    return slack
  }

  /// The bounds, and whether the corrections tell most of them.
  private func entries(_ level: Level, _ slack: Double) throws(NoBound)
    -> (entries: [ErrorBound.Entry], isSharp: Bool)
  {
    let second = try secondOrder(level, slack)
    var (entries, isSharp) = ([ErrorBound.Entry](), true)
    for (leaf, name) in zip(unknowns, linear.problem.unknowns) {
      guard var rest = level.rests[leaf] else { continue }
      let further = zip(rest.influence, second).reduce(0) { $0 + $1.0 * $1.1 }
      rest.size = slack * (rest.size + further)
      rest.typical = slack * (rest.typical + further)
      let entry = entry(name, leaf, level.system, rest)
      guard entry.max.isFinite else { throw NoBound("the defects have no finite size") }
      isSharp = isSharp && rest.size < 0.2 * entry.max
      entries.append(entry)
    }
    return (entries, isSharp)
  }

  /// The sizes of the second-order terms, by equation.
  private func secondOrder(_ level: Level, _ slack: Double) throws(NoBound) -> [Double] {
    let equations = linear.equations.count
    if linear.isLinear { return [Double](repeating: 0, count: equations) }
    var (sizes, influence, steps) = ([Leaf: Double](), [Leaf: [Double]](), [Leaf: Double]())
    for leaf in level.remainder.leaves {
      guard let rest = level.rests[leaf] else { continue }
      sizes[leaf] = slack * rest.size
      influence[leaf] = rest.influence.prefix(equations).map { slack * $0 }
      steps[leaf] = level.system.correction(leaf, at: parts[0].points, isLastStep: true)
        .reduce(0) { max($0, $1.magnitude) }
    }
    let found = level.remainder.sizes(sizes, influence, steps, equations: equations)
    guard let found else {
      throw NoBound("the error is too large for the linearised equations to tell it")
    }
    return found
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
    var (relatives, most, floor) = ([Double?](), largest(system, leaf), 0.0)
    for (points, rest) in [(rows, rest.typical), (reference, rest.size)] where !points.isEmpty {
      let values = residuals.evaluate(theta, at: points)[leaf.unknown]
      let corrections = system.correction(leaf, at: points)
      most = corrections.reduce(most) { max($0, $1.magnitude) }
      // The learned solution itself, and the truth that it is compared with, are rounded.
      floor = max(floor, 8 * values.reduce(0) { max($0, $1.magnitude) }.ulp)
      let rest = rest + floor
      let truth = ErrorBoundSearch.mean(zip(values, corrections).map { $0 - $1 }) - rest
      let error = ErrorBoundSearch.mean(corrections) + rest
      relatives.append(truth > 0 ? ErrorBound.margin * error / truth : nil)
    }
    let isRelative = relatives.allSatisfy { $0 != nil }
    return ErrorBound.Entry(
      unknown: name, relativeL2: isRelative ? relatives.compactMap(\.self).max() : nil,
      max: ErrorBound.margin * (most + rest.size + floor))
  }
}
