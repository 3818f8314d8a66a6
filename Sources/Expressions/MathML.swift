extension Scope {
  /// Texts longer than this, in bytes, are not typeset: nobody reads them as formulas.
  static let typesettingLimit = 4000

  /// An equation `left = right` as MathML, as its author wrote it; nil where it cannot be read.
  ///
  /// Quotients become fractions, `u_xx` and `d(u, x, 2)` derivatives, `alpha` a Greek letter; nothing
  /// is simplified. The text is a `<math>` element without a namespace, for HTML.
  public func mathML(equation text: String) -> String? {
    typeset(text) { parser in
      let sides = parser.sides { _ in false }
      return sides.right.map { [.expression(sides.left), .sign("="), .expression($0)] }
    }
  }

  /// An expression as MathML; nil where it cannot be read.
  public func mathML(expression text: String) -> String? {
    typeset(text) { parser in [.expression(parser.whole { _ in false })] }
  }

  /// A condition, `u = 0 at x = 0` or `periodic in x`, as MathML; nil where it cannot be read.
  public func mathML(condition text: String) -> String? {
    typeset(text) { parser in
      if parser.take(word: "periodic") {
        _ = parser.take(word: "in")
        return [.words("periodic in "), .expression(parser.expression())]
      }
      let left = parser.whole { $0.isSign("=") || $0.isWord("at") }
      guard parser.take(sign: "=") else { return nil }
      var parts: [Typesetter.Part] = [.expression(left), .sign("=")]
      parts.append(
        parser.take(word: "data")
          ? .words("data") : .expression(parser.whole { $0.isWord("at") }))
      guard parser.take(word: "at") else { return nil }
      if parser.take(word: "boundary") { return parts + [.words(" on the boundary")] }
      parts.append(.words(" at "))
      repeat {
        if case .expression = parts.last { parts.append(.sign(",")) }
        parts.append(.expression(parser.expression()))
        guard parser.take(sign: "=") else { return nil }
        parts += [.sign("="), .expression(parser.expression())]
      } while parser.take(sign: ",")
      return parts
    }
  }

  /// A name as MathML: Greek letters by name, digits at the end and what follows `_` as an index.
  public func mathML(name: String) -> String { "<math>\(Typesetter.name(name))</math>" }

  private func typeset(
    _ text: String, _ read: (inout Parser) -> [Typesetter.Part]?
  ) -> String? {
    guard text.utf8.count <= Scope.typesettingLimit else { return nil }
    var parser = Parser(text)
    guard let parts = read(&parser), parser.faults.isEmpty, parser.here.kind == .end else {
      return nil
    }
    let typesetter = Typesetter(scope: self, tree: parser.tree)
    return "<math>\(parts.map(typesetter.text).joined())</math>"
  }
}

/// Writes a syntax tree as presentation MathML, with the parentheses that the layout needs.
///
/// Its depth is that of the tree, which the parser and the length of the text bound.
struct Typesetter {
  /// What a formula is put together of.
  enum Part {
    case expression(Int)
    case sign(String)
    case words(String)
  }

  let scope: Scope
  let tree: SyntaxTree

  func text(_ part: Part) -> String {
    switch part {
    case .expression(let node): drawn(node)
    case .sign(let sign): "<mo>\(sign)</mo>"
    case .words(let words): "<mtext>\(words.replacing(" ", with: "\u{A0}"))</mtext>"
    }
  }

  /// A node alone.
  private func drawn(_ index: Int) -> String {
    switch tree[index].form {
    case .number(let value): Self.number(value)
    case .name(let name): symbol(name)
    case .prefix(let sign, let inner): prefix(sign, inner)
    case .infix(let sign, let left, let right): infix(sign, left, right)
    case .primes(let inner, let count):
      "<msup>\(row(wrapped(inner, .postfix)))<mo>\(String(repeating: "′", count: count))</mo></msup>"
    case .call(let name, _, let arguments): call(name, arguments)
    case .invalid: ""
    }
  }

  private func row(_ text: String) -> String { "<mrow>\(text)</mrow>" }

  private func fenced(_ text: String) -> String { row("<mo>(</mo>\(text)<mo>)</mo>") }

  /// A node in parentheses where it binds less tightly than its place asks for.
  private func wrapped(_ index: Int, _ least: Precedence) -> String {
    precedence(index).rawValue < least.rawValue ? fenced(drawn(index)) : drawn(index)
  }

  /// How tightly a node binds as it is drawn: a fraction and a function hold themselves together.
  private func precedence(_ index: Int) -> Precedence {
    switch tree[index].form {
    case .number(let value): value < 0 || "\(value)".contains("e") ? .product : .atom
    case .prefix(let sign, _): sign == "not" ? .not : .product
    case .infix(let sign, _, _):
      switch sign {
      case "+", "-": .sum
      case "*": .product
      case "/": .sign
      case "^": .power
      case "and": .and
      case "or": .or
      default: .comparison
      }
    case .call("exp", _, _): .power
    case .call("d", _, _), .call("laplace", _, _), .call("integral", _, _): .product
    case .name(let name):
      scope.kind(of: name) == nil && scope.derivative(reading: name) != nil ? .sign : .atom
    default: .atom
    }
  }

  private func prefix(_ sign: String, _ inner: Int) -> String {
    sign == "not"
      ? "<mo>¬</mo>" + wrapped(inner, .not)
      : "<mo form=\"prefix\">−</mo>" + wrapped(inner, .product)
  }

  private func infix(_ sign: String, _ left: Int, _ right: Int) -> String {
    switch sign {
    case "/": return "<mfrac>\(row(drawn(left)))\(row(drawn(right)))</mfrac>"
    case "^": return "<msup>\(row(wrapped(left, .postfix)))\(row(drawn(right)))</msup>"
    case "*":
      // Between numbers a missing sign would make one number of two.
      let sign =
        beginsWithNumber(right) ? "<mo>·</mo>" : "<mo>&#x2062;</mo><mspace width=\"0.17em\"/>"
      return wrapped(left, .product) + sign + wrapped(right, .sign)
    case "+": return wrapped(left, .sum) + "<mo>+</mo>" + term(right)
    case "-": return wrapped(left, .sum) + "<mo>−</mo>" + term(right)
    default:
      let least = Precedence.sum
      let drawn = Self.signs[sign] ?? sign
      let isWord = sign == "and" || sign == "or"
      return isWord
        ? wrapped(left, .comparison) + "<mo>\(drawn)</mo>" + wrapped(right, .comparison)
        : wrapped(left, least) + "<mo>\(drawn)</mo>" + wrapped(right, least)
    }
  }

  /// What follows a plus or a minus: in parentheses where it begins with a sign of its own.
  private func term(_ index: Int) -> String {
    beginsWithSign(index) ? fenced(drawn(index)) : wrapped(index, .product)
  }

  private func beginsWithSign(_ index: Int) -> Bool {
    switch tree[index].form {
    case .prefix: true
    case .number(let value): value < 0
    case .infix("*", let left, _): beginsWithSign(left)
    default: false
    }
  }

  private static let signs = [
    "<": "&lt;", "<=": "≤", ">": "&gt;", ">=": "≥", "==": "=", "!=": "≠", "and": "∧", "or": "∨",
  ]

  private func beginsWithNumber(_ index: Int) -> Bool {
    switch tree[index].form {
    case .number: true
    case .infix("*", let left, _), .infix("^", let left, _): beginsWithNumber(left)
    default: false
    }
  }
}
