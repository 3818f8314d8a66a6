import CNLopt

/// The limited-memory BFGS method of NLopt, which minimises a function by its gradient.
///
/// Owns NLopt's handle and frees it once. It has no stopping rules of its own switched on: whoever
/// gives the function ends it.
/// Source: D. C. Liu & J. Nocedal, Math. Programming 45 (1989) 503; L. Lukšan's PLIS in NLopt.
public final class QuasiNewton {
  /// Writes the gradient at `x` and returns the value there; nil to end.
  ///
  /// Both `[dimension]`, borrowed for the call.
  public typealias Objective = (_ x: Vector, _ gradient: Vector) -> Double?

  /// How a minimisation ended.
  public enum Ending: Sendable, Equatable {
    /// The function said so.
    case stopped
    /// No direction lowers the value by more than its rounding.
    case converged
    /// NLopt gave up, with its own code: a line search that found nothing lower, no memory.
    case failed(Int)
  }

  public let dimension: Int
  private let handle: nlopt_opt

  /// Makes the method; nil where there is no memory for it.
  ///
  /// - Parameter memory: pairs of steps and changes of the gradient that are kept.
  public init?(dimension: Int, memory: Int) {
    precondition(dimension > 0 && memory > 0, "\(dimension) unknowns, \(memory) pairs")
    guard let handle = nlopt_create(NLOPT_LD_LBFGS, UInt32(dimension)) else { return nil }
    self.handle = handle
    self.dimension = dimension
    nlopt_set_vector_storage(handle, UInt32(memory))
    // Its default would stop at a gradient of 1e-8.
    nlopt_set_param(handle, "tolg", 1e-300)
  }

  deinit { nlopt_destroy(handle) }

  /// Minimises from `x`, which is left at the last point NLopt held for the best; `[dimension]`.
  ///
  /// The first call of `objective` is at `x`. A second minimisation knows nothing of the first.
  public func minimize(_ x: Vector, _ objective: @escaping Objective) -> Ending {
    precondition(x.count == dimension, "\(x.count) numbers for \(dimension) unknowns")
    let call = Call(objective, handle, dimension)
    return withExtendedLifetime(call) {
      let context = Unmanaged.passUnretained(call).toOpaque()
      nlopt_set_min_objective(handle, evaluate, context)
      var value = 0.0
      let result = nlopt_optimize(handle, x.base, &value)
      if call.isOver { return .stopped }
      return result.rawValue > 0 ? .converged : .failed(Int(result.rawValue))
    }
  }
}

/// What NLopt's callback finds behind its pointer.
private final class Call {
  let objective: QuasiNewton.Objective
  let handle: nlopt_opt
  let spare: Storage
  var isOver = false

  init(_ objective: @escaping QuasiNewton.Objective, _ handle: nlopt_opt, _ dimension: Int) {
    self.objective = objective
    self.handle = handle
    spare = Storage(dimension)
  }
}

private func evaluate(
  _ count: UInt32, _ x: UnsafePointer<Double>?, _ gradient: UnsafeMutablePointer<Double>?,
  _ context: UnsafeMutableRawPointer?
) -> Double {
  guard let x, let context else { return .infinity }
  let call = Unmanaged<Call>.fromOpaque(context).takeUnretainedValue()
  let n = Int(count)
  let slope = gradient.map { Vector(base: $0, count: n) } ?? call.spare.vector
  let point = Vector(base: UnsafeMutablePointer(mutating: x), count: n)
  if !call.isOver, let value = call.objective(point, slope) { return value }
  call.isOver = true
  nlopt_force_stop(call.handle)
  slope.fill(0)
  return .infinity
}
