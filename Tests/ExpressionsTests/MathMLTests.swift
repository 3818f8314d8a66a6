import Expressions
import Testing

@Suite("Typesetting") struct MathMLTests {
  static let scope = Scope(
    variables: ["x", "t"], marching: "t", unknowns: ["u", "v"], values: ["nu", "k_on", "w2"])

  @Test(
    "formulas are drawn as mathematics writes them",
    arguments: [
      ("u/2", "<mfrac><mrow><mi>u</mi></mrow><mrow><mn>2</mn></mrow></mfrac>"),
      ("u_xx", "<msup><mo rspace=\"0\">∂</mo><mn>2</mn></msup><mi>u</mi>"),
      ("d(u, x, 2)", "<msup><mi>x</mi><mn>2</mn></msup>"),
      ("nu*u", "<mi>ν</mi><mo>&#x2062;</mo>"),
      ("k_on", "<msub><mi>k</mi><mi>on</mi></msub>"), ("w2", "<msub><mi>w</mi><mi>2</mi></msub>"),
      ("2*3", "<mn>2</mn><mo>·</mo><mn>3</mn>"),
      ("u^(x + 1)", "<mrow><mi>x</mi><mo>+</mo><mn>1</mn></mrow></msup>"),
      ("(u + v)*x", "<mo>(</mo><mi>u</mi><mo>+</mo><mi>v</mi><mo>)</mo>"),
      ("(u + v)^2", "<mo>(</mo><mi>u</mi><mo>+</mo><mi>v</mi><mo>)</mo>"),
      ("u - (v - x)", "<mo>−</mo><mrow><mo>(</mo><mi>v</mi><mo>−</mo><mi>x</mi><mo>)</mo></mrow>"),
      ("u + -v", "<mrow><mo>(</mo><mo form=\"prefix\">−</mo><mi>v</mi><mo>)</mo></mrow>"),
      ("exp(-x^2)", "<msup><mi>e</mi><mrow><mo form=\"prefix\">−</mo>"),
      ("sqrt(u)", "<msqrt><mi>u</mi></msqrt>"), ("abs(u)", "<mo>|</mo><mi>u</mi><mo>|</mo>"),
      ("u <= v", "<mo>≤</mo>"), ("u < v", "<mo>&lt;</mo>"),
      ("1.5e-9", "<mn>1.5</mn><mo>·</mo><msup><mn>10</mn><mn>−9</mn></msup>"),
      ("laplace(u)", "<mi mathvariant=\"normal\">Δ</mi><mi>u</mi>"),
      ("if(x > 0, 1, 2)", "<mtr><mtd><mn>2</mn></mtd><mtd><mtext>else</mtext>"),
      ("integral(v(s, t), s, 0, 1)", "<msubsup><mo>∫</mo><mrow><mn>0</mn></mrow>"),
      ("log(u)", "<mi>ln</mi>"), ("u'", "<msup><mrow><mi>u</mi></mrow><mo>′</mo></msup>"),
    ])
  func forms(_ text: String, _ part: String) throws {
    let math = try #require(Self.scope.mathML(expression: text))
    #expect(math.contains(part), "\(math)")
    #expect(Self.isWellFormed(math))
  }

  @Test(
    "conditions say where they hold",
    arguments: [
      (
        "u = 0 at x = 0, t = 1",
        "<mtext>\u{A0}at\u{A0}</mtext><mi>x</mi><mo>=</mo><mn>0</mn><mo>,</mo>"
      ),
      ("u = v at boundary", "<mtext>\u{A0}on\u{A0}the\u{A0}boundary</mtext>"),
      ("periodic in x", "<mtext>periodic\u{A0}in\u{A0}</mtext><mi>x</mi>"),
      ("u = data at t = 0", "<mtext>data</mtext>"),
    ])
  func conditions(_ text: String, _ part: String) throws {
    let math = try #require(Self.scope.mathML(condition: text))
    #expect(math.contains(part), "\(math)")
    #expect(Self.isWellFormed(math))
  }

  @Test("whatever can be printed can be drawn, every element closed")
  func random() throws {
    let scope = RandomExpressions.scope
    for kind in [RandomExpressions.Kind.any, .nonlocal] {
      var random = RandomExpressions(seed: 3, kind: kind)
      for _ in 0..<500 {
        let text = random.next(depth: 4).description
        guard text.utf8.count < 4000 else { continue }
        let math = try #require(scope.mathML(expression: text), "\(text)")
        #expect(Self.isWellFormed(math), "\(text): \(math)")
      }
    }
  }

  @Test("what cannot be read is left to be shown as it stands")
  func unreadable() {
    #expect(Self.scope.mathML(expression: "u +") == nil)
    #expect(Self.scope.mathML(equation: "u") == nil)
    #expect(Self.scope.mathML(condition: "u = 0") == nil)
    #expect(Self.scope.mathML(expression: String(repeating: "u+", count: 3000) + "u") == nil)
  }

  /// Whether every element is closed in its turn, and no sign stands that HTML would take for one.
  static func isWellFormed(_ text: String) -> Bool {
    var open: [Substring] = []
    var rest = text[...]
    while let start = rest.firstIndex(of: "<") {
      if rest[..<start].contains(">") { return false }
      guard let end = rest[start...].firstIndex(of: ">") else { return false }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasSuffix("/") { continue }
      if tag.hasPrefix("/") {
        guard open.popLast() == tag.dropFirst() else { return false }
      } else {
        open.append(tag.prefix { $0 != " " })
      }
    }
    return open.isEmpty && !rest.contains(">")
  }
}
