import Numerics

/// The functions that a text may call: one row each.
public enum FunctionCatalog {
  /// Every row.
  public static let all: [FunctionRow] = {
    GSL.prepare()
    return elementary + special
  }()

  /// The rows that a ``Function`` indexes: those of the texts, then the library's power.
  static let rows: [FunctionRow] = all + [powerRow]

  static let indices: [String: Int] = Dictionary(
    uniqueKeysWithValues: rows.enumerated().map { ($1.name, $0) })

  /// What `^` calls where no short chain of products stands for it.
  static let power = Function(known: powerRow.name)
}

/// A function of the catalog, by its place in the list.
public struct Function: Hashable, Sendable {
  let index: Int

  /// Looks a name up; nil where the catalog has no such row.
  public init?(named name: String) {
    guard let index = FunctionCatalog.indices[name] else { return nil }
    self.index = index
  }

  init(known name: String) {
    guard let index = FunctionCatalog.indices[name] else {
      preconditionFailure("the catalog has no row '\(name)'")
    }
    self.index = index
  }

  /// The catalog row.
  public var row: FunctionRow { FunctionCatalog.rows[index] }

  /// The name as a text writes it.
  public var name: String { row.name }

  static let sin = Function(known: "sin")
  static let cos = Function(known: "cos")
  static let exp = Function(known: "exp")
  static let log = Function(known: "log")
  static let sqrt = Function(known: "sqrt")
  static let abs = Function(known: "abs")
}

/// One function: its name, what it computes, and its derivatives.
public struct FunctionRow: Sendable {
  /// The code of the function, by the number of its arguments; tape and native call the same address.
  public typealias Code = SpecialFunction.Code

  /// The derivative by an argument (counted from 0) as an expression of the arguments; nil where
  /// there is no closed form.
  public typealias Slope = @Sendable (_ arguments: [Expression], _ index: Int) -> Expression?

  public let name: String
  public let code: Code
  /// The instruction that stands for a call, where the function is computed in line.
  let opcode: Opcode?
  public let slope: Slope
  /// One line for people: what it is and where it is defined.
  public let note: String

  init(
    _ name: String, _ code: Code, opcode: Opcode? = nil, note: String,
    slope: @escaping Slope
  ) {
    self.name = name
    self.code = code
    self.opcode = opcode
    self.note = note
    self.slope = slope
  }

  /// How many arguments the function takes.
  public var argumentCount: Int {
    switch code {
    case .one: 1
    case .two: 2
    case .three: 3
    case .four: 4
    }
  }

  /// Computes the value from the arguments, given by index.
  func value(_ x: (Int) -> Double) -> Double {
    switch code {
    case .one(let f): f(x(0))
    case .two(let f): f(x(0), x(1))
    case .three(let f): f(x(0), x(1), x(2))
    case .four(let f): f(x(0), x(1), x(2), x(3))
    }
  }

  /// The address that native code calls.
  var address: UnsafeMutableRawPointer {
    switch code {
    case .one(let f): unsafeBitCast(f, to: UnsafeMutableRawPointer.self)
    case .two(let f): unsafeBitCast(f, to: UnsafeMutableRawPointer.self)
    case .three(let f): unsafeBitCast(f, to: UnsafeMutableRawPointer.self)
    case .four(let f): unsafeBitCast(f, to: UnsafeMutableRawPointer.self)
    }
  }

  /// Calls another row by name: for writing derivative rules.
  static func call(_ name: String, _ arguments: [Expression]) -> Expression {
    guard let function = Function(named: name) else {
      preconditionFailure("a derivative rule calls '\(name)', which the catalog lacks")
    }
    return .call(function, arguments)
  }
}
