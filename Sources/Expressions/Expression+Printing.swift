extension Expression: CustomStringConvertible {
  /// The longest text that is written out; what is longer ends with `…`.
  public static let printingLimit = 1_000_000

  /// The expression as the problem file writes it; parsing the text gives an equal expression.
  ///
  /// Shared parts are written out each time they occur.
  public var description: String {
    var printer = Printer()
    return printer.text(of: self)
  }
}

/// How tightly the syntax binds, from `or` to a name.
enum Precedence: Int {
  case or = 1
  case and, not, comparison, sum, product, sign, power, postfix, atom
}

/// Writes an expression with as few parentheses as the grammar allows, without recursion.
private struct Printer {
  private enum Piece {
    case text(String)
    case expression(Expression, Int)
  }

  private var pending: [Piece] = []

  mutating func text(of root: Expression) -> String {
    var text = ""
    pending = [.expression(root, 0)]
    while let piece = pending.popLast() {
      switch piece {
      case .text(let part): text += part
      case .expression(let expression, let least):
        let (pieces, precedence) = Printer.pieces(expression)
        let wrapped = precedence.rawValue < least
        if wrapped { pending.append(.text(")")) }
        pending.append(contentsOf: pieces.reversed())
        if wrapped { pending.append(.text("(")) }
      }
      if text.utf8.count > Expression.printingLimit { return text + "…" }
    }
    return text
  }

  private static func pieces(_ expression: Expression) -> ([Piece], Precedence) {
    let x = expression.operands
    switch expression.operation {
    case .number(let bits): return number(Double(bitPattern: bits))
    case .symbol(let symbol): return ([.text(symbol.description)], .atom)
    case .negate: return ([.text("-"), .expression(x[0], Precedence.power.rawValue)], .sign)
    case .add: return infix(x, " + ", .sum)
    case .subtract: return infix(x, " - ", .sum)
    case .multiply: return infix(x, "*", .product)
    case .divide: return infix(x, "/", .product)
    case .power: return power(x)
    case .less: return infix(x, " < ", .comparison)
    case .lessOrEqual: return infix(x, " <= ", .comparison)
    case .greater: return infix(x, " > ", .comparison)
    case .greaterOrEqual: return infix(x, " >= ", .comparison)
    case .equal: return infix(x, " == ", .comparison)
    case .notEqual: return infix(x, " != ", .comparison)
    case .and: return infix(x, " and ", .and)
    case .or: return infix(x, " or ", .or)
    case .not: return ([.text("not "), .expression(x[0], Precedence.comparison.rawValue)], .not)
    case .select: return (call("if", x), .atom)
    case .call(let function): return (call(function.name, x), .atom)
    case .place(let symbol, _): return (call(symbol.description, x), .atom)
    case .integral(let variable):
      return (call("integral", [x[0], .symbol(variable), x[1], x[2]]), .atom)
    }
  }

  private static func number(_ value: Double) -> ([Piece], Precedence) {
    if value.isNaN { return ([.text("(0/0)")], .atom) }
    if value.isInfinite { return ([.text(value < 0 ? "(-1/0)" : "(1/0)")], .atom) }
    var text = "\(value)"
    if text.hasSuffix(".0") { text.removeLast(2) }
    return ([.text(text)], value.sign == .minus ? .sign : .atom)
  }

  /// The right operand of a left-associative operator must bind tighter, of a comparison both.
  private static func infix(_ x: [Expression], _ sign: String, _ precedence: Precedence)
    -> ([Piece], Precedence)
  {
    let level = precedence.rawValue
    let left = precedence == .comparison ? level + 1 : level
    return ([.expression(x[0], left), .text(sign), .expression(x[1], level + 1)], precedence)
  }

  private static func power(_ x: [Expression]) -> ([Piece], Precedence) {
    let left = Piece.expression(x[0], Precedence.postfix.rawValue)
    return ([left, .text("^"), .expression(x[1], Precedence.sign.rawValue)], .power)
  }

  private static func call(_ name: String, _ arguments: [Expression]) -> [Piece] {
    var pieces: [Piece] = [.text(name + "(")]
    for (index, argument) in arguments.enumerated() {
      if index > 0 { pieces.append(.text(", ")) }
      pieces.append(.expression(argument, 0))
    }
    return pieces + [.text(")")]
  }
}
