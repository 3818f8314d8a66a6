extension FunctionCatalog {
  /// GSL's arguments: the modulus k (not its square), and n with 1 + n·sin²φ.
  static let ellipticRules: [String: FunctionRow.Slope] = [
    "ellint_Kcomp": rule { slopeK($0) },
    "ellint_Ecomp": rule { slopeE($0) },
    "ellint_Dcomp": rule { k in
      at(k, is: 0, else: (slopeK(k) - slopeE(k)) / square(k) - 2 * of("ellint_Dcomp", k) / k)
    },
    "ellint_F": { x, index in index == 0 ? 1 / root(x) : slopeF(x[0], x[1]) },
    "ellint_E": { x, index in index == 0 ? root(x) : slopeE(x[0], x[1]) },
    "ellint_D": { x, index in
      if index == 0 { return square(of("sin", x[0])) / root(x) }
      let (phi, k) = (x[0], x[1])
      let inner = (slopeF(phi, k) - slopeE(phi, k)) / square(k)
      return at(k, is: 0, else: inner - 2 * of("ellint_D", phi, k) / k)
    },
    "ellint_P": { x, index in
      index == 0 ? 1 / ((1 + x[2] * square(of("sin", x[0]))) * root(x)) : nil
    },
    "ellint_RF": { x, index in
      let (y, z) = (x[(index + 1) % 3], x[(index + 2) % 3])
      return of("ellint_RD", y, z, x[index]) / -6
    },
    "ellint_RC": { x, index in
      index == 0
        ? of("ellint_RD", x[1], x[1], x[0]) / -6 : of("ellint_RD", x[0], x[1], x[1]) / -3
    },
  ]

  /// √(1 − k² sin²φ) of the arguments φ, k.
  private static func root(_ x: [Expression]) -> Expression {
    of("sqrt", 1 - square(x[1] * of("sin", x[0])))
  }

  private static func slopeK(_ k: Expression) -> Expression {
    at(
      k, is: 0,
      else: of("ellint_Ecomp", k) / (k * (1 - square(k))) - of("ellint_Kcomp", k) / k)
  }

  private static func slopeE(_ k: Expression) -> Expression {
    at(k, is: 0, else: (of("ellint_Ecomp", k) - of("ellint_Kcomp", k)) / k)
  }

  private static func slopeF(_ phi: Expression, _ k: Expression) -> Expression {
    let rest = 1 - square(k)
    let bend = k * of("sin", phi) * of("cos", phi) / (rest * root([phi, k]))
    let whole = of("ellint_E", phi, k) / (k * rest) - of("ellint_F", phi, k) / k - bend
    return at(k, is: 0, else: whole)
  }

  private static func slopeE(_ phi: Expression, _ k: Expression) -> Expression {
    at(k, is: 0, else: (of("ellint_E", phi, k) - of("ellint_F", phi, k)) / k)
  }

  static let integralRules: [String: FunctionRow.Slope] = [
    "Si": rule { at($0, is: 1, else: of("sin", $0) / $0) },
    "Ci": rule { of("cos", $0) / $0 },
    "Shi": rule { at($0, is: 1, else: of("sinh", $0) / $0) },
    "Chi": rule { of("cosh", $0) / $0 },
    "atanint": rule { at($0, is: 1, else: of("atan", $0) / $0) },
    "clausen": rule { -of("log", 2 * of("abs", of("sin", $0 / 2))) },
    "dawson": rule { 1 - 2 * $0 * of("dawson", $0) },
    "dilog": rule { at($0, is: 1, else: -of("log", of("abs", 1 - $0)) / $0) },
    "debye_1": rule { debye(1, $0) }, "debye_2": rule { debye(2, $0) },
    "debye_3": rule { debye(3, $0) }, "debye_4": rule { debye(4, $0) },
    "debye_5": rule { debye(5, $0) }, "debye_6": rule { debye(6, $0) },
    "expint_E1": rule { -of("exp", -$0) / $0 },
    "expint_E2": rule { -of("expint_E1", $0) },
    "expint_En": rule { n, x in -of("expint_En", n - 1, x) },
    "expint_Ei": rule { of("exp", $0) / $0 },
    "expint_E1_scaled": rule { of("expint_E1_scaled", $0) - 1 / $0 },
    "expint_E2_scaled": rule { of("expint_E2_scaled", $0) - of("expint_E1_scaled", $0) },
    "expint_En_scaled": rule { n, x in
      of("expint_En_scaled", n, x) - of("expint_En_scaled", n - 1, x)
    },
    "expint_Ei_scaled": rule { 1 / $0 - of("expint_Ei_scaled", $0) },
    "expint_3": rule { of("exp", -.pow($0, 3)) },
    "synchrotron_1": rule {
      of("synchrotron_1", $0) / $0 - $0 * of("bessel_Knu", .number(5.0 / 3), $0)
    },
    "synchrotron_2": rule {
      of("synchrotron_2", $0) / (3 * $0) - $0 * of("bessel_Knu", .number(1.0 / 3), $0)
    },
    "transport_2": rule { transport(2, $0) }, "transport_3": rule { transport(3, $0) },
    "transport_4": rule { transport(4, $0) }, "transport_5": rule { transport(5, $0) },
  ]

  /// D' = n/(eˣ − 1) − n·D/x, and −n/(2(n + 1)) at 0.
  private static func debye(_ n: Double, _ x: Expression) -> Expression {
    let value = of("debye_\(Int(n))", x)
    let slope = .number(n) / of("expm1", x) - .number(n) * value / x
    return at(x, is: .number(-n / (2 * (n + 1))), else: slope)
  }

  private static func transport(_ n: Double, _ x: Expression) -> Expression {
    let slope = .pow(x, .number(n)) / (4 * square(of("sinh", x / 2)))
    return at(x, is: n == 2 ? 1 : 0, else: slope)
  }

  static let fermiRules: [String: FunctionRow.Slope] = [
    "fermi_dirac_m1": rule { of("fermi_dirac_m1", $0) * (1 - of("fermi_dirac_m1", $0)) },
    "fermi_dirac_0": rule { of("fermi_dirac_m1", $0) },
    "fermi_dirac_1": rule { of("fermi_dirac_0", $0) },
    "fermi_dirac_2": rule { of("fermi_dirac_1", $0) },
    "fermi_dirac_half": rule { of("fermi_dirac_mhalf", $0) },
    "fermi_dirac_3half": rule { of("fermi_dirac_half", $0) },
    "fermi_dirac_int": rule { j, x in of("fermi_dirac_int", j - 1, x) },
    "fermi_dirac_inc_0": { x, index in
      let slope = 1 - of("fermi_dirac_m1", x[1] - x[0])
      return index == 0 ? slope : -slope
    },
  ]
}
