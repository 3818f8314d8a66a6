/// Reads tokens into a syntax tree by precedence climbing; goes on after a fault.
struct Parser {
  /// How deep parentheses, arguments, signs and exponents may nest.
  static let depthLimit = 200
  /// How many faults of one text are reported.
  static let faultLimit = 20

  private let tokens: [Token]
  private var position = 0
  private var depth = 0
  private var abandoned = false
  private(set) var tree = SyntaxTree()
  private(set) var faults: [Fault]

  init(_ text: String) {
    let read = Lexer.read(text)
    tokens = read.tokens
    faults = read.faults
  }

  // MARK: Tokens

  var here: Token { tokens[position] }

  private var end: Token { tokens[tokens.count - 1] }

  /// Where the token before this one ends.
  private var behind: Int {
    position == 0 ? 0 : tokens[position - 1].offset + tokens[position - 1].length
  }

  mutating func advance() {
    if position < tokens.count - 1 { position += 1 }
  }

  func isSign(_ sign: String) -> Bool { here.kind == .sign(sign) }

  func isWord(_ word: String) -> Bool { here.kind == .name(word) }

  /// Steps over `word` where it stands here.
  mutating func take(word: String) -> Bool {
    guard isWord(word) else { return false }
    advance()
    return true
  }

  mutating func take(sign: String) -> Bool {
    guard isSign(sign) else { return false }
    advance()
    return true
  }

  mutating func fault(_ token: Token, _ message: String, _ remedy: String) {
    if abandoned || faults.last?.offset == token.offset { return }
    faults.append(
      Fault(
        offset: token.offset, length: max(token.length, 1), message: message, remedy: remedy))
    if faults.count >= Parser.faultLimit { abandon() }
  }

  /// Gives the rest of the text up.
  private mutating func abandon() {
    abandoned = true
    position = tokens.count - 1
  }

  /// The text of a token, for messages.
  static func shown(_ token: Token) -> String {
    switch token.kind {
    case .number(let value): "the number \(Expression.number(value))"
    case .name(let name): "'\(name)'"
    case .sign(let sign): "'\(sign)'"
    case .primes: "the prime"
    case .end: "the end"
    }
  }

  // MARK: Expressions

  /// Words that end an expression, because a condition goes on with them.
  static let stops: Set<String> = ["at", "in", "periodic", "boundary"]

  private static let levels: [String: Precedence] = [
    "or": .or, "and": .and, "<": .comparison, "<=": .comparison, ">": .comparison,
    ">=": .comparison, "==": .comparison, "!=": .comparison, "+": .sum, "-": .sum,
    "*": .product, "/": .product, "^": .power,
  ]

  /// The infix operator that stands here, if one does.
  private var infix: (text: String, level: Precedence)? {
    switch here.kind {
    case .sign(let text), .name(let text): Parser.levels[text].map { (text, $0) }
    default: nil
    }
  }

  /// Whether an operand begins here, so that an operator is missing before it.
  private var operandBegins: Bool {
    switch here.kind {
    case .number: true
    case .name(let name): !Parser.stops.contains(name)
    case .sign(let sign): sign == "("
    case .primes, .end: false
    }
  }

  /// Reads an expression whose operators bind at least as tightly as `least`.
  mutating func expression(_ least: Precedence = .or) -> Int {
    var left = operand()
    while true {
      if let (sign, level) = infix {
        guard level.rawValue >= least.rawValue else { return left }
        let token = here
        advance()
        left = finish(sign, level, left)
        if level == .comparison { refuseChain(after: token) }
      } else if operandBegins {
        guard Precedence.product.rawValue >= least.rawValue else { return left }
        missingOperator()
        left = finish("*", .product, left)
      } else {
        return left
      }
    }
  }

  private mutating func missingOperator() {
    let before = position > 0 ? Parser.shown(tokens[position - 1]) : "the start"
    fault(
      here, "an operator is missing between \(before) and \(Parser.shown(here))",
      "write * to multiply")
  }

  private mutating func finish(_ sign: String, _ level: Precedence, _ left: Int) -> Int {
    let right: Int
    switch level {
    case .power: right = nested { $0.expression(.power) }
    case .or: right = expression(.and)
    case .and: right = expression(.not)
    case .comparison: right = expression(.sum)
    case .sum: right = expression(.product)
    default: right = expression(.sign)
    }
    return tree.add(.infix(sign, left, right), from: tree[left].offset, to: behind)
  }

  private mutating func refuseChain(after first: Token) {
    if let (sign, level) = infix, level == .comparison {
      fault(
        here, "comparisons cannot be chained: '\(sign)' follows \(Parser.shown(first))",
        "join two of them with 'and'")
    }
  }

  /// Reads one level deeper; too deep a text is given up.
  private mutating func nested(_ read: (inout Parser) -> Int) -> Int {
    depth += 1
    defer { depth -= 1 }
    if depth > Parser.depthLimit {
      fault(
        here, "the expression nests deeper than \(Parser.depthLimit) levels",
        "split it with 'functions'")
      abandon()
    }
    if abandoned { return tree.add(.invalid, from: here.offset, to: here.offset) }
    return read(&self)
  }

  private mutating func operand() -> Int {
    let token = here
    switch token.kind {
    case .sign("-"), .sign("+"):
      advance()
      let inner = nested { $0.expression(.power) }
      if token.kind == .sign("+") { return inner }
      return tree.add(.prefix("-", inner), from: token.offset, to: behind)
    case .name("not"):
      advance()
      let inner = nested { $0.expression(.not) }
      return tree.add(.prefix("not", inner), from: token.offset, to: behind)
    default: return primes(after: primary(), from: token.offset)
    }
  }

  private mutating func primes(after inner: Int, from start: Int) -> Int {
    var inner = inner
    while case .primes(let count) = here.kind {
      advance()
      inner = tree.add(.primes(inner, count: count), from: start, to: behind)
    }
    return inner
  }

  private mutating func primary() -> Int {
    let token = here
    switch token.kind {
    case .number(let value):
      advance()
      return tree.add(.number(value), from: token.offset, to: behind)
    case .name(let name) where Parser.levels[name] == nil && !Parser.stops.contains(name):
      advance()
      if isSign("(") { return call(name, token) }
      return tree.add(.name(name), from: token.offset, to: behind)
    case .sign("("):
      advance()
      let inner = nested { $0.expression() }
      close(token)
      return inner
    default:
      fault(
        token, "an operand is missing before \(Parser.shown(token))", "write a number or a name")
      return tree.add(.invalid, from: token.offset, to: token.offset)
    }
  }

  /// Expects the parenthesis that closes `opening`.
  private mutating func close(_ opening: Token) {
    if take(sign: ")") { return }
    if case .end = here.kind {
      unclosed(opening)
    } else if isSign(",") {
      fault(here, "a comma stands outside the arguments of a function", "delete it")
      while !isSign(")"), here.kind != .end { advance() }
      _ = take(sign: ")")
    } else {
      unclosed(opening)
    }
  }

  private mutating func unclosed(_ opening: Token) {
    fault(
      opening, "'(' is never closed",
      "add ')'; inside [...] or {...} quote an expression that holds a comma")
  }

  private mutating func call(_ name: String, _ token: Token) -> Int {
    let opening = here
    advance()
    var arguments: [Int] = []
    if !isSign(")") {
      repeat {
        arguments.append(nested { $0.expression() })
      } while take(sign: ",")
    }
    if !take(sign: ")") { unclosed(opening) }
    return tree.add(
      .call(name, nameLength: token.length, arguments), from: token.offset, to: behind)
  }

  // MARK: Ends

  /// Reads a whole expression that must reach `isEnd`; notes what stands in between.
  mutating func whole(until isEnd: (Parser) -> Bool) -> Int {
    var root = expression()
    while !isEnd(self), here.kind != .end {
      stray()
      let before = position
      if isEnd(self) { break }
      if operandBegins || infix != nil { root = expression() }
      if position == before, !isEnd(self) { advance() }
    }
    return root
  }

  private mutating func stray() {
    switch here.kind {
    case .sign(")"): fault(here, "')' closes nothing", "delete it, or add '('")
    case .sign(","):
      fault(here, "a comma stands outside the arguments of a function", "delete it")
    case .sign("="):
      fault(here, "'=' does not compare", "write == to compare, or keep one = in an equation")
    case .primes:
      fault(here, "a prime follows no name", "write x' for the derivative of x")
    default:
      fault(here, "\(Parser.shown(here)) is out of place", "delete it")
    }
    advance()
  }
}
