import Expressions
import Problems
import Residuals
import Testing

@Suite("Discovered formulas") struct DiscoveryTests {
  static func text(_ discover: String) -> String {
    """
    variables: {t: [0, 3]}
    unknowns: [x, y]
    parameters: {alpha: 1.3}
    estimate: {delta: {start: 1, bounds: [0, 5]}}
    functions: {s: x + y}
    networks:
      interaction: {inputs: [x, s], outputs: [U1, U2]}
      energy: {inputs: [x, y], outputs: [H]}
    equations:
      - x' = alpha*x + U1 + d(H, y)
      - y' = U2 - delta*y - d(H, x)
    conditions: ["x = 0.4 at t = 0", "y = 4.6 at t = 0"]
    observables: {total: U1 + H}
    discover: \(discover)
    """
  }

  private static func problem(_ discover: String, _ overrides: [String] = []) throws -> Problem {
    try Sample("discover", text(discover)).problem(overrides)
  }

  @Test("reads outputs and terms, and has a library where none are listed") func declaration()
    throws
  {
    let listed = try #require(
      try DiscoveryDeclaration(Self.problem("{terms: [s, x*y, sin(x)], of: [U2, H]}")))
    #expect(listed.isListed && listed.outputs.map(\.name) == ["U2", "H"])
    #expect(listed.outputs.allSatisfy { $0.terms.map(\.text) == ["s", "x*y", "sin(x)"] })
    #expect(listed.outputs[0].terms[0].expression == .symbol("x") + .symbol("y"))
    let one = try #require(try DiscoveryDeclaration(Self.problem("{of: U1}")))
    #expect(one.outputs.map(\.name) == ["U1"] && !one.isListed)
    #expect(
      one.outputs[0].terms.map(\.text) == [
        "1", "x", "s", "x^2", "x*s", "s^2", "x^3", "x^2*s", "x*s^2", "s^3",
      ])
    let all = try #require(try DiscoveryDeclaration(Self.problem("{}")))
    #expect(all.outputs.map(\.name) == ["U1", "U2", "H"])
    // What a term says is what it means.
    for output in all.outputs {
      for term in output.terms {
        #expect(try Self.problem("{}").scope.resolve(term.text).expression == term.expression)
      }
    }
    let without = try Sample(
      "none",
      "variables: {t: [0, 1]}\nunknowns: [x]\nequations: [x' = x]\nconditions: [x = 1 at t = 0]"
    ).problem()
    #expect(try DiscoveryDeclaration(without) == nil)
  }

  @Test("keeps a library to a hundred terms") func library() throws {
    func count(_ inputs: Int) throws -> Int {
      let list = (1...inputs).map { "\($0)*x" }.joined(separator: ", ")
      let problem = try Self.problem(
        "{}", ["networks.interaction.inputs=[\(list)]"])
      return DiscoveryDeclaration.monomials(of: problem.networks[0].inputs).count
    }
    #expect(
      try [1, 2, 3, 6, 7, 12, 13, 200].map(count) == [4, 10, 20, 84, 36, 91, 14, 201])
  }

  static let refusals: [(String, String)] = [
    (
      "{terms: [x, U1*y]}",
      """
      test.yaml:14:23: 'U1' is an output of a network, and formulas are to replace such; write \
      terms of variables, unknowns and parameters
      """
    ),
    (
      "{terms: [\"y'\", \"integral(x, r, 0, 1)\"]}",
      """
      test.yaml:14:20: 'y_t' is what the equations give, not what they are given; write \
      derivatives of lower order
      test.yaml:14:26: a term has a value at each point, and an integral reads others; remove it
      """
    ),
    ("{terms: []}", "test.yaml:14:19: 'terms' is an empty list; write terms"),
    (
      "{terms: [x, 0, x], of: [U1, U1]}",
      """
      test.yaml:14:23: the term is zero; remove it
      test.yaml:14:26: the term is listed twice, as 'x' before; write it once
      test.yaml:14:39: 'U1' is listed twice; write it once
      """
    ),
  ]

  @Test("refuses terms that cannot stand in a formula", arguments: refusals)
  func refuse(_ discover: String, _ messages: String) throws {
    let problem = try Self.problem(discover)
    let faults = #expect(throws: ProblemFaults.self) { try DiscoveryDeclaration(problem) }
    let heads = faults?.diagnostics.map { String($0.rendered.split(separator: "\n")[0]) } ?? []
    let wanted = messages.split(separator: "\n").map(String.init)
    #expect(heads.count == wanted.count)
    for (head, message) in zip(heads, wanted) { #expect(head.hasPrefix(message), "\(head)") }
  }

  // MARK: Formulas

  private static func formula(_ output: String, _ problem: Problem, _ parts: [(Double, String)])
    throws -> Formula
  {
    try Formula(
      output: output,
      parts: parts.map { coefficient, text in
        let expression = try #require(problem.scope.resolve(text).expression)
        return .init(coefficient, .init(text: text, expression: expression))
      })
  }

  @Test("are written as the file would write them") func texts() throws {
    let problem = try Self.problem("{}")
    let formula = try Self.formula(
      "U1", problem,
      [
        (-0.90312345, "x*y"), (1e-7 / 3, "x + y"), (-2, "1"), (12345.678, "sin(x + 1)"), (3, "-x"),
        (-1, "(x + 1)*(y - 1)"), (1, "x < 1 and y < 1"), (0.125, "1/x"),
      ])
    let text = formula.text()
    #expect(
      text == """
        U1 = -0.9031*x*y + 3.333e-08*(x + y) - 2 + 12350*sin(x + 1) + 3*(-x) - 1*(x + 1)*(y - 1) \
        + 1*(x < 1 and y < 1) + 0.125*1/x
        """)
    // Read back, it has the value of its parts, to the digits written.
    let read = try #require(problem.scope.resolve(String(text.dropFirst(5))).expression)
    for (x, y) in [(0.3, 0.7), (2.5, -1.2)] {
      let place = [Symbol("x"): x, Symbol("y"): y]
      var sum = 0.0
      for part in formula.parts {
        sum += part.coefficient * (try part.term.expression.evaluate(place))
      }
      #expect((try read.evaluate(place) / sum - 1).magnitude < 5e-4)
    }
    #expect(Formula(output: "U", parts: []).text() == "U = 0")
  }

  @Test("take the place of networks, coefficients being estimates") func replacement() throws {
    let problem = try Self.problem("{}")
    let found = try FormulaProblem(
      problem,
      [
        Self.formula("U1", problem, [(-0.9, "x*y"), (0.5, "sin(x)")]),
        Self.formula("U2", problem, []),
      ])
    let new = found.problem
    #expect(found.names == [["U1_1", "U1_2"], []])
    #expect(new.networks.map(\.name) == ["energy"])
    #expect(new.estimates.map(\.name) == ["delta", "U1_1", "U1_2"])
    #expect(new.estimates.map(\.start) == [1, -0.9, 0.5])
    #expect(new.estimates[1].lower == -.infinity && new.estimates[1].upper == .infinity)
    #expect(new.scope.resolve("U1_2*H").expression != nil)
    #expect(new.scope.resolve("U1").expression == nil)
    let place: [Symbol: Double] = [
      Symbol("x"): 0.7, Symbol("y"): 1.9, Symbol("alpha"): 1.3, Symbol("delta"): 2,
      Symbol("U1_1"): -0.8, Symbol("U1_2"): 0.4, Symbol("H"): 5, Symbol("H", ["x"]): 3,
      Symbol("H", ["y"]): 4,
    ]
    let sine = try #require(
      try problem.scope.resolve("sin(0.7)").expression?.evaluate())
    let first = try new.equations[0].right.evaluate(place)
    #expect((first - (1.3 * 0.7 - 0.8 * 0.7 * 1.9 + 0.4 * sine + 4)).magnitude < 1e-14)
    #expect((try new.equations[1].right.evaluate(place) - (-2 * 1.9 - 3)).magnitude < 1e-14)
    let total = try new.observables[0].expression.evaluate(place)
    #expect((total - (-0.8 * 0.7 * 1.9 + 0.4 * sine + 5)).magnitude < 1e-14)
    let fitted = found.formulas(with: ["U1_1": -0.85])
    #expect(fitted[0].text() == "U1 = -0.85*x*y + 0.5*sin(x)")
  }

  @Test("are differentiated as their outputs were; what does not matter is no estimate")
  func derivatives() throws {
    let problem = try Self.problem("{}")
    let found = try FormulaProblem(
      problem, [Self.formula("H", problem, [(7, "1"), (0.5, "x^2"), (0.25, "x*y^2")])])
    #expect(found.names == [[nil, "H_2", "H_3"]])
    #expect(found.problem.networks.map(\.name) == ["interaction"])
    let place: [Symbol: Double] = [
      Symbol("x"): 0.7, Symbol("y"): 1.9, Symbol("alpha"): 1.3, Symbol("delta"): 2,
      Symbol("H_2"): 0.5, Symbol("H_3"): 0.25, Symbol("U1"): 0, Symbol("U2"): 0,
    ]
    let first = try found.problem.equations[0].right.evaluate(place)
    #expect((first - (1.3 * 0.7 + 0.5 * 0.7 * 1.9)).magnitude < 1e-14)
    let second = try found.problem.equations[1].right.evaluate(place)
    #expect((second - (-2 * 1.9 - (0.7 + 0.25 * 1.9 * 1.9))).magnitude < 1e-14)
    let total = try found.problem.observables[0].expression.evaluate(place)
    #expect((total - (7 + 0.5 * 0.49 + 0.25 * 0.7 * 3.61)).magnitude < 1e-13)
  }
}
