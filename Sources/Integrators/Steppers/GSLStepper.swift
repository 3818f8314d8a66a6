import Numerics

/// Any of GSL's eleven steppers, through `gsl_odeiv2_step_apply` alone.
///
/// GSL has no continuous extensions: values inside a step come from ``HermiteHistory``. Explicit
/// methods and Adams interpolate values and rates, implicit ones values alone. Where that is not
/// accurate enough, explicit methods take a ``PicardInterpolant`` and implicit one-step methods
/// sub-steps, at most once a step.
/// Source: GNU Scientific Library reference manual, "Ordinary Differential Equations".
public final class GSLStepper: Stepper {
  private let kind: GSLStepKind
  private let gsl: GSLStep
  private let history: HermiteHistory
  private lazy var picard = PicardInterpolant(field)
  private var inside: ChebyshevValues
  private let rateNew: Vector
  private let subY: Vector
  private let subError: Vector
  private let subIn: Vector
  private let subOut: Vector
  private let work: Storage
  private var source = Source.history

  /// Where values inside the last step come from.
  private enum Source {
    case history, picard, inside
  }

  /// Allocates the GSL stepper.
  ///
  /// - Throws: `GSLError` when GSL finds no memory.
  public init(
    _ kind: GSLStepKind, _ field: VectorField, _ tolerances: Tolerances
  ) throws(GSLError) {
    let n = field.dimension
    self.kind = kind
    gsl = try GSLStep(
      kind, dimension: n, system: FieldSystem(field), relative: tolerances.relative,
      absolute: tolerances.absolute)
    history = HermiteHistory(dimension: n, nodes: kind.nodes, usesRates: kind.usesRates)
    inside = ChebyshevValues(dimension: n, degree: 4)
    work = Storage(5 * n)
    rateNew = work.vector.slice(0, n)
    subY = work.vector.slice(n, n)
    subError = work.vector.slice(2 * n, n)
    subIn = work.vector.slice(3 * n, n)
    subOut = work.vector.slice(4 * n, n)
    super.init(field)
  }

  public override var order: Int { gsl.order }
  public override var errorPower: Double { kind.errorPower(gsl.order) }
  public override var interpolantDegree: Int {
    switch source {
    case .history: kind.usesRates ? 2 * kind.nodes - 1 : kind.nodes - 1
    case .picard: PicardInterpolant.degree
    case .inside: inside.degree
    }
  }

  public override func start(_ t: Double, _ y: Vector) {
    super.start(t, y)
    gsl.reset()
    history.clear()
    history.push(t, y, rate)
  }

  public override func attempt() -> Bool {
    yNew.assign(yOld)
    return gsl.apply(t, h, yNew, error: error, rateIn: rate, rateOut: rateNew)
  }

  public override func accept() {
    rate.assign(rateNew)
    history.push(tNew, yNew, rateNew)
  }

  /// Multistep methods keep their step while the error is within half of what is allowed, as GSL's
  /// own law does: their choice of order needs equal steps.
  public override func ownFactor(_ error: Double, _ norm: ErrorNorm, accepted: Bool) -> Double? {
    kind.isMultistep && accepted && error >= 0.5 ? 1 : nil
  }

  /// The polynomial with a node less is worse by orders: a difference of this part of the tolerance
  /// leaves the full one more accurate than the step.
  ///
  /// Steps of the eighth-order method are so long that it is worse by less.
  private var historyShare: Double { kind == .rk8pd ? PicardInterpolant.share : 0.5 }

  /// The polynomial through step ends, checked against the one with a node less; where they differ
  /// by more than a part of the tolerance, something better from inside the step.
  public override func prepareInterpolant(_ norm: ErrorNorm) {
    source = .history
    let wanted = kind.isMultistep ? min(kind.nodes, gsl.order / 2 + 3) : kind.nodes
    let nodes = min(wanted, history.count + 1)
    if nodes > 2 {
      history.buildThrough(tNew, yNew, rateNew, nodes: nodes - 1, from: t)
      history.evaluate(t + 0.5 * h, into: subY)
    }
    history.buildThrough(tNew, yNew, rateNew, nodes: nodes, from: t)
    if kind.isMultistep { return }
    if nodes > 2 {
      history.evaluate(t + 0.5 * h, into: subIn)
      for c in 0..<dimension { subY[c] -= subIn[c] }
      if norm.measure(subY, yOld, yNew) <= historyShare { return }
    }
    if kind.usesRates {
      picard.refine(self, rateNew: rateNew, norm)
      source = .picard
    } else {
      if fillInside(norm) { source = .inside }
    }
  }

  /// Sub-steps between Chebyshev points, twice as many until their polynomial stands still; false
  /// where the method fails on one of them.
  private func fillInside(_ norm: ErrorNorm) -> Bool {
    for degree in [4, 8, 16, 32, 64] {
      inside = ChebyshevValues(dimension: dimension, degree: degree)
      inside.value(0).assign(yOld)
      subIn.assign(rate)
      for piece in 1..<degree {
        let from = t + h * inside.nodes[piece - 1]
        let size = h * (inside.nodes[piece] - inside.nodes[piece - 1])
        let y = inside.value(piece)
        y.assign(inside.value(piece - 1))
        guard gsl.apply(from, size, y, error: subError, rateIn: subIn, rateOut: subOut) else {
          return false
        }
        subIn.assign(subOut)
      }
      inside.value(degree).assign(yNew)
      if inside.tail(norm, yOld, yNew, scratch: subY) <= PicardInterpolant.share { break }
    }
    return true
  }

  public override func interpolate(_ theta: Double, into y: Vector) {
    if theta == 1 { return y.assign(yNew) }
    switch source {
    case .history: history.evaluate(t + theta * h, into: y)
    case .picard: picard.interpolate(theta, into: y)
    case .inside: inside.interpolate(theta, into: y)
    }
  }

  public override func saveHistory() -> [Double]? {
    kind.isMultistep ? nil : rate.array + history.save()
  }

  public override func restoreHistory(_ history: [Double]) {
    super.restoreHistory(history)
    self.history.restore(Array(history.dropFirst(dimension)))
  }
}

/// What GSL evaluates: the field, its rates counted.
private final class FieldSystem: GSLSystem {
  private let field: VectorField
  private let entries: Storage

  init(_ field: VectorField) {
    self.field = field
    entries = Storage(field.pattern.count)
  }

  override func evaluate(_ t: Double, _ y: Vector, into dydt: Vector) { field(t, y, into: dydt) }

  override func derivatives(_ t: Double, _ y: Vector, jacobian: Vector, time: Vector) {
    field.counts.jacobians += 1
    field.jacobian(t, y, into: entries.vector)
    jacobian.fill(0)
    let pattern = field.pattern
    for k in 0..<pattern.count {
      jacobian[pattern.rows[k] * field.dimension + pattern.columns[k]] = entries.vector[k]
    }
    field.timeDerivative(t, y, into: time)
  }
}

extension GSLStepKind {
  /// Step ends that the interpolant passes through, so that its degree exceeds the order.
  fileprivate var nodes: Int {
    switch self {
    case .rk2, .rk1imp: 3
    case .rk4, .rk2imp, .rkf45, .rkck: 4
    case .rk8pd: 5
    case .rk4imp: 6
    case .msadams, .msbdf: 7
    case .bsimp: 8
    }
  }

  fileprivate var usesRates: Bool {
    switch self {
    case .rk2, .rk4, .rkf45, .rkck, .rk8pd, .msadams: true
    default: false
    }
  }

  fileprivate var isMultistep: Bool { self == .msadams || self == .msbdf }

  /// The power of h of GSL's error estimate: that of the lower formula plus one.
  fileprivate func errorPower(_ order: Int) -> Double {
    switch self {
    case .rk2: 3
    case .rk4, .rk4imp: 5
    case .rkf45, .rkck: 5
    case .rk8pd: 8
    case .rk1imp: 2
    case .rk2imp: 3
    case .bsimp: Double(order)
    case .msadams, .msbdf: Double(order + 1)
    }
  }
}
