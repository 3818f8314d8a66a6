/// A fault in a text: where it is, what it is, and what to do about it.
public struct Fault: Error, Sendable, Equatable {
  /// Where the fault begins, in UTF-8 bytes from the start of the text.
  public var offset: Int
  /// How long it is, in UTF-8 bytes.
  public var length: Int
  /// What is wrong, without a full stop.
  public var message: String
  /// What to do, without a full stop.
  public var remedy: String

  /// Places a fault.
  public init(offset: Int, length: Int, message: String, remedy: String) {
    self.offset = offset
    self.length = length
    self.message = message
    self.remedy = remedy
  }
}

/// Why an expression has no derivative that this library can write.
public enum DifferentiationError: Error, Sendable, Equatable {
  /// No closed rule for this argument (counted from 1) of this function.
  case noRule(function: String, argument: Int)
  /// An integral reads the unknown at other places: its derivative is an operator, not a number.
  case nonlocal(name: String)
  /// An integral over a variable of the problem has limits that move with what is differentiated by.
  case movingLimits(variable: String)
  /// The derivative would need more than this many steps.
  case tooLarge(limit: Int)
}

extension DifferentiationError: CustomStringConvertible {
  /// The sentence for people; ends with what to do.
  public var description: String { message + "; " + remedy }

  /// What is wrong.
  public var message: String {
    switch self {
    case .noRule(let function, let argument):
      "\(function) has no derivative by its argument \(argument) in closed form"
    case .nonlocal(let name):
      "an integral over '\(name)' at other places has no derivative by '\(name)'"
    case .movingLimits(let variable):
      "an integral over the variable '\(variable)' has limits that move"
    case .tooLarge(let limit):
      "the derivative takes more than \(limit) steps to write out"
    }
  }

  /// What to do.
  public var remedy: String {
    switch self {
    case .noRule: "keep that argument constant"
    case .nonlocal: "choose a method that needs no Jacobian"
    case .movingLimits: "name the bound variable differently and write the unknown as u(…)"
    case .tooLarge: "lower its order, or split the expression"
    }
  }
}

/// Why an expression has no value here.
public enum EvaluationError: Error, Sendable, Equatable {
  /// A leaf that was given no value.
  case missing(Symbol)
  /// An integral, or an unknown at another place: only a solver can say its value.
  case nonlocal(String)
}

extension EvaluationError: CustomStringConvertible {
  /// The sentence for people; ends with what to do.
  public var description: String {
    switch self {
    case .missing(let symbol): "'\(symbol)' has no value here; give it one, or leave it out"
    case .nonlocal(let text): "'\(text)' cannot stand here; use it in equations or observables"
    }
  }
}
