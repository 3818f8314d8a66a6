/// Names, numbers and what is followed by arguments.
extension Typesetter {
  /// A number as it is read, powers of ten written out.
  static func number(_ value: Double) -> String {
    let text = Expression.number(value).description
    guard let e = text.firstIndex(of: "e") else {
      return text.hasPrefix("-")
        ? "<mo form=\"prefix\">−</mo><mn>\(text.dropFirst())</mn>" : "<mn>\(text)</mn>"
    }
    let digits = text[text.index(after: e)...]
    let size = String(digits.drop { "+-0".contains($0) })
    let exponent = digits.hasPrefix("-") ? "−\(size)" : size
    let power = "<msup><mn>10</mn><mn>\(exponent)</mn></msup>"
    let mantissa = text[..<e]
    return mantissa == "1" ? power : "<mn>\(mantissa)</mn><mo>·</mo>\(power)"
  }

  /// A declared name, or a derivative that is read from a name such as `u_xx`.
  func symbol(_ name: String) -> String {
    if scope.kind(of: name) == nil, let (base, variables) = scope.derivative(reading: name) {
      return derivative(Self.name(base), variables)
    }
    return Self.name(name)
  }

  /// ∂²u/∂x∂t; d where there is one variable.
  private func derivative(_ base: String, _ variables: [String]) -> String {
    let d = "<mo rspace=\"0\">\(scope.variables.count > 1 ? "∂" : "d")</mo>"
    func power(_ inner: String, _ count: Int) -> String {
      count == 1 ? inner : "<msup>\(inner)<mn>\(count)</mn></msup>"
    }
    var below = ""
    var i = 0
    while i < variables.count {
      var end = i
      while end < variables.count, variables[end] == variables[i] { end += 1 }
      below += d + power(Self.name(variables[i]), end - i)
      i = end
    }
    return "<mfrac><mrow>\(power(d, variables.count))\(base)</mrow><mrow>\(below)</mrow></mfrac>"
  }

  func call(_ name: String, _ arguments: [Int]) -> String {
    let x = arguments.map { text(.expression($0)) }
    func fence(_ open: String, _ close: String) -> String {
      "<mrow><mo>\(open)</mo>\(x.joined(separator: "<mo>,</mo>"))<mo>\(close)</mo></mrow>"
    }
    switch (name, x.count) {
    case ("sqrt", 1): return "<msqrt>\(x[0])</msqrt>"
    case ("cbrt", 1): return "<mroot><mrow>\(x[0])</mrow><mn>3</mn></mroot>"
    case ("exp", 1): return "<msup><mi>e</mi><mrow>\(x[0])</mrow></msup>"
    case ("abs", 1): return fence("|", "|")
    case ("floor", 1): return fence("⌊", "⌋")
    case ("ceil", 1): return fence("⌈", "⌉")
    case ("laplace", 1): return "<mi mathvariant=\"normal\">Δ</mi>" + operand(arguments[0], x[0])
    case ("if", 3): return choice(x)
    case ("d", 2), ("d", 3): return differential(arguments, x)
    case ("integral", 4):
      return "<msubsup><mo>∫</mo><mrow>\(x[2])</mrow><mrow>\(x[3])</mrow></msubsup>"
        + "<mrow>\(operand(arguments[0], x[0]))</mrow><mspace width=\"0.17em\"/><mi>d</mi>\(x[1])"
    case ("log", 1): return "<mi>ln</mi>" + fence("(", ")")
    case ("log10", 1): return "<msub><mi>log</mi><mn>10</mn></msub>" + fence("(", ")")
    default: return Self.name(name, isFunction: true) + fence("(", ")")
    }
  }

  /// An operand of an operator, in parentheses where it is a sum.
  private func operand(_ index: Int, _ drawn: String) -> String {
    if case .infix(let sign, _, _) = tree[index].form, sign == "+" || sign == "-" {
      return "<mrow><mo>(</mo>\(drawn)<mo>)</mo></mrow>"
    }
    return drawn
  }

  /// Two lines with their cases.
  private func choice(_ x: [String]) -> String {
    "<mrow><mo>{</mo><mtable columnalign=\"left\"><mtr><mtd>\(x[1])</mtd><mtd><mtext>if&#xA0;</mtext>"
      + "\(x[0])</mtd></mtr><mtr><mtd>\(x[2])</mtd><mtd><mtext>else</mtext></mtd></mtr></mtable></mrow>"
  }

  private func differential(_ arguments: [Int], _ x: [String]) -> String {
    guard case .name(let variable) = tree[arguments[1]].form else { return "" }
    var order = 1
    if arguments.count == 3, case .number(let n) = tree[arguments[2]].form, n >= 1, n < 100 {
      order = Int(n)
    }
    let variables = [String](repeating: variable, count: order)
    if case .name(let name) = tree[arguments[0]].form, scope.derivative(reading: name) == nil {
      return derivative(Self.name(name), variables)
    }
    return derivative("", variables) + "<mrow><mo>(</mo>\(x[0])<mo>)</mo></mrow>"
  }

  /// A name: Greek letters by name, digits at the end and what follows `_` as an index.
  static func name(_ name: String, isFunction: Bool = false) -> String {
    var base = Substring(name)
    var index = Substring()
    if let line = name.firstIndex(of: "_"), line != name.startIndex {
      (base, index) = (name[..<line], name[name.index(after: line)...])
    } else if let digit = name.firstIndex(where: \.isNumber), digit != name.startIndex,
      name[digit...].allSatisfy(\.isNumber), !isFunction
    {
      (base, index) = (name[..<digit], name[digit...])
    }
    let shown = isFunction ? String(base) : greek[String(base)] ?? String(base)
    let letter = "<mi>\(shown)</mi>"
    if index.isEmpty { return letter }
    let below = greek[String(index)] ?? String(index).replacing("_", with: ",")
    return "<msub>\(letter)<mi>\(below)</mi></msub>"
  }

  private static let greek: [String: String] = {
    let small = [
      "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ",
      "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
      "xi": "ξ", "omicron": "ο", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ",
      "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    ]
    var all = small
    for (name, letter) in small {
      all[name.prefix(1).uppercased() + name.dropFirst()] = letter.uppercased()
    }
    return all
  }()
}
