import Expressions
import Numerics

/// One program, on the tape or as native code: the same bits either way.
///
/// Not `Sendable`: the tape owns its registers.
final class Evaluator {
  private let tape: Tape
  private var native: NativeLibrary.Function?

  init(_ program: Program) { tape = Tape(program) }

  var outputCount: Int { tape.program.outputCount }
  var instructionCount: Int { tape.program.instructionCount }

  func use(_ function: @escaping NativeLibrary.Function) { native = function }

  @inline(__always)
  func callAsFunction(_ point: Vector, _ state: Vector, _ parameters: Vector, into out: Vector) {
    if let native {
      native(point.base, state.base, parameters.base, out.base)
    } else {
      tape.evaluate(point, state, parameters, into: out)
    }
  }
}
