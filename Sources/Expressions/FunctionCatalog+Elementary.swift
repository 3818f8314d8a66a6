import Numerics
import Glibc

extension FunctionCatalog {
  static let elementary = trigonometric + hyperbolic + exponential + stepwise + gaussian

  /// A row of one argument whose derivative is written in terms of it.
  static func unary(
    _ name: String, _ code: @escaping SpecialFunction.One, _ note: String,
    opcode: Opcode? = nil,
    slope: @escaping @Sendable (Expression) -> Expression?
  ) -> FunctionRow {
    FunctionRow(name, .one(code), opcode: opcode, note: note) { x, _ in slope(x[0]) }
  }

  static func call(_ name: String, _ argument: Expression) -> Expression {
    FunctionRow.call(name, [argument])
  }

  private static let trigonometric: [FunctionRow] = [
    unary("sin", { sin($0) }, "sine; radians") { call("cos", $0) },
    unary("cos", { cos($0) }, "cosine; radians") { -call("sin", $0) },
    unary("tan", { tan($0) }, "tangent; radians") { 1 + square(call("tan", $0)) },
    unary("asin", { asin($0) }, "arc sine; -1 to 1") { 1 / call("sqrt", 1 - square($0)) },
    unary("acos", { acos($0) }, "arc cosine; -1 to 1") { -1 / call("sqrt", 1 - square($0)) },
    unary("atan", { atan($0) }, "arc tangent") { 1 / (1 + square($0)) },
    FunctionRow("atan2", .two({ atan2($0, $1) }), note: "angle of the point (second, first)") {
      x, index in
      let radius = square(x[0]) + square(x[1])
      return index == 0 ? x[1] / radius : -x[0] / radius
    },
  ]

  private static let hyperbolic: [FunctionRow] = [
    unary("sinh", { sinh($0) }, "hyperbolic sine") { call("cosh", $0) },
    unary("cosh", { cosh($0) }, "hyperbolic cosine") { call("sinh", $0) },
    unary("tanh", { tanh($0) }, "hyperbolic tangent") { 1 - square(call("tanh", $0)) },
  ]

  private static let exponential: [FunctionRow] = [
    unary("exp", { exp($0) }, "exponential") { call("exp", $0) },
    unary("log", { log($0) }, "natural logarithm; positive") { 1 / $0 },
    unary("log10", { log10($0) }, "decimal logarithm; positive") {
      1 / ($0 * .number(2.302585092994046))
    },
    unary(
      "sqrt", { $0.squareRoot() }, "square root; not negative", opcode: .squareRoot
    ) { 1 / (2 * call("sqrt", $0)) },
    unary("cbrt", { cbrt($0) }, "cube root, of negative numbers too") {
      1 / (3 * square(call("cbrt", $0)))
    },
  ]

  /// NaN goes through every one of them.
  private static let stepwise: [FunctionRow] = [
    unary(
      "abs", { $0.magnitude }, "absolute value; its derivative at 0 is 0", opcode: .magnitude
    ) { call("sign", $0) },
    unary(
      "sign", { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 == 0 ? 0 : $0 }, "-1, 0 or 1; 0 at 0",
      opcode: .sign
    ) { _ in .zero },
    unary(
      "heaviside", { $0 >= 0 ? 1 : $0 < 0 ? 0 : $0 }, "0 below 0, else 1; 1 at 0",
      opcode: .heaviside
    ) { _ in .zero },
    unary("floor", { $0.rounded(.down) }, "largest integer below") { _ in .zero },
    unary("ceil", { $0.rounded(.up) }, "smallest integer above") { _ in .zero },
    FunctionRow(
      "min", .two({ $0 < $1 || $0 != $0 ? $0 : $1 }), opcode: .minimum, note: "the smaller of two"
    ) { x, index in
      let first = Expression.logical(.less, x[0], x[1])
      return index == 0 ? first : .select(first, .zero, .one)
    },
    FunctionRow(
      "max", .two({ $0 > $1 || $0 != $0 ? $0 : $1 }), opcode: .maximum, note: "the larger of two"
    ) { x, index in
      let first = Expression.logical(.greater, x[0], x[1])
      return index == 0 ? first : .select(first, .zero, .one)
    },
    FunctionRow(
      "mod", .two({ remainder(of: $0, by: $1) }),
      note: "remainder with the sign of the divisor, which is the second"
    ) { x, index in
      index == 0 ? .one : -FunctionRow.call("floor", [x[0] / x[1]])
    },
  ]

  private static let gaussian: [FunctionRow] = [
    unary("erf", { erf($0) }, "error function") { bell * call("exp", -square($0)) },
    unary("erfc", { erfc($0) }, "complement of the error function") {
      -bell * call("exp", -square($0))
    },
    unary("gamma", { tgamma($0) }, "gamma function; not 0, -1, -2, …") {
      call("gamma", $0) * call("psi", $0)
    },
  ]

  static let powerRow = FunctionRow("^", .two({ pow($0, $1) }), note: "power") { _, _ in nil }

  /// 2/√π.
  static let bell = Expression.number(1.1283791670955126)
}

/// Computes the remainder that has the divisor's sign, exactly, as `fmod` does.
private func remainder(of x: Double, by y: Double) -> Double {
  let r = fmod(x, y)
  return r != 0 && (r < 0) != (y < 0) ? r + y : r
}
