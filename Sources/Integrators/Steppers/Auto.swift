import Numerics

/// Switches between an explicit and a stiff method, both ways.
///
/// Explicit: `tsit5`, or `dop853` at tight tolerances. Stiff: `rodas5p`, or `bdf` for large
/// systems. A system with a mass matrix stays with the stiff one. The explicit method's last two
/// stages estimate the spectral radius ρ: a step with h·ρ near its stability limit is one that
/// stiffness, not accuracy, holds back; after ten of them the stiff method takes over. It hands back
/// when h·‖∂f/∂y‖ has stayed far inside the explicit method's stability for five steps.
/// Source: Hairer & Wanner, Solving ODEs II, sec. IV.2; L. Petzold, SIAM J. Sci. Stat. Comput. 4
/// (1983) 136.
public final class Auto: Stepper {
  /// Below this relative tolerance the eighth-order method needs fewer evaluations.
  static let tightTolerance = 1e-6
  /// Beyond this many unknowns (dense) `bdf`'s rarer factorisations pay.
  static let largeSystem = 100

  private let explicit: ExplicitRungeKutta?
  private let implicit: Stepper
  private var isStiff: Bool
  private var active: Stepper
  private var hits = 0
  private var misses = 0
  private var stay = 5

  /// Allocates both methods.
  public init(_ field: VectorField, _ tolerances: Tolerances) {
    let band = 2 * field.pattern.lower + field.pattern.upper
    let isLarge =
      min(band, field.dimension) > Auto.largeSystem || field.dimension > 10 * Auto.largeSystem
    implicit = isLarge ? BDF(field, tolerances) : Rodas5P(field)
    if field.mass != nil {
      explicit = nil
    } else if tolerances.relative < Auto.tightTolerance {
      explicit = Dop853(field)
    } else {
      explicit = ExplicitRungeKutta(.tsit5, field)
    }
    isStiff = explicit == nil
    active = explicit ?? implicit
    super.init(field)
  }

  /// The methods used so far, in the order of their first use.
  public private(set) var used: [String] = []

  private var activeName: String {
    isStiff ? (implicit is BDF ? "bdf" : "rodas5p") : explicit?.tableau.name ?? ""
  }

  private func noteUse() {
    if !used.contains(activeName) { used.append(activeName) }
  }

  public override var order: Int { active.order }
  public override var errorPower: Double { active.errorPower }
  public override var interpolantDegree: Int {
    max(implicit.interpolantDegree, explicit?.interpolantDegree ?? 0)
  }
  public override var spectralRadius: Double? { active.spectralRadius }

  public override func start(_ t: Double, _ y: Vector) {
    last.t = t
    last.yOld = y
    active.start(t, y)
    noteUse()
    rate.assign(active.rate)
    hits = 0
    misses = 0
  }

  public override func attempt() -> Bool {
    let isTaken = active.step(t, yOld, to: tNew, yNew)
    error.assign(active.error)
    return isTaken
  }

  public override func scaledError(_ norm: ErrorNorm) -> Double { active.scaledError(norm) }
  public override func prepareInterpolant(_ norm: ErrorNorm) { active.prepareInterpolant(norm) }
  public override func interpolate(_ theta: Double, into y: Vector) {
    active.interpolate(theta, into: y)
  }

  public override func ownFactor(_ error: Double, _ norm: ErrorNorm, accepted: Bool) -> Double? {
    active.ownFactor(error, norm, accepted: accepted)
  }

  public override func accept() {
    let radius = explicit == nil ? nil : active.spectralRadius
    active.accept()
    if let explicit, let radius { consider(h.magnitude * radius, explicit) }
    rate.assign(active.rate)
  }

  private func consider(_ product: Double, _ explicit: ExplicitRungeKutta) {
    let limit = explicit.tableau.realStability
    if isStiff {
      hits = product < 0.5 * limit ? hits + 1 : 0
      // Each return makes the next one harder, so that a borderline problem does not flutter.
      if hits >= stay {
        change(to: explicit)
        stay = min(2 * stay, 1000)
      }
    } else if product > 0.9 * limit {
      hits += 1
      misses = 0
      if hits >= 10 { change(to: implicit) }
    } else {
      misses += 1
      if misses >= 6 { hits = 0 }
    }
  }

  private func change(to stepper: Stepper) {
    isStiff = stepper === implicit
    active = stepper
    noteUse()
    hits = 0
    misses = 0
    stepper.start(tNew, yNew)
  }

  public override func saveHistory() -> [Double]? {
    active.saveHistory().map { [isStiff ? 1 : 0, Double(hits), Double(misses), Double(stay)] + $0 }
  }

  public override func restoreHistory(_ history: [Double]) {
    isStiff = history[0] == 1
    if let explicit { active = isStiff ? implicit : explicit }
    active.start(t, yOld)
    hits = Int(history[1])
    misses = Int(history[2])
    stay = Int(history[3])
    active.restoreHistory(Array(history.dropFirst(4)))
    rate.assign(active.rate)
  }
}
