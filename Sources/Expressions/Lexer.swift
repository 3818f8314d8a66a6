/// A piece of a text: a number, a name, or a sign.
struct Token: Equatable {
  enum Kind: Equatable {
    case number(Double)
    case name(String)
    /// One of the grammar's signs and operators, as written.
    case sign(String)
    /// A run of primes, by its length.
    case primes(Int)
    case end
  }

  var kind: Kind
  var offset: Int
  var length: Int
}

/// Cuts a text into tokens; faults are noted and stepped over.
struct Lexer {
  /// The most tokens that a text may have.
  static let limit = 20_000

  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var offset = 0
  private(set) var tokens: [Token] = []
  private(set) var faults: [Fault] = []

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  /// The tokens of `text`, ended by an `end`, and the faults met.
  static func read(_ text: String) -> (tokens: [Token], faults: [Fault]) {
    var lexer = Lexer(text)
    lexer.readAll()
    return (lexer.tokens, lexer.faults)
  }

  private var here: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private func ahead(_ distance: Int) -> Unicode.Scalar? {
    position + distance < scalars.count ? scalars[position + distance] : nil
  }

  private mutating func advance() {
    offset += UTF8.width(scalars[position])
    position += 1
  }

  private mutating func fault(from start: Int, _ message: String, _ remedy: String) {
    faults.append(
      Fault(offset: start, length: max(offset - start, 1), message: message, remedy: remedy))
  }

  private mutating func readAll() {
    while let scalar = here {
      if tokens.count >= Lexer.limit {
        fault(
          from: offset, "the expression has more than \(Lexer.limit) symbols",
          "split it with 'functions'")
        break
      }
      if scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r" {
        advance()
      } else {
        readToken(scalar)
      }
    }
    tokens.append(Token(kind: .end, offset: offset, length: 0))
  }

  private mutating func readToken(_ scalar: Unicode.Scalar) {
    let start = offset
    let kind: Token.Kind?
    if Lexer.isDigit(scalar) || scalar == "." && ahead(1).map(Lexer.isDigit) == true {
      kind = readNumber()
    } else if Lexer.isLetter(scalar) {
      kind = .name(readName())
    } else if scalar == "'" {
      while here == "'" { advance() }
      kind = .primes(offset - start)
    } else {
      kind = readSign(scalar)
    }
    if let kind { tokens.append(Token(kind: kind, offset: start, length: offset - start)) }
  }

  private mutating func readName() -> String {
    var name = String.UnicodeScalarView()
    while let scalar = here, Lexer.isLetter(scalar) || Lexer.isDigit(scalar) {
      name.append(scalar)
      advance()
    }
    return String(name)
  }

  private mutating func readNumber() -> Token.Kind? {
    let start = offset
    var text = ""
    func digits(_ lexer: inout Lexer) {
      while let scalar = lexer.here, Lexer.isDigit(scalar) {
        text.unicodeScalars.append(scalar)
        lexer.advance()
      }
    }
    digits(&self)
    if here == "." {
      text += text.isEmpty ? "0." : "."
      advance()
      digits(&self)
      if text.hasSuffix(".") { text += "0" }
    }
    if let scalar = here, scalar == "e" || scalar == "E", exponentFollows {
      text += "e"
      advance()
      if let sign = here, sign == "+" || sign == "-" {
        text.unicodeScalars.append(sign)
        advance()
      }
      digits(&self)
    }
    if here == ".", ahead(1).map(Lexer.isDigit) == true {
      while let scalar = here, scalar == "." || Lexer.isDigit(scalar) { advance() }
      fault(from: start, "a number has two decimal points", "keep one")
      return .number(1)
    }
    guard let value = Double(text), value.isFinite else {
      fault(from: start, "the number is too large for a double", "stay below 1.8e308")
      return .number(1)
    }
    return .number(value)
  }

  private var exponentFollows: Bool {
    guard let next = ahead(1) else { return false }
    if Lexer.isDigit(next) { return true }
    return (next == "+" || next == "-") && ahead(2).map(Lexer.isDigit) == true
  }

  private static let pairs: Set<String> = ["<=", ">=", "==", "!="]
  private static let singles: Set<Unicode.Scalar> = [
    "+", "-", "*", "/", "^", "(", ")", ",", "<", ">", "=",
  ]

  private mutating func readSign(_ scalar: Unicode.Scalar) -> Token.Kind? {
    let start = offset
    var pair = String(scalar)
    if let next = ahead(1) { pair.unicodeScalars.append(next) }
    if Lexer.pairs.contains(pair) {
      advance()
      advance()
      return .sign(pair)
    }
    if ahead(1) != nil, let (meaning, remedy) = Lexer.foreign[pair] {
      advance()
      advance()
      fault(from: start, "'\(pair)' is not a sign of this language", remedy)
      return .sign(meaning)
    }
    if Lexer.singles.contains(scalar) {
      advance()
      return .sign(String(scalar))
    }
    return readStranger(scalar)
  }

  private mutating func readStranger(_ scalar: Unicode.Scalar) -> Token.Kind? {
    let start = offset
    advance()
    let shown = String(scalar)
    if let (meaning, remedy) = Lexer.foreign[shown] {
      fault(from: start, "'\(shown)' is not a sign of this language", remedy)
      return meaning.isEmpty ? nil : .sign(meaning)
    }
    while let next = here, Lexer.isStrange(next) { advance() }
    if Lexer.isHidden(scalar) {
      let code = String(scalar.value, radix: 16, uppercase: true)
      let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
      fault(
        from: start, "the text holds the control or invisible character U+\(padded)", "delete it")
    } else if scalar.properties.isAlphabetic {
      fault(
        from: start, "the letter '\(shown)' cannot stand in a name",
        "use Latin or Greek letters, digits and _")
    } else {
      fault(from: start, "'\(shown)' is not a sign of this language", "delete it")
    }
    return nil
  }

  /// Signs of other languages, what they mean, and what to write.
  private static let foreign: [String: (String, String)] = [
    "**": ("^", "write ^ for a power"), "&&": ("+", "write 'and'"), "||": ("+", "write 'or'"),
    "<>": ("!=", "write !="), "=>": (">=", "write >="), "=<": ("<=", "write <="),
    "!": ("-", "write 'not'"), "×": ("*", "write * to multiply"),
    "·": ("*", "write * to multiply"), "−": ("-", "write - for minus"),
    "–": ("-", "write - for minus"), "÷": ("/", "write / to divide"), "≤": ("<=", "write <="),
    "≥": (">=", "write >="), "≠": ("!=", "write !="), "²": ("", "write ^2"),
    "³": ("", "write ^3"), "[": ("(", "group with ( and )"), "]": (")", "group with ( and )"),
    "{": ("(", "group with ( and )"), "}": (")", "group with ( and )"),
    "%": ("*", "write mod(a, b) for the remainder"), "′": ("", "write ' for a derivative"),
    "’": ("", "write ' for a derivative"), "√": ("", "write sqrt(…)"),
    "∂": ("", "write u_x or d(u, x)"), "∇": ("", "write laplace(u) or u_x"),
    "∞": ("", "name a finite number"),
  ]

  static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar >= "0" && scalar <= "9" }

  /// ASCII letters, the underscore and Greek letters.
  static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "_": true
    case "\u{370}"..."\u{3FF}", "\u{1F00}"..."\u{1FFF}": scalar.properties.isAlphabetic
    default: false
    }
  }

  /// Control characters, bidirectional marks, and other characters that do not show.
  static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator:
      true
    default: false
    }
  }

  private static func isStrange(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value < 32 && !" \t\n\r".unicodeScalars.contains(scalar) }
    return !isLetter(scalar) && foreign[String(scalar)] == nil
  }
}

/// Whether `name` may be declared: letters (Greek too), digits and `_`, not starting with a digit,
/// and none of the language's own words.
public func isDeclarable(_ name: String) -> Bool {
  let scalars = name.unicodeScalars
  guard let first = scalars.first, Lexer.isLetter(first), !reservedWords.contains(name) else {
    return false
  }
  return scalars.allSatisfy { Lexer.isLetter($0) || Lexer.isDigit($0) }
}

/// The words of the language, which nothing may be called.
public let reservedWords: Set<String> = [
  "pi", "at", "in", "periodic", "boundary", "and", "or", "not", "if", "true", "false", "data",
]
