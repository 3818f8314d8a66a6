/// Gives every value a register, reusing those whose value is no longer needed (linear scan).
struct RegisterAllocation {
  private(set) var instructions: [Instruction] = []
  private(set) var constants: [Double] = []
  /// By group: point, state, parameters.
  private(set) var loads: [[Transfer]] = [[], [], []]
  private(set) var stores: [Transfer] = []
  private(set) var registerCount = 0

  private var registers: [UInt32] = []
  private var free: [UInt32] = []

  init(_ lowering: Lowering, results: [Int]) {
    let values = RegisterAllocation.fuse(lowering.values, results: results)
    registers = Array(repeating: 0, count: values.count)
    placeConstants(values)
    placeLoads(values)
    compute(values, order: Schedule.order(values), results: results)
    for (index, value) in results.enumerated() {
      stores.append(Transfer(register: registers[value], index: UInt32(index)))
    }
  }

  private mutating func next() -> UInt32 {
    defer { registerCount += 1 }
    return UInt32(registerCount)
  }

  private mutating func placeConstants(_ values: [Lowering.Value?]) {
    for (number, value) in values.enumerated() {
      guard case .constant(let bits)? = value else { continue }
      registers[number] = next()
      constants.append(Double(bitPattern: bits))
    }
  }

  private mutating func placeLoads(_ values: [Lowering.Value?]) {
    var found: [(group: Int, index: Int, number: Int)] = []
    for (number, value) in values.enumerated() {
      if case .load(let group, let index)? = value { found.append((group, index, number)) }
    }
    // In the order of the inputs, so that neighbours are copied together.
    found.sort { ($0.group, $0.index) < ($1.group, $1.index) }
    for (group, index, number) in found {
      registers[number] = next()
      loads[group].append(Transfer(register: registers[number], index: UInt32(index)))
    }
  }

  private mutating func compute(_ values: [Lowering.Value?], order: [Int], results: [Int]) {
    let firstTemporary = UInt32(registerCount)
    let lastUse = RegisterAllocation.lastUses(values, order: order, results: results)
    for (time, number) in order.enumerated() {
      guard case .compute(let opcode, let function, let operands)? = values[number] else {
        continue
      }
      for operand in Set(operands.list).sorted() where lastUse[operand] == time {
        if registers[operand] >= firstTemporary { free.append(registers[operand]) }
      }
      registers[number] = free.popLast() ?? next()
      func register(_ operand: Int) -> UInt32 { operand < 0 ? 0 : registers[operand] }
      instructions.append(
        Instruction(
          opcode: opcode, function: function, result: registers[number],
          a: register(operands.a), b: register(operands.b), c: register(operands.c),
          d: register(operands.d)))
    }
  }

  /// When each value is read last; results are read after everything.
  private static func lastUses(_ values: [Lowering.Value?], order: [Int], results: [Int])
    -> [Int]
  {
    var last = Array(repeating: -1, count: values.count)
    for (time, number) in order.enumerated() {
      guard case .compute(_, _, let operands)? = values[number] else { continue }
      for operand in operands.list { last[operand] = time }
    }
    for result in results { last[result] = order.count }
    return last
  }

  /// Joins a product that is read once with the sum that reads it; nil marks what is gone.
  private static func fuse(_ values: [Lowering.Value], results: [Int]) -> [Lowering.Value?] {
    var uses = Array(repeating: 0, count: values.count)
    for value in values {
      guard case .compute(_, _, let operands) = value else { continue }
      for operand in operands.list { uses[operand] += 1 }
    }
    for result in results { uses[result] += 2 }
    var fused: [Lowering.Value?] = values
    func product(_ number: Int) -> Lowering.Operands? {
      guard uses[number] == 1, case .compute(.multiply, _, let operands)? = fused[number] else {
        return nil
      }
      return operands
    }
    for (number, value) in values.enumerated() {
      guard case .compute(let opcode, _, let x) = value, opcode == .add || opcode == .subtract
      else { continue }
      let (opcodes, gone, other, factors): (Opcode, Int, Int, Lowering.Operands)
      if let found = product(x.a) {
        opcodes = opcode == .add ? .multiplyAdd : .multiplySubtract
        (gone, other, factors) = (x.a, x.b, found)
      } else if let found = product(x.b) {
        opcodes = opcode == .add ? .multiplyAdd : .subtractProduct
        (gone, other, factors) = (x.b, x.a, found)
      } else {
        continue
      }
      fused[gone] = nil
      fused[number] = .compute(
        opcodes, function: 0, operands: .init(a: factors.a, b: factors.b, c: other))
    }
    return fused
  }
}
