extension FunctionCatalog {
  static let gammaRules: [String: FunctionRow.Slope] = [
    "lngamma": rule { of("psi", $0) },
    "gammainv": rule { -of("psi", $0) * of("gammainv", $0) },
    "gammastar": rule {
      of("gammastar", $0) * (of("psi", $0) - of("log", $0) + 1 / (2 * $0))
    },
    "psi": rule { of("psi_1", $0) },
    "psi_1": rule { of("psi_n", 2, $0) },
    "psi_n": rule { n, x in of("psi_n", n + 1, x) },
    "beta": { x, index in
      of("beta", x[0], x[1]) * (of("psi", x[index]) - of("psi", x[0] + x[1]))
    },
    "lnbeta": { x, index in of("psi", x[index]) - of("psi", x[0] + x[1]) },
    "beta_inc": rule { a, b, x in .pow(x, a - 1) * .pow(1 - x, b - 1) / of("beta", a, b) },
    "gamma_inc": rule { a, x in -incomplete(a, x) },
    "gamma_inc_P": rule { a, x in incomplete(a, x) / of("gamma", a) },
    "gamma_inc_Q": rule { a, x in -incomplete(a, x) / of("gamma", a) },
    "poch": { x, index in
      let end = of("psi", x[0] + x[1])
      return of("poch", x[0], x[1]) * (index == 0 ? end - of("psi", x[0]) : end)
    },
    "lnpoch": { x, index in
      let end = of("psi", x[0] + x[1])
      return index == 0 ? end - of("psi", x[0]) : end
    },
    "hzeta": rule { s, q in -s * of("hzeta", s + 1, q) },
  ]

  /// xᵃ⁻¹e⁻ˣ.
  private static func incomplete(_ a: Expression, _ x: Expression) -> Expression {
    .pow(x, a - 1) * of("exp", -x)
  }

  static let elementaryRules: [String: FunctionRow.Slope] = [
    "erf_Z": rule { -$0 * of("erf_Z", $0) },
    "erf_Q": rule { -of("erf_Z", $0) },
    "log_erfc": rule { -bell * of("exp", -square($0) - of("log_erfc", $0)) },
    "hazard": rule { of("hazard", $0) * (of("hazard", $0) - $0) },
    "expm1": rule { of("exp", $0) },
    "exprel": rule { at($0, is: 0.5, else: (of("exp", $0) - of("exprel", $0)) / $0) },
    "lambert_W0": rule { of("exp", -of("lambert_W0", $0)) / (1 + of("lambert_W0", $0)) },
    "lambert_Wm1": rule { of("exp", -of("lambert_Wm1", $0)) / (1 + of("lambert_Wm1", $0)) },
    "lncosh": rule { of("tanh", $0) },
    "lnsinh": rule { 1 / of("tanh", $0) },
    "log_1plusx": rule { 1 / (1 + $0) },
    "log_1plusx_mx": rule { -$0 / (1 + $0) },
    "log_abs": rule { 1 / $0 },
    "sin_pi": rule { .number(.pi) * of("cos_pi", $0) },
    "cos_pi": rule { .number(-.pi) * of("sin_pi", $0) },
    "sinc": rule { at($0, is: 0, else: (of("cos_pi", $0) - of("sinc", $0)) / $0) },
    "hypot": { x, index in x[index] / of("hypot", x[0], x[1]) },
  ]

  static let hypergeometricRules: [String: FunctionRow.Slope] = [
    "hyperg_0F1": rule { c, x in of("hyperg_0F1", c + 1, x) / c },
    "hyperg_1F1": rule { a, b, x in a / b * of("hyperg_1F1", a + 1, b + 1, x) },
    "hyperg_U": rule { a, b, x in -a * of("hyperg_U", a + 1, b + 1, x) },
    "hyperg_2F0": rule { a, b, x in a * b * of("hyperg_2F0", a + 1, b + 1, x) },
    "hyperg_2F1": { x, index in
      guard index == 3 else { return nil }
      let (a, b, c) = (x[0], x[1], x[2])
      return a * b / c * of("hyperg_2F1", a + 1, b + 1, c + 1, x[3])
    },
  ]

  static let polynomialRules: [String: FunctionRow.Slope] = [
    "legendre_P1": rule { _ in 1 },
    "legendre_P2": rule { 3 * $0 },
    "legendre_P3": rule { 7.5 * square($0) - 1.5 },
    "legendre_Pl": rule { l, x in
      let ends = .pow(x, l + 1) * l * (l + 1) / 2
      return at(square(x), 1, is: ends, else: legendre("legendre_Pl", l, x))
    },
    "legendre_Q0": rule { 1 / (1 - square($0)) },
    "legendre_Q1": rule { of("legendre_Q0", $0) + $0 / (1 - square($0)) },
    "legendre_Ql": rule { l, x in legendre("legendre_Ql", l, x) },
    "legendre_Plm": rule { l, m, x in
      let next = (l - m + 1) * of("legendre_Plm", l + 1, m, x)
      return (next - (l + 1) * x * of("legendre_Plm", l, m, x)) / (square(x) - 1)
    },
    "hermite": rule { n, x in of("hermite_deriv", 1, n, x) },
    "hermite_deriv": rule { m, n, x in of("hermite_deriv", m + 1, n, x) },
    "hermite_prob": rule { n, x in of("hermite_prob_deriv", 1, n, x) },
    "hermite_prob_deriv": rule { m, n, x in of("hermite_prob_deriv", m + 1, n, x) },
    "hermite_func": rule { n, x in of("hermite_func_der", 1, n, x) },
    "hermite_func_der": rule { m, n, x in of("hermite_func_der", m + 1, n, x) },
    "laguerre_1": { _, index in index == 0 ? 1 : -1 },
    "laguerre_2": rule { a, x in -of("laguerre_1", a + 1, x) },
    "laguerre_3": rule { a, x in -of("laguerre_2", a + 1, x) },
    "laguerre_n": rule { n, a, x in
      .select(.logical(.less, n, 1), 0, -of("laguerre_n", n - 1, a + 1, x))
    },
    "gegenpoly_1": { x, index in 2 * x[1 - index] },
    "gegenpoly_2": rule { a, x in 2 * a * of("gegenpoly_1", a + 1, x) },
    "gegenpoly_3": rule { a, x in 2 * a * of("gegenpoly_2", a + 1, x) },
    "gegenpoly_n": rule { n, a, x in
      .select(.logical(.less, n, 1), 0, 2 * a * of("gegenpoly_n", n - 1, a + 1, x))
    },
    "taylorcoeff": rule { n, x in
      .select(.logical(.less, n, 1), 0, of("taylorcoeff", n - 1, x))
    },
  ]

  /// (l + 1)(P₍l₊₁₎ − x·Pₗ)/(x² − 1), which holds for Q too.
  private static func legendre(_ name: String, _ l: Expression, _ x: Expression) -> Expression {
    (l + 1) * (of(name, l + 1, x) - x * of(name, l, x)) / (square(x) - 1)
  }
}
