/// Where a program reads: three groups of doubles, each contiguous.
public struct Inputs: Sendable, Hashable {
  /// The independent variables, and forcing values after them.
  public var point: [Symbol]
  /// The unknowns (or whatever stands for them).
  public var state: [Symbol]
  public var parameters: [Symbol]

  /// Names the doubles of each group, in order.
  public init(point: [Symbol] = [], state: [Symbol] = [], parameters: [Symbol] = []) {
    self.point = point
    self.state = state
    self.parameters = parameters
  }
}

/// Why expressions do not make a program.
public enum ProgramError: Error, Sendable, Equatable {
  /// A leaf that no group of the inputs holds.
  case unknownLeaf(Symbol)
  /// An integral, or an unknown at another place.
  case nonlocal(String)
}

extension ProgramError: CustomStringConvertible {
  /// The sentence for people; ends with what to do.
  public var description: String {
    switch self {
    case .unknownLeaf(let symbol):
      "'\(symbol)' is not among the inputs of the program; add it, or substitute it first"
    case .nonlocal(let text):
      "'\(text)' is not a function of one point; replace it by a quadrature first"
    }
  }
}

/// What an instruction does with the registers it names.
enum Opcode: UInt16, Sendable {
  case add, subtract, multiply, divide, negate
  /// a·b + c, a·b − c and c − a·b, rounded twice: the fused forms save a dispatch, not a rounding.
  case multiplyAdd, multiplySubtract, subtractProduct
  case squareRoot, magnitude, sign, heaviside, minimum, maximum
  case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual, and, or, not
  case select
  case call1, call2, call3, call4
}

/// One step of a program: `registers[result] = opcode(registers[a], …)`.
struct Instruction: Hashable, Sendable {
  var opcode: Opcode
  /// The index of the called function in the program's list.
  var function: UInt16 = 0
  var result: UInt32 = 0
  var a: UInt32 = 0
  var b: UInt32 = 0
  var c: UInt32 = 0
  var d: UInt32 = 0
}

/// A number that a program takes from an input, or gives to the output.
struct Transfer: Hashable, Sendable {
  var register: UInt32
  var index: UInt32
}

/// A straight line of instructions from three groups of inputs to a row of outputs.
///
/// Tape and native code run the same instructions in the same order, so both give the same bits.
/// Registers: the constants, then the inputs in use, then what is computed (reused when dead).
public struct Program: Sendable, Hashable {
  public let inputs: Inputs
  public let outputCount: Int
  let instructions: [Instruction]
  let constants: [Double]
  let pointLoads: [Transfer]
  let stateLoads: [Transfer]
  let parameterLoads: [Transfer]
  let stores: [Transfer]
  let functions: [Function]
  let registerCount: Int

  /// The number of instructions: a measure of the work of one evaluation.
  public var instructionCount: Int { instructions.count }

  /// Lowers expressions to a program; common parts are computed once.
  ///
  /// - Throws: ``ProgramError`` for a leaf that `inputs` lacks, an integral, or another place.
  public init(_ outputs: [Expression], inputs: Inputs) throws(ProgramError) {
    var lowering = Lowering(inputs: inputs)
    let results = try lowering.lower(outputs)
    let allocation = RegisterAllocation(lowering, results: results)
    self.inputs = inputs
    outputCount = outputs.count
    instructions = allocation.instructions
    constants = allocation.constants
    pointLoads = allocation.loads[0]
    stateLoads = allocation.loads[1]
    parameterLoads = allocation.loads[2]
    stores = allocation.stores
    functions = lowering.functions
    registerCount = allocation.registerCount
  }
}
