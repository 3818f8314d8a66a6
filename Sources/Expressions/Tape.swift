import Numerics

/// Evaluates a program by walking its instructions; owns its registers and allocates nothing a call.
///
/// Not `Sendable` on purpose: one task uses it at a time; make one for each worker.
public final class Tape {
  /// How many points the block form treats at once: a register of the block fits in 512 bytes.
  static let lanes = 64

  public let program: Program
  let code: UnsafeMutableBufferPointer<Instruction>
  let groups: UnsafeMutableBufferPointer<Group>
  /// Runs of neighbours to copy in: of the point, then the state, then the parameters.
  let loads: UnsafeMutableBufferPointer<Run>
  let stores: UnsafeMutableBufferPointer<Transfer>
  let functions: UnsafeMutablePointer<UnsafeMutableRawPointer>
  let registers: UnsafeMutablePointer<Double>
  /// Where the runs of the state, and of the parameters, begin and end.
  let bounds: (state: Int, parameters: Int, end: Int)
  /// The registers of the block form, made on its first use.
  lazy var block = Storage((program.registerCount + 1) * Tape.lanes + 8)
  var blockIsReady = false

  /// Readies a program for evaluation.
  public init(_ program: Program) {
    self.program = program
    code = .allocate(capacity: program.instructions.count)
    _ = code.initialize(from: program.instructions)
    let grouped = Group.of(program.instructions)
    groups = .allocate(capacity: grouped.count)
    _ = groups.initialize(from: grouped)
    let moves = [program.pointLoads, program.stateLoads, program.parameterLoads].map(Run.of)
    let joined = Array(moves.joined())
    loads = .allocate(capacity: joined.count)
    _ = loads.initialize(from: joined)
    bounds = (moves[0].count, moves[0].count + moves[1].count, joined.count)
    stores = .allocate(capacity: program.stores.count)
    _ = stores.initialize(from: program.stores)
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
    groups.deallocate()
    loads.deallocate()
    stores.deallocate()
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
    let r = registers
    copy(0, bounds.state, from: point, into: r)
    copy(bounds.state, bounds.parameters, from: state, into: r)
    copy(bounds.parameters, bounds.end, from: parameters, into: r)
    if let first = code.baseAddress {
      Tape.run(UnsafeBufferPointer(groups), first, r, functions)
    }
    guard let store = stores.baseAddress else { return }
    var index = 0
    while index < stores.count {
      out[Int(store[index].index)] = r[Int(store[index].register)]
      index += 1
    }
  }

  @inline(__always)
  private func copy(
    _ first: Int, _ end: Int, from source: UnsafePointer<Double>,
    into r: UnsafeMutablePointer<Double>
  ) {
    guard let runs = loads.baseAddress else { return }
    var index = first
    while index < end {
      let run = runs[index]
      let from = source + Int(run.index)
      let to = r + Int(run.register)
      var k = 0
      while k < Int(run.count) {
        to[k] = from[k]
        k += 1
      }
      index += 1
    }
  }
}

/// Neighbouring inputs that go to neighbouring registers.
struct Run {
  var register: UInt32
  var index: UInt32
  var count: UInt32

  /// Joins neighbours.
  static func of(_ moves: [Transfer]) -> [Run] {
    var runs: [Run] = []
    for move in moves {
      if let last = runs.last, last.register + last.count == move.register,
        last.index + last.count == move.index
      {
        runs[runs.count - 1].count += 1
      } else {
        runs.append(Run(register: move.register, index: move.index, count: 1))
      }
    }
    return runs
  }
}

/// Neighbouring instructions that do the same.
struct Group {
  var opcode: Opcode
  var count: UInt32

  /// Joins neighbours.
  static func of(_ instructions: [Instruction]) -> [Group] {
    var groups: [Group] = []
    for instruction in instructions {
      if let last = groups.last, last.opcode == instruction.opcode {
        groups[groups.count - 1].count += 1
      } else {
        groups.append(Group(opcode: instruction.opcode, count: 1))
      }
    }
    return groups
  }
}
