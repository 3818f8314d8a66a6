import Numerics

/// Switches between an explicit and a stiff method, both ways.
///
/// Explicit: `tsit5`, or `dop853` at tight tolerances. Stiff: `rodas5p`, or `bdf` for large
/// systems. A system with a mass matrix stays with the stiff one. While the explicit method runs, the
/// spectral radius ρ of ∂f/∂y is estimated with an evaluation every tenth step, every second one
/// where h·ρ nears the stability limit: a step there is one that stiffness, not accuracy, holds back.
/// After four such estimates in a row the stiff method takes over. It hands back when h·‖∂f/∂y‖ has
/// stayed far inside the explicit method's stability for five steps.
/// Source: Hairer & Wanner, Solving ODEs II, sec. IV.2; L. Petzold, SIAM J. Sci. Stat. Comput. 4
/// (1983) 136.
public final class Auto: Stepper {
  /// Below this relative tolerance the eighth-order method needs fewer evaluations.
  static let tightTolerance = 1e-6
  /// Beyond this width of the band (dense: this many unknowns) `bdf`'s rarer factorisations pay.
  static let largeSystem = 100

  private let explicit: ExplicitRungeKutta?
  private let implicit: Stepper
  private var isStiff: Bool
  private var active: Stepper
  private var hits = 0
  private var stay = 5
  private let radius: SpectralRadius
  /// Steps until the next estimate.
  private var pause = 0
  private var lastRadius: Double?

  /// Allocates both methods.
  public init(_ field: VectorField, _ tolerances: Tolerances) {
    let band = 2 * field.pattern.lower + field.pattern.upper
    implicit =
      min(band, field.dimension) > Auto.largeSystem ? BDF(field, tolerances) : Rodas5P(field)
    if field.mass != nil {
      explicit = nil
    } else if tolerances.relative < Auto.tightTolerance {
      explicit = Dop853(field)
    } else {
      explicit = ExplicitRungeKutta(.tsit5, field)
    }
    isStiff = explicit == nil
    active = explicit ?? implicit
    radius = SpectralRadius(dimension: field.dimension, tolerances)
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
  public override var spectralRadius: Double? { isStiff ? active.spectralRadius : lastRadius }

  public override func start(_ t: Double, _ y: Vector) {
    last.t = t
    last.yOld = y
    active.start(t, y)
    noteUse()
    rate.assign(active.rate)
    watchAnew()
  }

  private func watchAnew() {
    hits = 0
    pause = 0
    lastRadius = nil
    radius.restart()
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
    let bound = isStiff && explicit != nil ? active.spectralRadius : nil
    active.accept()
    rate.assign(active.rate)
    guard let explicit else { return }
    if let bound {
      considerReturn(h.magnitude * bound, explicit)
    } else if pause > 0 {
      pause -= 1
    } else {
      considerStiffness(explicit)
    }
  }

  private func considerStiffness(_ explicit: ExplicitRungeKutta) {
    lastRadius = radius.estimate(field, tNew, yNew, rate: rate)
    let share = (lastRadius ?? 0) * h.magnitude / explicit.tableau.realStability
    pause = share > 0.5 ? 1 : 9
    hits = share > 0.8 ? hits + 1 : 0
    if hits >= 4 { change(to: implicit) }
  }

  private func considerReturn(_ product: Double, _ explicit: ExplicitRungeKutta) {
    hits = product < 0.5 * explicit.tableau.realStability ? hits + 1 : 0
    // Each return makes the next one harder, so that a borderline problem does not flutter.
    if hits >= stay {
      change(to: explicit)
      stay = min(2 * stay, 1000)
    }
  }

  private func change(to stepper: Stepper) {
    isStiff = stepper === implicit
    active = stepper
    noteUse()
    watchAnew()
    stepper.start(tNew, yNew)
    rate.assign(stepper.rate)
  }

  public override func saveHistory() -> [Double]? {
    active.saveHistory().map {
      [isStiff ? 1 : 0, Double(hits), Double(pause), Double(stay)] + radius.save() + $0
    }
  }

  public override func restoreHistory(_ history: [Double]) {
    isStiff = history[0] == 1
    if let explicit { active = isStiff ? implicit : explicit }
    active.start(t, yOld)
    hits = Int(history[1])
    pause = Int(history[2])
    stay = Int(history[3])
    let rest = 5 + dimension
    radius.restore(history[4..<rest])
    active.restoreHistory(Array(history[rest...]))
    rate.assign(active.rate)
  }
}
