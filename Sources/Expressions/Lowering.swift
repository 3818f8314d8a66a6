/// Turns expressions into numbered values, each distinct one once (value numbering).
struct Lowering {
  /// A distinct value: a constant, an input, or an operation on earlier values.
  enum Value: Hashable {
    case constant(bits: UInt64)
    case load(group: Int, index: Int)
    case compute(Opcode, function: UInt16, operands: Operands)
  }

  /// Up to four value numbers; unused ones are −1.
  struct Operands: Hashable {
    var a: Int
    var b = -1
    var c = -1
    var d = -1

    var list: [Int] { [a, b, c, d].filter { $0 >= 0 } }
  }

  private(set) var values: [Value] = []
  private(set) var functions: [Function] = []
  private var numbers: [Value: Int] = [:]
  private var functionNumbers: [Function: UInt16] = [:]
  private let places: [Symbol: (group: Int, index: Int)]

  init(inputs: Inputs) {
    var places: [Symbol: (group: Int, index: Int)] = [:]
    for (group, symbols) in [inputs.point, inputs.state, inputs.parameters].enumerated() {
      for (index, symbol) in symbols.enumerated() where places[symbol] == nil {
        places[symbol] = (group, index)
      }
    }
    self.places = places
  }

  /// Numbers the values of `outputs`; returns the number of each.
  mutating func lower(_ outputs: [Expression]) throws(ProgramError) -> [Int] {
    var lowered: [ObjectIdentifier: Int] = [:]
    for node in Node.postorder(outputs, open: true) {
      lowered[node.id] = try lower(node) { lowered[$0.node.id] ?? 0 }
    }
    return outputs.map { lowered[$0.node.id] ?? 0 }
  }

  private mutating func lower(_ node: Node, _ number: (Expression) -> Int)
    throws(ProgramError) -> Int
  {
    let x = node.operands
    switch node.operation {
    case .number(let bits): return intern(.constant(bits: bits))
    case .symbol(let symbol):
      guard let (group, index) = places[symbol] else { throw .unknownLeaf(symbol) }
      return intern(.load(group: group, index: index))
    case .integral, .place: throw .nonlocal(Expression(node).description)
    case .negate: return emit(.negate, number(x[0]))
    case .not: return emit(.not, number(x[0]))
    case .add: return emit(.add, number(x[0]), number(x[1]))
    case .subtract: return emit(.subtract, number(x[0]), number(x[1]))
    case .multiply: return emit(.multiply, number(x[0]), number(x[1]))
    case .divide: return emit(.divide, number(x[0]), number(x[1]))
    case .power: return power(number(x[0]), x[1], number(x[1]))
    case .less: return emit(.less, number(x[0]), number(x[1]))
    case .lessOrEqual: return emit(.lessOrEqual, number(x[0]), number(x[1]))
    case .greater: return emit(.greater, number(x[0]), number(x[1]))
    case .greaterOrEqual: return emit(.greaterOrEqual, number(x[0]), number(x[1]))
    case .equal: return emit(.equal, number(x[0]), number(x[1]))
    case .notEqual: return emit(.notEqual, number(x[0]), number(x[1]))
    case .and: return emit(.and, number(x[0]), number(x[1]))
    case .or: return emit(.or, number(x[0]), number(x[1]))
    case .select: return emit(.select, number(x[0]), number(x[1]), number(x[2]))
    case .call(let function): return call(function, x.map(number))
    }
  }

  /// Small integer powers are products, the power 1/2 is a square root, others call `pow`.
  private mutating func power(_ base: Int, _ exponent: Expression, _ exponentNumber: Int) -> Int {
    if let value = exponent.constant {
      if let n = Arithmetic.chainExponent(value) {
        let one = n < 0 ? intern(.constant(bits: (1.0).bitPattern)) : 0
        return Arithmetic.chain(
          base, n, one: one, multiply: { emit(.multiply, $0, $1) },
          divide: { emit(.divide, $0, $1) })
      }
      if value == 0.5 { return emit(.squareRoot, base) }
    }
    return call(FunctionCatalog.power, [base, exponentNumber])
  }

  private mutating func call(_ function: Function, _ operands: [Int]) -> Int {
    let row = function.row
    if let opcode = row.opcode {
      return emit(opcode, operands[0], operands.count > 1 ? operands[1] : -1)
    }
    let opcodes: [Opcode] = [.call1, .call2, .call3, .call4]
    var list = Operands(a: operands[0])
    if operands.count > 1 { list.b = operands[1] }
    if operands.count > 2 { list.c = operands[2] }
    if operands.count > 3 { list.d = operands[3] }
    let number = functionNumbers[function] ?? UInt16(functions.count)
    if functionNumbers[function] == nil {
      functionNumbers[function] = number
      functions.append(function)
    }
    return intern(
      .compute(opcodes[operands.count - 1], function: number, operands: list))
  }

  private mutating func emit(_ opcode: Opcode, _ a: Int, _ b: Int = -1, _ c: Int = -1) -> Int {
    var operands = Operands(a: a, b: b, c: c)
    // Sums and products commute bit for bit, so both orders are one value.
    if opcode == .add || opcode == .multiply, b < a { (operands.a, operands.b) = (b, a) }
    return intern(.compute(opcode, function: 0, operands: operands))
  }

  private mutating func intern(_ value: Value) -> Int {
    if let number = numbers[value] { return number }
    values.append(value)
    numbers[value] = values.count - 1
    return values.count - 1
  }
}
