import Expressions
import Testing

/// Mutated texts must end in an expression or in placed faults: never in a crash or a hang.
@Suite("Fuzz") struct FuzzTests {
  static let seeds = [
    "u_t + u*u_x - nu*u_xx", "sigma*(y - x)", "if(x < 0.5 and not t > 2, min(x, t), mod(x, 2))",
    "integral(u(s, t)^2*exp(-(x - s)^2), s, 0, x)", "laplace(u^3 - u) + d(x*u, x, 2)",
    "bessel_J0(sqrt(x^2 + t^2))/gamma(1.5e-3)", "x''' + 2^-x^2", "u = sin(pi*x) at t = 0, x = 1",
    "periodic in x", "u_x + k*u = data at boundary", "((((1))))", "θ*α_x - 1 == 2 or true",
  ]
  static let pieces = [
    "(", ")", "((", "))", ",", "+", "-", "*", "/", "^", "'", "''''", "=", "==", "<", "!=", " and ",
    " or ", " not ", "if(", "d(", ", x)", "integral(", "laplace(", "u(", "u_", "u_xx", "u_xxxxxxx",
    "at ", "periodic in ", "boundary", "data", "1e308", "1e-999", "0x", ".", "..", "1e", "é", "²",
    "\u{202E}", "\u{0}", "\u{FEFF}", "🙂", "\n", "\t", "pi", "x", "t", "s", "k", "θ", "gamma(", "^-",
    "999999999999999999999", "-----------", "^^^^", "d(d(d(", ",x,20)",
  ]

  static func mutated(_ text: String, _ generator: inout SeededGenerator) -> String {
    var scalars = Array(text.unicodeScalars)
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      let place = Int.random(in: 0...scalars.count, using: &generator)
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: scalars.insert(contentsOf: generator.pick(pieces).unicodeScalars, at: place)
      case 1 where place < scalars.count: scalars.remove(at: place)
      case 2 where place < scalars.count:
        scalars[place] = Unicode.Scalar(UInt8.random(in: 0...127, using: &generator))
      case 3:
        let end = Int.random(in: place...scalars.count, using: &generator)
        scalars.insert(contentsOf: scalars[place..<end], at: place)
      default:
        let other = Array(generator.pick(seeds).unicodeScalars)
        scalars.insert(
          contentsOf: other.prefix(Int.random(in: 0...20, using: &generator)), at: place)
      }
    }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  @Test("64,000 mutated texts", arguments: 0..<4)
  func mutations(_ part: Int) throws {
    var generator = SeededGenerator(UInt64(900 + part))
    let scope = Scope(
      variables: ["x", "t"], marching: "t", unknowns: ["u", "y"],
      values: ["k", "nu", "sigma", "θ"], functions: ["f": .symbol("u") * .symbol("x")])
    var read = 0
    for _ in 0..<16_000 {
      let text = FuzzTests.mutated(generator.pick(FuzzTests.seeds), &generator)
      let length = text.utf8.count
      let (expression, faults) = scope.resolve(text)
      #expect((expression == nil) == !faults.isEmpty)
      for fault in faults + scope.resolveCondition(text).faults + scope.resolveEquation(text).faults
      {
        #expect(fault.offset >= 0 && fault.length > 0 && fault.offset + fault.length <= length + 1)
        #expect(!fault.message.isEmpty && !fault.remedy.isEmpty)
      }
      guard let expression else { continue }
      read += 1
      #expect(scope.resolve(expression.description).expression == expression, "\(text)")
    }
    #expect(read > 300, "too few of the mutated texts could be read: \(read)")
  }
}
