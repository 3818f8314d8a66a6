import Numerics

extension FunctionCatalog {
  /// GSL's special functions, with their derivative rules.
  static let special: [FunctionRow] = SpecialFunctions.all.map { function in
    let rule = rules[function.name]
    let note = "GSL's gsl_sf_\(function.name)"
    return FunctionRow(function.name, function.code, note: note) { x, index in rule?(x, index) }
  }

  /// Derivative rules by name; a function or argument without one has no closed form.
  ///
  /// - Source: NIST Digital Library of Mathematical Functions, chapters 6 to 20 and 25.
  static let rules: [String: FunctionRow.Slope] = [
    besselRules, scaledBesselRules, sphericalRules, airyRules, ellipticRules, integralRules,
    gammaRules, polynomialRules, hypergeometricRules, elementaryRules, fermiRules,
  ].reduce(into: [:]) { $0.merge($1) { first, _ in first } }

  /// Writes a call of a row.
  static func of(_ name: String, _ x: Expression...) -> Expression {
    FunctionRow.call(name, x)
  }

  /// A rule for a function of one argument.
  static func rule(_ slope: @escaping @Sendable (Expression) -> Expression) -> FunctionRow.Slope {
    { x, _ in slope(x[0]) }
  }

  /// A rule by the second of two arguments, the first being an order without one.
  static func rule(
    second slope: @escaping @Sendable (Expression, Expression) -> Expression
  ) -> FunctionRow.Slope {
    { x, index in index == 1 ? slope(x[0], x[1]) : nil }
  }

  /// A rule by the third of three arguments.
  static func rule(
    third slope: @escaping @Sendable (Expression, Expression, Expression) -> Expression
  ) -> FunctionRow.Slope {
    { x, index in index == 2 ? slope(x[0], x[1], x[2]) : nil }
  }

  /// The limit at a removable singularity, else the formula.
  static func at(
    _ x: Expression, _ place: Expression = 0, is limit: Expression, else formula: Expression
  ) -> Expression {
    .select(.logical(.equal, x, place), limit, formula)
  }

  static func square(_ x: Expression) -> Expression { .pow(x, 2) }
}
