import Glibc

/// Climbs one family of grids, from coarse to fine.
final class RefinementLadder<Solution> {
  enum Ending {
    case met
    case stopped
    /// - Parameter isFinal: whether grids of another family would do no better.
    case gaveUp(String, isFinal: Bool = false)
  }

  /// A solved grid and its distance from the one below.
  struct Rung {
    var level: RefinementLevel
    var scale: Double
    /// Points of the leading axis.
    var points: Double
    var answer: LevelAnswer<Solution>
    /// To the rung below, by unknown; empty on the first.
    var distances: [Double] = []
    var grid: [AxisSpec] { level.axes }
    var rtol: Double { level.rtol }
    var worst: Double { distances.max() ?? .infinity }
    var tail: Double? { answer.tails.max() }
  }

  private let refinement: Refinement<Solution>
  let family: GridFamily
  private let law: ErrorLaw
  private(set) var rungs: [Rung] = []
  private var failures = 0
  private var rate: Double?
  private var tightenings = 0
  /// A rung with the tolerance before the last one, to be compared with the next on its grid.
  private var loose: Rung?
  /// The tolerance at which the error in time was found not to be at fault.
  private var acquitted = Double.nan
  /// Error in time by unknown, at the refinement's tolerance.
  private var timeErrors: [Double]?
  /// The method that they belong to.
  private var timeMethod: String?

  init(_ refinement: Refinement<Solution>, _ family: GridFamily) {
    self.refinement = refinement
    self.family = family
    law = family.law
  }

  private var accuracy: Double { refinement.goal.accuracy }

  func climb() throws -> Ending {
    var scale = 1.0
    if family.isSpectral {
      let scouting = try SpectralScout(refinement, family).run()
      switch scouting {
      case .start(let first): scale = first
      case .stopped: return .stopped
      case .unresolvable(let why): return .gaveUp(why)
      }
    }
    while true {
      let grid = family.grid(scale)
      if let why = refinement.refuse(grid) { return .gaveUp(lack(why)) }
      let answer = try refinement.ask(grid, tolerance(family.leading(grid)), .level)
      switch answer.ending {
      case .stopped: return .stopped
      case .failed(let why):
        failures += 1
        if failures > 2 || scale >= family.mostScale { return .gaveUp(why) }
        rungs = []
        scale = min(2 * scale, family.mostScale)
        continue
      case .complete: failures = 0
      }
      place(answer, grid, scale)
      switch try judge() {
      case .finer(let next): scale = next
      case .ended(let ending): return ending
      }
    }
  }

  private enum Verdict {
    case finer(Double)
    case ended(Ending)
  }

  /// Puts an answer on top of the ladder.
  private func place(_ answer: LevelAnswer<Solution>, _ grid: [AxisSpec], _ scale: Double) {
    var rung = Rung(
      level: refinement.lastLevel, scale: scale, points: family.leading(grid), answer: answer)
    if let below = rungs.last {
      rung.distances = below.answer.comparison.distances(to: answer.comparison)
    }
    if let old = loose, old.grid == grid {
      timeErrors = old.answer.comparison.distances(to: answer.comparison).map {
        $0 / (TimeError.gain(old.rtol / rung.rtol) - 1)
      }
    }
    loose = nil
    rungs.append(rung)
    rate = observedRate
    refinement.keep(answer, spaceErrors)
  }

  /// The rate that the last three rungs show.
  private var observedRate: Double? {
    guard rungs.count > 2 else { return nil }
    let last = rungs.suffix(3).map { $0 }
    return law.rate(
      points: (last[0].points, last[1].points, last[2].points),
      distances: (last[1].worst, last[2].worst))
  }

  /// Estimated errors in space of the last rung, by unknown; nil where there is nothing to compare.
  private var spaceErrors: [Double]? {
    guard let top = rungs.last, rungs.count > 1 else { return nil }
    let below = rungs[rungs.count - 2]
    let points = (below.points, top.points)
    if let rate { return top.distances.map { law.error(points: points, distance: $0, rate: rate) } }
    // Two grids do not show how the error falls: order 1, or what the spectral coefficients say.
    guard let fine = top.tail, let coarse = below.tail, law == .geometric else {
      return top.distances
    }
    let gain = min(max(coarse / max(fine, .ulpOfOne), 2), 11)
    return top.distances.map { $0 / (gain - 1) }
  }

  private func judge() throws -> Verdict {
    guard let top = rungs.last, let space = spaceErrors, let worst = space.max() else {
      return .finer(next(1, from: rungs.last?.scale ?? 1))
    }
    if worst <= accuracy { return try settleTime(space) }
    if isResolved || isStagnant, let verdict = try blameTime() { return verdict }
    if isStagnant {
      refinement.doubt(top.distances)
      return .ended(.gaveUp(Shortfall.standstill(top.grid, top.worst, accuracy).sentence))
    }
    if top.scale >= family.mostScale {
      return .ended(.gaveUp(Shortfall.cap(top.grid, worst, accuracy, rate, law).sentence))
    }
    guard let rate else { return .finer(next(family.step, from: top.scale)) }
    let need = law.points(for: wanted, from: top.points, error: worst, rate: rate) / top.points
    let reach = family.mostScale / top.scale
    if need < 1.5 * factor(need, rate), let ending = try lookAhead(top) { return .ended(ending) }
    if isHopeless(need / reach, top) {
      return .ended(.gaveUp(Shortfall.cap(top.grid, worst, accuracy, rate, law).sentence))
    }
    return .finer(next(factor(need, rate), from: top.scale))
  }

  /// The error in space to aim at.
  private var wanted: Double { (law == .geometric ? 2 : 0.5) * accuracy }

  /// More than one step of the family only where the law is seen to hold.
  private func factor(_ need: Double, _ rate: Double) -> Double {
    switch law {
    case .geometric: return min(max(need, 1.25), 2.25)
    case .algebraic(let order):
      return min(
        max(1.05 * need, 1.5), rate > 0.7 * order ? min(4, pow(law.mostGain, 1 / rate)) : 2)
    }
  }

  private func next(_ factor: Double, from scale: Double) -> Double {
    var next = scale * max(factor, rungs.count < 2 ? family.step : 1.1)
    while family.grid(next) == family.grid(scale), next < family.mostScale { next *= 1.1 }
    return min(next, family.mostScale)
  }

  /// Whether what is needed lies far beyond what can be had, as far as the rungs can tell.
  private func isHopeless(_ excess: Double, _ top: Rung) -> Bool {
    switch law {
    case .geometric: rungs.count > 3 && excess > 1.3
    case .algebraic:
      rungs.count > 3 && excess > 8 && family.isLate(top.scale)
    }
  }

  /// Two times in succession the distances fell by less than a quarter, or small ones rise again.
  private var isStagnant: Bool {
    guard rungs.count > 3 else { return false }
    let last = rungs.suffix(3).map(\.worst)
    if last[2] > 0.9 * last[1], last[2] < 1e-4 { return true }
    return last[1] > 0.75 * last[0] && last[2] > 0.75 * last[1] && family.isLate(rungs.last?.scale)
  }

  /// Whether the coefficients left out on the rung below are too small to be what is seen.
  private var isResolved: Bool {
    guard law == .geometric, rungs.count > 1, let tail = rungs[rungs.count - 2].tail else {
      return false
    }
    return tail <= accuracy
  }

  /// Where the error in time is what keeps neighbours apart, begins anew with a lower tolerance.
  private func blameTime() throws -> Verdict? {
    guard refinement.goal.hasTime, acquitted != refinement.rtol, rungs.count > 1,
      let top = rungs.last
    else { return nil }
    guard let time = try measureTime(rungs[rungs.count - 2]) else { return .ended(.stopped) }
    let worst = time.max() ?? 0
    guard worst > 0.05 * top.worst else {
      acquitted = refinement.rtol
      return nil
    }
    if isExhausted { return .ended(exhausted(worst)) }
    let below = rungs[rungs.count - 2]
    tighten(worst)
    loose = below
    rungs = []
    return .finer(below.scale)
  }
}

/// The error in time.
extension RefinementLadder {
  /// Sees to it that the error in time, too, is small enough.
  private func settleTime(_ space: [Double]) throws -> Verdict {
    guard refinement.goal.hasTime else { return .ended(.met) }
    var space = space
    // What another method's tolerances showed says nothing of this one.
    if timeMethod != rungs.last?.answer.method { timeErrors = nil }
    if let top = rungs.last, top.rtol > 3 * refinement.rtol {
      guard let time = try resolve() else { return .ended(.stopped) }
      timeErrors = time
      space = spaceErrors ?? space
    } else if timeErrors == nil {
      guard
        let rung = rungs.suffix(2).first(where: {
          $0.answer.method == rungs.last?.answer.method
        }), let time = try measureTime(rung)
      else { return .ended(.stopped) }
      timeErrors = time
    }
    timeMethod = rungs.last?.answer.method
    while let time = timeErrors, let top = rungs.last {
      let sums = zip(space, time).map { $0 + $1 }
      refinement.settle(top.level, top.answer, sums)
      let worst = sums.max() ?? 0
      if worst <= accuracy { return .ended(.met) }
      let worstTime = time.max() ?? 0
      if worstTime < 0.3 * accuracy {
        // Space and time are at fault alike.
        return top.scale < family.mostScale
          ? .finer(next(1.5, from: top.scale))
          : .ended(.gaveUp(Shortfall.cap(top.grid, worst, accuracy, rate, law).sentence))
      }
      if isExhausted { return .ended(exhausted(worstTime)) }
      tighten(worstTime)
      guard let finer = try resolve() else { return .ended(.stopped) }
      timeErrors = finer
    }
    return .ended(.met)
  }

  private var isExhausted: Bool {
    tightenings >= 4 || refinement.rtol <= Refinement<Solution>.tightest
  }

  private func exhausted(_ error: Double) -> Ending {
    .gaveUp(Shortfall.time(refinement.rtol, error, accuracy).sentence, isFinal: true)
  }

  /// Sets the tolerance before what is likely the last and dearest level; an ending if stopped.
  private func lookAhead(_ top: Rung) throws -> Ending? {
    guard refinement.goal.hasTime, timeErrors == nil else { return nil }
    guard let time = try measureTime(top) else { return .stopped }
    timeMethod = top.answer.method
    let worst = time.max() ?? 0
    // What a lower tolerance comes to is measured when the level is there.
    if worst > accuracy / 4, !isExhausted { tighten(worst) } else { timeErrors = time }
    return nil
  }

  /// Lowers the tolerance so that an error in time of `error` becomes a quarter of the accuracy.
  private func tighten(_ error: Double) {
    let factor = TimeError.tolerance(for: accuracy / 4, error: error)
    refinement.rtol = max(Refinement<Solution>.tightest, refinement.rtol * min(factor, 0.3))
    tightenings += 1
    timeErrors = nil
  }

  /// Solves the top rung again with the refinement's tolerance; the error in time that this shows.
  ///
  /// nil if it was stopped.
  private func resolve() throws -> [Double]? {
    guard var top = rungs.popLast() else { return nil }
    let answer = try refinement.ask(
      top.grid, refinement.rtol, .level, method: top.answer.method)
    guard answer.ending == .complete else {
      rungs.append(top)
      if case .failed = answer.ending {
        return top.answer.comparison.columns.map { _ in .infinity }
      }
      return nil
    }
    let distances = top.answer.comparison.distances(to: answer.comparison)
    let gain = TimeError.gain(top.rtol / refinement.rtol)
    top.answer = answer
    top.level = refinement.lastLevel
    if let below = rungs.last {
      top.distances = below.answer.comparison.distances(to: answer.comparison)
    }
    rungs.append(top)
    return distances.map { $0 / (gain - 1) }
  }

  /// The error in time at the refinement's tolerance, as it is on a rung; nil if it was stopped.
  private func measureTime(_ rung: Rung) throws -> [Double]? {
    var rung = rung
    if rung.rtol > 30 * refinement.rtol {
      // Too far off to be told from it: a second tolerance nearby.
      let nearer = try refinement.ask(
        rung.grid, 10 * refinement.rtol, .time, method: rung.answer.method)
      if nearer.ending == .stopped { return nil }
      if nearer.ending == .complete { (rung.answer, rung.level) = (nearer, refinement.lastLevel) }
    }
    let isLoose = rung.rtol > 3 * refinement.rtol
    let other = isLoose ? refinement.rtol : min(10 * rung.rtol, 1e-2)
    let answer = try refinement.ask(rung.grid, other, .time, method: rung.answer.method)
    switch answer.ending {
    case .stopped: return nil
    case .failed: return rung.answer.comparison.columns.map { _ in refinement.rtol }
    case .complete: break
    }
    let distances = rung.answer.comparison.distances(to: answer.comparison)
    let gain = TimeError.gain(max(rung.rtol, other) / min(rung.rtol, other))
    return distances.map { $0 / (gain - 1) }
  }

  /// Tolerance for a grid of that many points: tight only where the error in space will be small.
  private func tolerance(_ points: Double) -> Double {
    guard refinement.goal.hasTime, case .algebraic(let order) = law else { return refinement.rtol }
    var expected = rungs.isEmpty ? 1e-2 : 2e-3
    if let top = rungs.last, rungs.count > 1 {
      expected = top.worst * law.gain((points, rungs[rungs.count - 2].points), order)
    }
    // Steps at the edge of stability leave errors of a hundred tolerances.
    return max(refinement.rtol, min(expected / 1000, Refinement<Solution>.coarsest))
  }

  private func lack(_ why: String) -> String {
    guard let errors = spaceErrors, let worst = errors.max() else { return why }
    return Shortfall.memory(rungs.last?.grid ?? [], worst, accuracy, why).sentence
  }
}
