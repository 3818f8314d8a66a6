import Glibc
import Expressions
import Problems

/// Which grids a problem is solved on: what its file asks for, else what suits it.
///
/// Periodic variables take `fourier`, others `chebyshev`, as long as that many points resolve the
/// solution; then differences of order 6 in one space variable and of order 4 in more. Transport
/// without diffusion whose speed depends on the unknown steepens into shocks: `limited`.
public struct SchemeChoice {
  /// A dense factorization of more unknowns than this takes too long in every step.
  private static let mostDenseInStep = 1300
  /// A dense factorization of more unknowns than this takes too long at all.
  private static let mostDense = 6000

  private let problem: Problem
  private let space: [Interval]
  private let periodic: Set<String>
  /// Fields of the state: two for an unknown of second order in time.
  private let fieldCount: Int

  /// Looks at a problem of kind evolution or elliptic.
  public init(_ problem: Problem) {
    self.problem = problem
    space = problem.variables.filter { $0.name != problem.marching }
    periodic = problem.periodicVariables
    fieldCount = problem.allUnknowns.reduce(0) { count, unknown in
      count + max(1, problem.marching.map { problem.order(of: unknown, in: $0) } ?? 1)
    }
  }

  /// The grid that the file fixes, and a coarser one for the estimate; nil where it is refined.
  ///
  /// - Throws: `ProblemFaults` at the key `solve.grid` or `solve.scheme`.
  public func fixedGrid() throws -> (grid: [AxisSpec], coarser: [AxisSpec]?)? {
    let counts = space.map { problem.solve.grid?[$0.name]?.points }
    guard !counts.contains(nil) else { return nil }
    let product = counts.reduce(Double(fieldCount)) { $0 * Double($1 ?? 1) }
    let isSmall = product <= Double(mostEntries)
    let hasGrading = space.contains { problem.solve.grid?[$0.name]?.grading != nil }
    let family = try self.family(isSpectral: isSmall && !hasGrading && !isShocking)
    let grid = family.grid(1)
    let coarser = zip(family.axes, grid).map { axis, spec in
      var spec = spec
      let isOpen = axis.isPeriodic || axis.scheme.isSpectral
      let factor = axis.scheme.isSpectral ? 1.5 : 2
      let intervals = Double(isOpen ? spec.points : spec.points - 1) / factor
      spec.points = Int(intervals.rounded()) + (isOpen ? 0 : 1)
      return spec
    }
    let isEnough = zip(space, coarser).allSatisfy { $1.points >= minimum($0, $1.scheme) }
    return (grid, isEnough ? coarser : nil)
  }

  /// The families to try, one after the other.
  ///
  /// - Throws: `ProblemFaults` at the key `solve.scheme` or `solve.grid`.
  public func families() throws -> [GridFamily] {
    let hasScheme = space.contains { problem.solve.scheme?[$0.name] != nil }
    let hasGrading = space.contains { problem.solve.grid?[$0.name]?.grading != nil }
    if hasScheme { return [try family(isSpectral: !hasGrading)] }
    if hasGrading || isShocking { return [try family(isSpectral: false)] }
    return [try family(isSpectral: true), try family(isSpectral: false)]
  }

  /// A family where each axis has the scheme of the file, else the one that suits it.
  private func family(isSpectral: Bool) throws -> GridFamily {
    let declared = try space.map { try scheme($0) }
    // One axis of differences keeps the matrices sparse only if all are.
    let isSpectral =
      declared.contains { $0 != nil }
      ? declared.allSatisfy { $0?.isSpectral ?? true } : isSpectral
    let order = declared.compactMap { scheme -> Int? in
      if case .difference(let order)? = scheme { order } else { nil }
    }.max()
    return GridFamily(
      try zip(space, declared).map { interval, scheme in
        let other: Scheme =
          isSpectral
          ? (periodic.contains(interval.name) ? .fourier : .chebyshev)
          : isShocking ? .limited : .difference(order ?? (space.count == 1 ? 6 : 4))
        return try member(interval, scheme ?? other)
      })
  }

  private func member(_ interval: Interval, _ scheme: Scheme) throws -> GridFamily.Member {
    let setting = problem.solve.grid?[interval.name]
    let least = minimum(interval, scheme)
    if let points = setting?.points, points < least {
      throw problem.fault(
        path: "solve.grid.\(interval.name)",
        "\(points) points of '\(interval.name)' are too few for \(scheme.name) here",
        "write at least \(least)")
    }
    let isPeriodic = periodic.contains(interval.name)
    let (first, most) = range(scheme, isPeriodic: isPeriodic)
    let grading = scheme.isSpectral ? nil : setting?.grading
    return GridFamily.Member(
      name: interval.name, lower: interval.lower, upper: interval.upper, scheme: scheme,
      isPeriodic: isPeriodic, grading: grading.map { Grading(near: $0.near, ratio: $0.ratio) },
      first: setting?.points ?? max(first, least),
      most: setting?.points ?? max(most, first, least))
  }

  /// Points of the coarsest and of the finest grid.
  private func range(_ scheme: Scheme, isPeriodic: Bool) -> (first: Int, most: Int) {
    let isLine = space.count == 1
    let extra = isPeriodic ? 0 : 1
    switch scheme {
    case .difference: return isLine ? (64 + extra, 32768 + extra) : (32 + extra, 512 + extra)
    case .limited: return isLine ? (64 + extra, 8192 + extra) : (32 + extra, 256 + extra)
    case .chebyshev, .fourier:
      if isLine {
        // Banded differences are faster than dense matrices unless many digits are wanted.
        let isFine = problem.solve.accuracy < 1e-8
        let most = min(scheme == .fourier ? 192 : 96, 384 / fieldCount) * (isFine ? 2 : 1)
        return (scheme == .fourier ? 32 : 24, max(most, 64))
      }
      let share = pow(Double(mostEntries / fieldCount), 1 / Double(space.count))
      return (16, max(16, min(64, Int(share / 2) * 2)))
    }
  }

  private var mostEntries: Int {
    problem.kind == .elliptic || space.count == 1 ? Self.mostDense : Self.mostDenseInStep
  }

  private func minimum(_ interval: Interval, _ scheme: Scheme) -> Int {
    let order = problem.allUnknowns.map { problem.order(of: $0, in: interval.name) }.max() ?? 0
    return Axis.minimumPoints(scheme, maxOrder: order)
  }

  private func scheme(_ interval: Interval) throws -> Scheme? {
    guard let name = problem.solve.scheme?[interval.name], let scheme = Scheme(name: name) else {
      return nil
    }
    let isPeriodic = periodic.contains(interval.name)
    if scheme == .fourier, !isPeriodic {
      throw problem.fault(
        path: "solve.scheme", "'fourier' needs a period, and '\(interval.name)' has none",
        "choose chebyshev, or declare: periodic in \(interval.name)")
    }
    if scheme == .chebyshev, isPeriodic {
      throw problem.fault(
        path: "solve.scheme", "'chebyshev' cannot close the period of '\(interval.name)'",
        "choose fourier")
    }
    return scheme
  }

  /// Whether the problem is transport alone, with a speed that depends on what is transported.
  public var isShocking: Bool {
    guard problem.kind == .evolution else { return false }
    var transports = false
    for unknown in problem.allUnknowns {
      for interval in space {
        let order = problem.order(of: unknown, in: interval.name)
        if order > 1 { return false }
        guard order == 1 else { continue }
        let slope = Symbol(unknown, [interval.name])
        for equation in problem.equations {
          guard let speed = try? equation.residual.derivative(by: slope) else { continue }
          if speed.symbols.contains(where: { problem.allUnknowns.contains($0.name) }) {
            transports = true
          }
        }
      }
    }
    return transports
  }
}
