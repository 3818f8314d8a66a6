extension FunctionCatalog {
  static let besselRules: [String: FunctionRow.Slope] = [
    "bessel_J0": rule { -of("bessel_J1", $0) },
    "bessel_J1": rule { (of("bessel_J0", $0) - of("bessel_Jn", 2, $0)) / 2 },
    "bessel_Jn": rule { n, x in (of("bessel_Jn", n - 1, x) - of("bessel_Jn", n + 1, x)) / 2 },
    "bessel_Y0": rule { -of("bessel_Y1", $0) },
    "bessel_Y1": rule { (of("bessel_Y0", $0) - of("bessel_Yn", 2, $0)) / 2 },
    "bessel_Yn": rule { n, x in (of("bessel_Yn", n - 1, x) - of("bessel_Yn", n + 1, x)) / 2 },
    "bessel_I0": rule { of("bessel_I1", $0) },
    "bessel_I1": rule { (of("bessel_I0", $0) + of("bessel_In", 2, $0)) / 2 },
    "bessel_In": rule { n, x in (of("bessel_In", n - 1, x) + of("bessel_In", n + 1, x)) / 2 },
    "bessel_K0": rule { -of("bessel_K1", $0) },
    "bessel_K1": rule { -(of("bessel_K0", $0) + of("bessel_Kn", 2, $0)) / 2 },
    "bessel_Kn": rule { n, x in -(of("bessel_Kn", n - 1, x) + of("bessel_Kn", n + 1, x)) / 2 },
    // GSL's orders are not negative: the rules go up.
    "bessel_Jnu": rule { v, x in v / x * of("bessel_Jnu", v, x) - of("bessel_Jnu", v + 1, x) },
    "bessel_Ynu": rule { v, x in v / x * of("bessel_Ynu", v, x) - of("bessel_Ynu", v + 1, x) },
    "bessel_Inu": rule { v, x in v / x * of("bessel_Inu", v, x) + of("bessel_Inu", v + 1, x) },
    "bessel_Knu": rule { v, x in v / x * of("bessel_Knu", v, x) - of("bessel_Knu", v + 1, x) },
    "bessel_lnKnu": rule { v, x in
      v / x - of("exp", of("bessel_lnKnu", v + 1, x) - of("bessel_lnKnu", v, x))
    },
  ]

  /// Functions times exp(−|x|) (I, i) or exp(x) (K, k).
  static let scaledBesselRules: [String: FunctionRow.Slope] = [
    "bessel_I0_scaled": rule {
      of("bessel_I1_scaled", $0) - of("sign", $0) * of("bessel_I0_scaled", $0)
    },
    "bessel_I1_scaled": rule {
      (of("bessel_I0_scaled", $0) + of("bessel_In_scaled", 2, $0)) / 2
        - of("sign", $0) * of("bessel_I1_scaled", $0)
    },
    "bessel_In_scaled": rule { n, x in
      (of("bessel_In_scaled", n - 1, x) + of("bessel_In_scaled", n + 1, x)) / 2
        - of("sign", x) * of("bessel_In_scaled", n, x)
    },
    "bessel_Inu_scaled": rule { v, x in
      (v / x - of("sign", x)) * of("bessel_Inu_scaled", v, x) + of("bessel_Inu_scaled", v + 1, x)
    },
    "bessel_K0_scaled": rule { of("bessel_K0_scaled", $0) - of("bessel_K1_scaled", $0) },
    "bessel_K1_scaled": rule {
      of("bessel_K1_scaled", $0)
        - (of("bessel_K0_scaled", $0) + of("bessel_Kn_scaled", 2, $0)) / 2
    },
    "bessel_Kn_scaled": rule { n, x in
      of("bessel_Kn_scaled", n, x)
        - (of("bessel_Kn_scaled", n - 1, x) + of("bessel_Kn_scaled", n + 1, x)) / 2
    },
    "bessel_Knu_scaled": rule { v, x in
      (1 + v / x) * of("bessel_Knu_scaled", v, x) - of("bessel_Knu_scaled", v + 1, x)
    },
  ]

  static let sphericalRules: [String: FunctionRow.Slope] = [
    "bessel_j0": rule { -of("bessel_j1", $0) },
    "bessel_j1": rule { (of("bessel_j0", $0) - 2 * of("bessel_j2", $0)) / 3 },
    "bessel_j2": rule { at($0, is: 0, else: of("bessel_j1", $0) - 3 * of("bessel_j2", $0) / $0) },
    "bessel_jl": rule { l, x in l / x * of("bessel_jl", l, x) - of("bessel_jl", l + 1, x) },
    "bessel_y0": rule { -of("bessel_y1", $0) },
    "bessel_y1": rule { (of("bessel_y0", $0) - 2 * of("bessel_y2", $0)) / 3 },
    "bessel_y2": rule { (2 * of("bessel_y1", $0) - 3 * of("bessel_yl", 3, $0)) / 5 },
    "bessel_yl": rule { l, x in l / x * of("bessel_yl", l, x) - of("bessel_yl", l + 1, x) },
    "bessel_i0_scaled": rule {
      of("bessel_i1_scaled", $0) - of("sign", $0) * of("bessel_i0_scaled", $0)
    },
    "bessel_i1_scaled": rule {
      (of("bessel_i0_scaled", $0) + 2 * of("bessel_i2_scaled", $0)) / 3
        - of("sign", $0) * of("bessel_i1_scaled", $0)
    },
    "bessel_i2_scaled": rule {
      (2 * of("bessel_i1_scaled", $0) + 3 * of("bessel_il_scaled", 3, $0)) / 5
        - of("sign", $0) * of("bessel_i2_scaled", $0)
    },
    "bessel_il_scaled": rule { l, x in
      (l / x - of("sign", x)) * of("bessel_il_scaled", l, x) + of("bessel_il_scaled", l + 1, x)
    },
    "bessel_k0_scaled": rule { of("bessel_k0_scaled", $0) - of("bessel_k1_scaled", $0) },
    "bessel_k1_scaled": rule {
      of("bessel_k1_scaled", $0)
        - (of("bessel_k0_scaled", $0) + 2 * of("bessel_k2_scaled", $0)) / 3
    },
    "bessel_k2_scaled": rule {
      of("bessel_k2_scaled", $0)
        - (2 * of("bessel_k1_scaled", $0) + 3 * of("bessel_kl_scaled", 3, $0)) / 5
    },
    "bessel_kl_scaled": rule { l, x in
      (1 + l / x) * of("bessel_kl_scaled", l, x) - of("bessel_kl_scaled", l + 1, x)
    },
  ]

  /// The scaled forms are times exp(±⅔x³ᐟ²) for positive x, and unscaled for negative x.
  static let airyRules: [String: FunctionRow.Slope] = [
    "airy_Ai": rule { of("airy_Ai_deriv", $0) },
    "airy_Bi": rule { of("airy_Bi_deriv", $0) },
    "airy_Ai_deriv": rule { $0 * of("airy_Ai", $0) },
    "airy_Bi_deriv": rule { $0 * of("airy_Bi", $0) },
    "airy_Ai_scaled": rule { of("airy_Ai_deriv_scaled", $0) + root($0) * of("airy_Ai_scaled", $0) },
    "airy_Bi_scaled": rule { of("airy_Bi_deriv_scaled", $0) - root($0) * of("airy_Bi_scaled", $0) },
    "airy_Ai_deriv_scaled": rule {
      $0 * of("airy_Ai_scaled", $0) + root($0) * of("airy_Ai_deriv_scaled", $0)
    },
    "airy_Bi_deriv_scaled": rule {
      $0 * of("airy_Bi_scaled", $0) - root($0) * of("airy_Bi_deriv_scaled", $0)
    },
  ]

  private static func root(_ x: Expression) -> Expression { of("sqrt", of("max", x, 0)) }
}
