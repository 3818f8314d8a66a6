import Numerics

/// Evaluates a program by walking its instructions; owns its registers and allocates nothing a call.
///
/// Not `Sendable` on purpose: one task uses it at a time; make one for each worker.
public final class Tape {
  /// How many points the block form treats at once: a register of the block fits in 512 bytes.
  static let lanes = 64

  public let program: Program
  let code: UnsafeMutableBufferPointer<Instruction>
  let transfers: UnsafeMutableBufferPointer<Transfer>
  let functions: UnsafeMutablePointer<UnsafeMutableRawPointer>
  let registers: UnsafeMutablePointer<Double>
  let pointCount: Int
  let stateCount: Int
  let parameterCount: Int
  let storeCount: Int
  /// The registers of the block form, made on its first use.
  lazy var block = Storage((program.registerCount + 1) * Tape.lanes + 8)
  var blockIsReady = false

  /// Readies a program for evaluation.
  public init(_ program: Program) {
    self.program = program
    code = .allocate(capacity: program.instructions.count)
    _ = code.initialize(from: program.instructions)
    let all =
      program.pointLoads + program.stateLoads + program.parameterLoads + program.stores
    transfers = .allocate(capacity: all.count)
    _ = transfers.initialize(from: all)
    pointCount = program.pointLoads.count
    stateCount = program.stateLoads.count
    parameterCount = program.parameterLoads.count
    storeCount = program.stores.count
    functions = .allocate(capacity: max(program.functions.count, 1))
    for (index, function) in program.functions.enumerated() {
      (functions + index).initialize(to: function.row.address)
    }
    let count = max(program.registerCount, 1)
    registers = .allocate(capacity: count)
    registers.initialize(repeating: 0, count: count)
    for (index, constant) in program.constants.enumerated() { registers[index] = constant }
  }

  deinit {
    code.deallocate()
    transfers.deallocate()
    functions.deallocate()
    registers.deallocate()
  }

  /// Evaluates at one point.
  ///
  /// - Shape: `point`, `state`, `parameters` as the program's inputs; `out`: `[outputCount]`, which
  ///   may overlap the inputs.
  public func evaluate(_ point: Vector, _ state: Vector, _ parameters: Vector, into out: Vector) {
    assert(point.count >= program.inputs.point.count, "too few numbers for the point")
    assert(state.count >= program.inputs.state.count, "too few numbers for the state")
    assert(parameters.count >= program.inputs.parameters.count, "too few parameters")
    assert(out.count >= program.outputCount, "too few places for the outputs")
    evaluate(point.base, state.base, parameters.base, out.base)
  }

  /// Evaluates at one point, from and to raw runs of doubles.
  @inline(__always)
  func evaluate(
    _ point: UnsafePointer<Double>, _ state: UnsafePointer<Double>,
    _ parameters: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>
  ) {
    guard var move = UnsafePointer(transfers.baseAddress) else { return }
    let r = registers
    move = Tape.load(move, pointCount, from: point, into: r)
    move = Tape.load(move, stateCount, from: state, into: r)
    move = Tape.load(move, parameterCount, from: parameters, into: r)
    if let first = code.baseAddress {
      Tape.run(UnsafePointer(first), code.count, r, UnsafePointer(functions))
    }
    for index in 0..<storeCount { out[Int(move[index].index)] = r[Int(move[index].register)] }
  }

  @inline(__always)
  private static func load(
    _ moves: UnsafePointer<Transfer>, _ count: Int, from source: UnsafePointer<Double>,
    into r: UnsafeMutablePointer<Double>
  ) -> UnsafePointer<Transfer> {
    for index in 0..<count {
      r[Int(moves[index].register)] = source[Int(moves[index].index)]
    }
    return moves + count
  }
}
