import Expressions
import Testing

@Suite("Faults") struct FaultTests {
  static let scope = Scope(
    variables: ["x", "t"], marching: "t", unknowns: ["u", "velocity"], values: ["k", "sigma"],
    functions: ["w": .symbol("u") * 2])

  /// Each text with its faults, as `offset+length: message; remedy`.
  static let table: [(text: String, faults: [String])] = [
    ("", ["0+1: an operand is missing before the end; write a number or a name"]),
    ("1 +", ["3+1: an operand is missing before the end; write a number or a name"]),
    ("1 +* 2", ["3+1: an operand is missing before '*'; write a number or a name"]),
    (
      "(x + 1",
      [
        "0+1: '(' is never closed; add ')'; inside [...] or {...} quote an expression that holds a comma"
      ]
    ),
    (
      "sin(x",
      [
        "3+1: '(' is never closed; add ')'; inside [...] or {...} quote an expression that holds a comma"
      ]
    ),
    ("x)", ["1+1: ')' closes nothing; delete it, or add '('"]),
    ("x, t", ["1+1: a comma stands outside the arguments of a function; delete it"]),
    ("(x, t)", ["2+1: a comma stands outside the arguments of a function; delete it"]),
    ("2x", ["1+1: an operator is missing between the number 2 and 'x'; write * to multiply"]),
    ("k (x)", ["0+1: 'k' is not a function of arguments; write k*(…) to multiply"]),
    ("(x)(t)", ["3+1: an operator is missing between ')' and '('; write * to multiply"]),
    ("w(x)", ["0+1: 'w' is not a function of arguments; write w alone"]),
    (
      "x < t < 3",
      ["6+1: comparisons cannot be chained: '<' follows '<'; join two of them with 'and'"]
    ),
    ("x = 2", ["2+1: '=' does not compare; write == to compare, or keep one = in an equation"]),
    ("sgima*x", ["0+5: unknown name 'sgima'; did you mean 'sigma'?"]),
    ("q", ["0+1: unknown name 'q'; declare it, or correct the name"]),
    ("Sigma", ["0+5: unknown name 'Sigma'; did you mean 'sigma'?"]),
    ("e^x", ["0+1: unknown name 'e'; write exp(1)"]),
    ("sin*x", ["0+3: 'sin' is a function; write sin(…)"]),
    ("sinn(x)", ["0+4: unknown function 'sinn'; did you mean 'sign'?"]),
    (
      "frobnicate(x)", ["0+10: unknown function 'frobnicate'; 'cauchy methods' lists the functions"]
    ),
    ("ln(x)", ["0+2: unknown function 'ln'; write log(x)"]),
    ("sin(x, t)", ["0+9: sin takes 1 argument, not 2; write sin(a)"]),
    ("atan2()", ["0+7: atan2 takes 2 arguments, not 0; write atan2(a, b)"]),
    ("if(x > 0, 1)", ["0+12: if takes 3 arguments, not 2; write if(condition, a, b)"]),
    ("if", ["0+2: 'if' takes three arguments; write if(condition, a, b)"]),
    ("u_y", ["0+3: 'u_y' differentiates by 'y', which is not a variable; the variables are x, t"]),
    (
      "d(u, y)",
      ["5+1: 'y' is not a variable and cannot be differentiated by; the variables are x, t"]
    ),
    (
      "d(u, k)",
      ["5+1: 'k' is not a variable and cannot be differentiated by; the variables are x, t"]
    ),
    ("d(u, 2)", ["5+1: d differentiates by a name; write d(u, x)"]),
    (
      "d(u, x, 1.5)",
      ["8+3: the order of a derivative is a whole number from 1 to 20; write d(u, x, 2)"]
    ),
    ("d(u)", ["0+4: d takes 2 or 3 arguments, not 1; write d(u, x) or d(u, x, n)"]),
    ("k'", ["0+2: 'k' is not an unknown and has no derivative; remove the prime"]),
    ("3'", ["0+2: a number has no derivative; remove the prime"]),
    (
      "u(x, t)",
      [
        "0+1: 'u' at another place may stand only inside integral(…); write u alone; delays are not in this format"
      ]
    ),
    (
      "integral(u(s), s, 0, 1)",
      ["9+4: u takes 2 arguments, not 1; write one for each variable: u(x, t)"]
    ),
    (
      "integral(1, k, 0, 1)",
      [
        "12+1: 'k' is declared already; integral may hide a variable, no other name; choose another name"
      ]
    ),
    ("integral(1, 2, 0, 1)", ["12+1: integral binds a name; write integral(f, s, a, b)"]),
    ("integral(s, s, 0, s)", ["18+1: unknown name 's'; declare it, or correct the name"]),
    (
      "d(bessel_Jnu(x, t), x)",
      [
        "0+22: bessel_Jnu has no derivative by its argument 1 in closed form; keep that argument constant"
      ]
    ),
    ("1e999", ["0+5: the number is too large for a double; stay below 1.8e308"]),
    ("1.2.3", ["0+5: a number has two decimal points; keep one"]),
    ("x ** 2", ["2+2: '**' is not a sign of this language; write ^ for a power"]),
    ("x² + 1", ["1+2: '²' is not a sign of this language; write ^2"]),
    ("2·x", ["1+2: '·' is not a sign of this language; write * to multiply"]),
    (
      "x + é*2",
      [
        "4+2: the letter 'é' cannot stand in a name; use Latin or Greek letters, digits and _",
        "6+1: an operand is missing before '*'; write a number or a name",
      ]
    ),
    (
      "x $ 2",
      [
        "2+1: '$' is not a sign of this language; delete it",
        "4+1: an operator is missing between 'x' and the number 2; write * to multiply",
      ]
    ),
    ("x\u{202E} + 1", ["1+3: the text holds the control or invisible character U+202E; delete it"]),
    ("x\u{0} + 1", ["1+1: the text holds the control or invisible character U+0000; delete it"]),
    ("u at t", ["2+2: 'at' is out of place; delete it"]),
    ("data", ["0+4: 'data' is a word of conditions; write x = data at t = 0"]),
    (
      "q1 + sinn(q2)*(u_z",
      [
        "0+2: unknown name 'q1'; declare it, or correct the name",
        "5+4: unknown function 'sinn'; did you mean 'sign'?",
        "10+2: unknown name 'q2'; declare it, or correct the name",
        "14+1: '(' is never closed; add ')'; inside [...] or {...} quote an expression that holds a comma",
        "15+3: 'u_z' differentiates by 'z', which is not a variable; the variables are x, t",
      ]
    ),
  ]

  static func shown(_ faults: [Fault]) -> [String] {
    faults.map { "\($0.offset)+\($0.length): \($0.message); \($0.remedy)" }
  }

  @Test(
    "every sentence is placed and worded as agreed, all of a text in one pass",
    arguments: table.indices)
  func expressions(_ row: Int) {
    let (text, faults) = FaultTests.table[row]
    let result = FaultTests.scope.resolve(text)
    #expect(FaultTests.shown(result.faults) == faults, "in \(text)")
    #expect(result.expression == nil)
  }

  @Test(
    "equations",
    arguments: [
      ("u_t", "3+1: '=' is missing; write left = right"),
      ("u_t == 2", "8+1: '==' compares; write one = in an equation or condition"),
      (
        "u_t = 2 = 3",
        "8+1: '=' does not compare; write == to compare, or keep one = in an equation"
      ),
      ("= 2", "0+1: an operand is missing before '='; write a number or a name"),
    ])
  func equations(_ text: String, _ fault: String) {
    #expect(FaultTests.shown(FaultTests.scope.resolveEquation(text).faults) == [fault])
  }

  @Test(
    "conditions",
    arguments: [
      (
        "u = 0",
        "5+1: the condition does not say where it holds; end it with 'at x = 0' or 'at boundary'"
      ),
      ("u at x = 0", "2+2: '=' is missing; write u = 0 at x = 0"),
      ("u = 0 at y = 0", "9+1: 'y' is not a variable; the variables are x, t"),
      ("u = 0 at x", "10+1: '=' is missing after the variable; write at x = 0"),
      ("u = 0 at 3", "9+1: the name of a variable is missing; the variables are x, t"),
      (
        "u = 0 at x = u",
        "13+1: the place of a condition depends on 'u'; write a number, or an expression of parameters"
      ),
      ("u = 0 at x = 0, x = 1", "16+1: 'x' is given twice; keep one"),
      ("u = 0 at boundary x", "18+1: 'x' is out of place; end the condition here"),
      ("periodic x", "9+1: 'in' is missing after 'periodic'; write periodic in x"),
      ("periodic in velocity", "12+8: 'velocity' is not a variable; the variables are x, t"),
    ])
  func conditions(_ text: String, _ fault: String) {
    #expect(FaultTests.shown(FaultTests.scope.resolveCondition(text).faults) == [fault])
  }

  @Test("a prime without a variable to differentiate by asks for one")
  func primes() {
    let scope = Scope(variables: ["x", "y"], unknowns: ["u"])
    #expect(
      FaultTests.shown(scope.resolve("u'").faults)
        == ["0+2: a prime does not say by which of the variables x, y; write u_x or d(u, x)"])
  }

  @Test("limits of size and depth are faults, not crashes")
  func limits() {
    let deep = String(repeating: "(", count: 201) + "x" + String(repeating: ")", count: 201)
    let nested = "201+1: the expression nests deeper than 200 levels; split it with 'functions'"
    #expect(FaultTests.shown(FaultTests.scope.resolve(deep).faults) == [nested])
    for sign in ["-", "not ", "2^", "sin(", "abs(-("] {
      let text = String(repeating: sign, count: 5_000)
      let faults = FaultTests.shown(FaultTests.scope.resolve(text).faults)
      #expect(faults.contains { $0.contains("nests deeper than 200 levels") }, "\(sign)")
    }
    let long = Array(repeating: "x", count: 10_001).joined(separator: "+")
    let faults = FaultTests.shown(FaultTests.scope.resolve(long).faults)
    #expect(
      faults == ["20000+1: the expression has more than 20000 symbols; split it with 'functions'"])
    // Twenty derivatives of twenty derivatives of something that grows each time.
    let grown =
      String(repeating: "d(", count: 8) + "exp(sin(x*t)^x)"
      + String(repeating: ", x, 20)", count: 8)
    let sentence =
      "the derivative takes more than 200000 steps to write out; lower its order, or split the expression"
    let found = FaultTests.shown(FaultTests.scope.resolve(grown).faults)
    #expect(found.allSatisfy { $0.hasSuffix(sentence) } && !found.isEmpty)
  }

  @Test(
    "names that may be declared",
    arguments: [
      ("x", true), ("θ1", true), ("_a", true), ("1a", false), ("", false), ("pi", false),
      ("at", false), ("a b", false), ("é", false), ("gamma", true),
    ])
  func declarable(_ name: String, _ allowed: Bool) {
    #expect(isDeclarable(name) == allowed)
  }

  @Test("names that read as derivatives are told")
  func readsAsDerivative() {
    #expect(FaultTests.scope.derivative(reading: "u_xt")?.by == ["x", "t"])
    for name in ["u", "k_x", "u_k", "u_", "velocity", "_x"] {
      #expect(FaultTests.scope.derivative(reading: name) == nil)
    }
  }

  @Test(
    "the nearest name is the one meant",
    arguments: [
      ("rtoll", "rtol"), ("RTOL", "rtol"), ("atlo", "atol"), ("mehtod", "method"), ("zzz", nil),
    ])
  func nearest(_ name: String, _ meant: String?) {
    #expect(NearestName.find(name, among: ["rtol", "atol", "method", "step"]) == meant)
  }
}
