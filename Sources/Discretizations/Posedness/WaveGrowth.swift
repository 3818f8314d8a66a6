import Expressions
import Glibc
import Numerics
import Problems

/// How fast short waves exp(λt + i·k·x) grow, with the coefficients frozen.
///
/// Petrovskii's condition: an evolution depends continuously on its initial values only if Re λ stays
/// bounded as |k| grows. The whole symbol counts, not only the highest order: a fourth derivative
/// may outweigh a second one of the wrong sign.
struct WaveGrowth {
  /// What was found along the worst path of wave vectors.
  struct Finding {
    /// Re λ grows like `factor`·|k|^`power`.
    let power: Double
    let factor: Double
    /// Wave vector of length 1 at which |k| is counted: the direction.
    let direction: [Double]
  }

  /// Wave vectors k_d = s_d·κ^p_d, κ growing.
  private struct Path {
    let slopes: [Double]
    let powers: [Double]
  }

  private let system: Linearization
  /// 1, or −1 where the marching variable runs down.
  private let sign: Double
  private let paths: [Path]
  private let steps: Int
  /// Growth from one κ to the next.
  private static let ratio = 4.0

  /// Makes ready; `isBackward` where conditions stand at the marching variable's upper end.
  init(_ system: Linearization, isBackward: Bool) {
    self.system = system
    sign = isBackward ? -1 : 1
    paths = WaveGrowth.paths(system.space)
    // A mass that grows with k loses its small entries in rounding beyond some thousand.
    let isMixed = system.entries.contains { entry in
      entry.spaceOrder > 0
        && entry.time == system.problem.order(of: entry.jet.name, in: system.marching ?? "")
        && entry.time > 0
    }
    steps = isMixed ? 7 : 20
  }

  /// Axes, diagonals and other directions, and curves where one wave number outruns the other.
  private static func paths(_ space: [Interval]) -> [Path] {
    let units = space.map { 2 * Double.pi / ($0.upper - $0.lower) }
    var directions: [[Double]] = [[]]
    for _ in space { directions = directions.flatMap { [$0 + [0], $0 + [1], $0 + [-1]] } }
    // k and −k are conjugates: the first number that is not zero is positive.
    directions = directions.filter { ($0.first { $0 != 0 } ?? -1) > 0 }
    if space.count == 2 {
      directions += [[1, 0.3], [1, -0.3], [0.3, 1], [0.3, -1]]
    }
    let straight = [Double](repeating: 1, count: space.count)
    var paths = directions.map { Path(slopes: zip(units, $0).map(*), powers: straight) }
    if space.count == 2 {
      for slope in [units[1], -units[1]] {
        paths.append(Path(slopes: [units[0], slope], powers: [1, 2]))
        paths.append(Path(slopes: [units[0], slope], powers: [2, 1]))
      }
    }
    return paths
  }

  /// How many sets of coefficients may be looked at in about a second: 2·10⁹ operations.
  var affordable: Int {
    let size = Double(2 * system.unknowns.count)
    return max(9, Int(2e9 / (Double(paths.count * steps) * 100 * size * size * size)))
  }

  /// The fastest growth with a positive power of |k|; nil where Re λ is bounded, or undecided.
  func finding(_ values: [Double]) -> Finding? {
    var worst: Finding?
    for path in paths {
      guard let found = finding(values, path) else { continue }
      if found.power > worst?.power ?? 0 { worst = found }
    }
    return worst
  }

  /// Walks from the shortest waves to longer ones until four growth rates stand out of rounding:
  /// those tell how it goes on.
  private func finding(_ values: [Double], _ path: Path) -> Finding? {
    var resolved: [(size: Double, rate: Double)] = []
    var direction: [Double] = []
    for step in stride(from: steps, through: 0, by: -1) {
      let scale = pow(WaveGrowth.ratio, Double(step))
      let wave = zip(path.slopes, path.powers).map { $0 * pow(scale, $1) }
      guard let (rate, noise) = rate(values, wave) else { continue }
      if rate.magnitude <= noise {
        if !resolved.isEmpty { return nil }
        continue
      }
      if rate < 0 { return nil }
      let size = wave.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if resolved.isEmpty { direction = wave.map { $0 / size } }
      resolved.append((size, rate))
      if resolved.count == 4 { break }
    }
    guard resolved.count == 4 else { return nil }
    let powers = zip(resolved, resolved.dropFirst()).map { short, long in
      log(short.rate / long.rate) / log(short.size / long.size)
    }
    // The smallest power that an algebraic function of a small system shows is 1/3.
    guard powers.allSatisfy({ $0 > 0.2 }) else { return nil }
    let power = (powers[0] * 12).rounded() / 12
    return Finding(
      power: power, factor: resolved[0].rate / pow(resolved[0].size, power), direction: direction)
  }

  /// The largest growth rate of a wave vector, and what of it may be rounding.
  func rate(_ values: [Double], _ wave: [Double]) -> (rate: Double, noise: Double)? {
    let pencil = Pencil(system, values) { entry in
      entry.time
    } factor: { entry in
      var size = 1.0
      for (k, order) in zip(wave, entry.space) { for _ in 0..<order { size *= k } }
      return switch entry.spaceOrder % 4 {
      case 0: (size, 0)
      case 1: (0, size)
      case 2: (-size, 0)
      default: (0, -size)
      }
    }
    guard let reduced = pencil.reduced() else { return nil }
    if reduced.dimension == 0 { return nil }
    if reduced.dimension == 1 { return (sign * reduced.matrix[0], 0) }
    guard let exact = Eigenvalues(reduced.matrix, dimension: reduced.dimension) else { return nil }
    let rate = largest(exact)
    let size = zip(exact.real, exact.imaginary).map { hypot($0, $1) }.max() ?? 0
    if pencil.components.count == 1 { return (rate, 1e-15 * rate.magnitude) }
    var noise = 1e-12 * size
    if rate.magnitude <= noise { return (rate, noise) }
    // Entries off by a part in 10¹⁰ show how far rounding may move the rate: for multiple
    // eigenvalues without their full set of vectors, far.
    for seed in 1...2 {
      var state = UInt64(seed)
      let moved = reduced.matrix.map { entry in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return entry * (1 + 1e-10 * (Double(state >> 40) / Double(1 << 23) - 1))
      }
      guard let other = Eigenvalues(moved, dimension: reduced.dimension) else { return nil }
      noise = max(noise, 10 * abs(largest(other) - rate))
    }
    return (rate, noise)
  }

  private func largest(_ eigenvalues: Eigenvalues) -> Double {
    eigenvalues.real.reduce(-Double.infinity) { max($0, sign * $1) }
  }
}
