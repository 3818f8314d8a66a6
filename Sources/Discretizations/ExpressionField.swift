import Expressions
import Integrators
import Numerics

/// A ``CompiledSystem`` with numbers for its parameters: the field that steppers integrate.
public final class ExpressionField: VectorField {
  private let system: CompiledSystem
  private let code: NativeCode
  private let rates: Evaluator
  private let jacobianEntries: Evaluator
  private let slopes: Evaluator?
  private let coupled: CoupledBlock?
  private let parameters: Storage
  private let forced: ForcedPoint
  private let point: Vector
  private var isWaiting: Bool
  /// f in native code, where nothing but t changes before a call: the way of almost all evaluations.
  private var direct: NativeLibrary.Function?

  /// Binds parameters, in the order of the system's inputs.
  public init(_ system: CompiledSystem, parameters values: [Double], code: NativeCode) {
    self.system = system
    self.code = code
    rates = Evaluator(system.rates)
    jacobianEntries = Evaluator(system.jacobian)
    slopes = system.timeDerivative.map(Evaluator.init)
    parameters = Storage(values)
    forced = ForcedPoint(system)
    point = forced.vector
    isWaiting = code.isWaiting
    coupled = system.coupled.map { CoupledBlock($0, dimension: system.form.state.count) }
    super.init(
      dimension: system.form.state.count, pattern: system.pattern,
      mass: ExpressionField.mass(system, values), isAutonomous: system.isAutonomous)
    if let library = code.library { use(library) }
  }

  private static func mass(_ system: CompiledSystem, _ values: [Double]) -> MassMatrix? {
    guard let program = system.mass, let pattern = system.massPattern else { return nil }
    let out = Storage(pattern.count)
    let point = Storage(system.inputs.point.count)
    let state = Storage(system.form.state.count)
    let parameters = Storage(values)
    defer { out.keep(point, state, parameters) }
    Tape(program).evaluate(point.vector, state.vector, parameters.vector, into: out.vector)
    return MassMatrix(pattern: pattern, entries: out.vector.array)
  }

  private func use(_ library: NativeLibrary) {
    rates.use(library.function(0))
    if system.forcings.isEmpty, coupled == nil { direct = library.function(0) }
    jacobianEntries.use(library.function(1))
    slopes?.use(library.function(2))
    coupled?.use(library, first: slopes == nil ? 2 : 3)
    isWaiting = false
  }

  public override func evaluate(_ t: Double, _ y: Vector, into dydt: Vector) {
    guard let direct else { return evaluateInParts(t, y, into: dydt) }
    point.base[0] = t
    direct(point.base, y.base, parameters.vector.base, dydt.base)
  }

  @inline(never)
  private func evaluateInParts(_ t: Double, _ y: Vector, into dydt: Vector) {
    forced.move(to: t)
    rates(point, y, parameters.vector, into: dydt)
    coupled?.solve(point, y, parameters.vector, into: dydt)
  }

  public override func jacobian(_ t: Double, _ y: Vector, into entries: Vector) {
    forced.move(to: t)
    jacobianEntries(point, y, parameters.vector, into: entries)
    coupled?.jacobian(point, y, parameters.vector, pattern, into: entries)
  }

  public override func timeDerivative(_ t: Double, _ y: Vector, into result: Vector) {
    forced.move(to: t)
    if let slopes {
      slopes(point, y, parameters.vector, into: result)
    } else {
      result.fill(0)
    }
    coupled?.timeDerivative(point, y, parameters.vector, into: result)
  }

  /// Takes native code up once it has become worth compiling.
  public override func stepEnded() {
    guard isWaiting else { return }
    if counts.evaluations * rates.instructionCount > NativeCode.worthCompiling { code.compile() }
    if let library = code.library {
      use(library)
    } else if !code.isWaiting {
      isWaiting = false
    }
  }
}
