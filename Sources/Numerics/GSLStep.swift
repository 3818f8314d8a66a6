import CGSL

/// What a GSL stepper integrates: y' = f(t, y), with its derivatives for the implicit ones.
///
/// The base class stands for y' = 0; a subclass overrides what it has.
open class GSLSystem {
  /// Stands for y' = 0.
  public init() {}

  /// Writes f(t, y); both vectors have the system's dimension.
  open func evaluate(_ t: Double, _ y: Vector, into dydt: Vector) { dydt.fill(0) }

  /// Writes ∂f/∂y, row-major, and ∂f/∂t.
  open func derivatives(_ t: Double, _ y: Vector, jacobian: Vector, time: Vector) {
    jacobian.fill(0)
    time.fill(0)
  }
}

/// Names of GSL's steppers; the raw values are GSL's names.
public enum GSLStepKind: String, Sendable, CaseIterable {
  case rk2, rk4, rkf45, rkck, rk8pd, rk1imp, rk2imp, rk4imp, bsimp, msadams, msbdf

  var type: UnsafePointer<gsl_odeiv2_step_type>? {
    switch self {
    case .rk2: cauchy_step_rk2()
    case .rk4: cauchy_step_rk4()
    case .rkf45: cauchy_step_rkf45()
    case .rkck: cauchy_step_rkck()
    case .rk8pd: cauchy_step_rk8pd()
    case .rk1imp: cauchy_step_rk1imp()
    case .rk2imp: cauchy_step_rk2imp()
    case .rk4imp: cauchy_step_rk4imp()
    case .bsimp: cauchy_step_bsimp()
    case .msadams: cauchy_step_msadams()
    case .msbdf: cauchy_step_msbdf()
    }
  }

  /// Whether the method iterates to a tolerance, which it asks of a driver's control.
  var needsDriver: Bool {
    switch self {
    case .rk1imp, .rk2imp, .rk4imp, .msadams, .msbdf: true
    default: false
    }
  }
}

/// One GSL stepper on one system: `gsl_odeiv2_step_apply` and nothing else of odeiv2's machinery.
///
/// Methods that iterate get a driver, which serves only its error level and never steps.
public final class GSLStep {
  private let step: GSLOwned<gsl_odeiv2_step>
  private let driver: GSLOwned<gsl_odeiv2_driver>?
  private let definition: UnsafeMutablePointer<gsl_odeiv2_system>
  private let bound: Bound

  /// Allocates the stepper.
  ///
  /// - Parameters:
  ///   - relative: the relative tolerance that iterations inside the method are held to.
  ///   - absolute: the absolute one of each component, all positive; `[dimension]`.
  /// - Throws: `GSLError` when GSL finds no memory.
  public init(
    _ kind: GSLStepKind, dimension: Int, system: GSLSystem, relative: Double, absolute: [Double]
  ) throws(GSLError) {
    GSL.prepare()
    bound = Bound(system, dimension)
    step = try GSLOwned(
      "the stepper \(kind.rawValue)", gsl_odeiv2_step_alloc(kind.type, dimension),
      release: gsl_odeiv2_step_free)
    definition = .allocate(capacity: 1)
    definition.initialize(to: GSLStep.definition(of: bound))
    if kind.needsDriver {
      let made = gsl_odeiv2_driver_alloc_scaled_new(
        definition, kind.type, 1e-6, 1, relative, 1, 0, absolute)
      let owned = try GSLOwned("the driver of \(kind.rawValue)", made) {
        gsl_odeiv2_driver_free($0)
      }
      driver = owned
      gsl_odeiv2_step_set_driver(step.raw, owned.raw)
    } else {
      driver = nil
    }
  }

  deinit { definition.deallocate() }

  /// The order of the method, or of its present formula where it varies.
  public var order: Int { Int(gsl_odeiv2_step_order(step.raw)) }

  /// Forgets the history of multistep methods.
  public func reset() { _ = gsl_odeiv2_step_reset(step.raw) }

  /// Takes one step in place and estimates its local error.
  ///
  /// - Shape: all vectors `[dimension]`; `y` is overwritten even on failure.
  /// - Returns: false if the method's own iteration failed.
  public func apply(
    _ t: Double, _ h: Double, _ y: Vector, error: Vector, rateIn: Vector, rateOut: Vector
  ) -> Bool {
    gsl_odeiv2_step_apply(
      step.raw, t, h, y.base, error.base, rateIn.base, rateOut.base, definition)
      == GSL_SUCCESS.status
  }

  private static func definition(of bound: Bound) -> gsl_odeiv2_system {
    gsl_odeiv2_system(
      function: { t, y, dydt, context in
        guard let y, let dydt, let context else { return GSL_EFAULT.status }
        Unmanaged<GSLStep.Bound>.fromOpaque(context)._withUnsafeGuaranteedRef {
          $0.system.evaluate(
            t, Vector(base: UnsafeMutablePointer(mutating: y), count: $0.dimension),
            into: Vector(base: dydt, count: $0.dimension))
        }
        return GSL_SUCCESS.status
      },
      jacobian: { t, y, dfdy, dfdt, context in
        guard let y, let dfdy, let dfdt, let context else { return GSL_EFAULT.status }
        Unmanaged<GSLStep.Bound>.fromOpaque(context)._withUnsafeGuaranteedRef {
          let n = $0.dimension
          $0.system.derivatives(
            t, Vector(base: UnsafeMutablePointer(mutating: y), count: n),
            jacobian: Vector(base: dfdy, count: n * n), time: Vector(base: dfdt, count: n))
        }
        return GSL_SUCCESS.status
      },
      dimension: bound.dimension,
      params: Unmanaged.passUnretained(bound).toOpaque())
  }

  /// What GSL's callbacks receive; kept alive by the stepper.
  final class Bound {
    let system: GSLSystem
    let dimension: Int
    init(_ system: GSLSystem, _ dimension: Int) {
      self.system = system
      self.dimension = dimension
    }
  }
}
