import CGSL

/// One of GSL's special functions, on doubles alone.
public struct SpecialFunction: Sendable {
  public typealias One = @convention(c) @Sendable (Double) -> Double
  public typealias Two = @convention(c) @Sendable (Double, Double) -> Double
  public typealias Three = @convention(c) @Sendable (Double, Double, Double) -> Double
  public typealias Four = @convention(c) @Sendable (Double, Double, Double, Double) -> Double

  /// The code, by the number of arguments.
  public enum Code: Sendable {
    case one(One)
    case two(Two)
    case three(Three)
    case four(Four)
  }

  /// GSL's name without `gsl_sf_`.
  public let name: String
  /// The code by its arguments: orders and degrees are doubles here.
  ///
  /// One that is no whole number gives NaN. Elliptic integrals
  /// and Airy functions are computed to double precision.
  public let code: Code
}

/// The special functions that texts may call.
///
/// Outside a function's domain the value is NaN, and so it is where a parameter of a hypergeometric or
/// incomplete gamma function is beyond ±100,000, or an order is; call ``GSL/prepare()`` first.
public enum SpecialFunctions {
  /// Every function of this table.
  public static let all =
    ofOne + ofOneByMode + ofTwo + ofTwoByMode + ofDegree + ofThree + ofDegreeAndTwo
}

/// GSL_PREC_DOUBLE.
private let exact = gsl_mode_t(0)

/// Passes a whole order on; any other order gives NaN.
private func whole(_ order: Double, _ body: (Int32) -> Double) -> Double {
  guard let n = Int32(exactly: order), n.magnitude <= 100_000 else { return .nan }
  return body(n)
}

/// Whether loops over the size of these parameters end soon: GSL's never would at 1e300.
private func tame(_ a: Double, _ b: Double = 0, _ c: Double = 0) -> Bool {
  a.magnitude <= 100_000 && b.magnitude <= 100_000 && c.magnitude <= 100_000
}

extension SpecialFunctions {
  private static let ofOne: [SpecialFunction] = [
    SpecialFunction(name: "bessel_J0", code: .one(gsl_sf_bessel_J0)),
    SpecialFunction(name: "bessel_J1", code: .one(gsl_sf_bessel_J1)),
    SpecialFunction(name: "bessel_Y0", code: .one(gsl_sf_bessel_Y0)),
    SpecialFunction(name: "bessel_Y1", code: .one(gsl_sf_bessel_Y1)),
    SpecialFunction(name: "bessel_I0", code: .one(gsl_sf_bessel_I0)),
    SpecialFunction(name: "bessel_I1", code: .one(gsl_sf_bessel_I1)),
    SpecialFunction(name: "bessel_K0", code: .one(gsl_sf_bessel_K0)),
    SpecialFunction(name: "bessel_K1", code: .one(gsl_sf_bessel_K1)),
    SpecialFunction(name: "bessel_I0_scaled", code: .one(gsl_sf_bessel_I0_scaled)),
    SpecialFunction(name: "bessel_I1_scaled", code: .one(gsl_sf_bessel_I1_scaled)),
    SpecialFunction(name: "bessel_K0_scaled", code: .one(gsl_sf_bessel_K0_scaled)),
    SpecialFunction(name: "bessel_K1_scaled", code: .one(gsl_sf_bessel_K1_scaled)),
    SpecialFunction(name: "bessel_j0", code: .one(gsl_sf_bessel_j0)),
    SpecialFunction(name: "bessel_j1", code: .one(gsl_sf_bessel_j1)),
    SpecialFunction(name: "bessel_j2", code: .one(gsl_sf_bessel_j2)),
    SpecialFunction(name: "bessel_y0", code: .one(gsl_sf_bessel_y0)),
    SpecialFunction(name: "bessel_y1", code: .one(gsl_sf_bessel_y1)),
    SpecialFunction(name: "bessel_y2", code: .one(gsl_sf_bessel_y2)),
    SpecialFunction(name: "bessel_i0_scaled", code: .one(gsl_sf_bessel_i0_scaled)),
    SpecialFunction(name: "bessel_i1_scaled", code: .one(gsl_sf_bessel_i1_scaled)),
    SpecialFunction(name: "bessel_i2_scaled", code: .one(gsl_sf_bessel_i2_scaled)),
    SpecialFunction(name: "bessel_k0_scaled", code: .one(gsl_sf_bessel_k0_scaled)),
    SpecialFunction(name: "bessel_k1_scaled", code: .one(gsl_sf_bessel_k1_scaled)),
    SpecialFunction(name: "bessel_k2_scaled", code: .one(gsl_sf_bessel_k2_scaled)),
    SpecialFunction(name: "Si", code: .one(gsl_sf_Si)),
    SpecialFunction(name: "Ci", code: .one(gsl_sf_Ci)),
    SpecialFunction(name: "Shi", code: .one(gsl_sf_Shi)),
    SpecialFunction(name: "Chi", code: .one(gsl_sf_Chi)),
    SpecialFunction(name: "atanint", code: .one(gsl_sf_atanint)),
    SpecialFunction(name: "clausen", code: .one(gsl_sf_clausen)),
    SpecialFunction(name: "dawson", code: .one(gsl_sf_dawson)),
    SpecialFunction(name: "debye_1", code: .one(gsl_sf_debye_1)),
    SpecialFunction(name: "debye_2", code: .one(gsl_sf_debye_2)),
    SpecialFunction(name: "debye_3", code: .one(gsl_sf_debye_3)),
    SpecialFunction(name: "debye_4", code: .one(gsl_sf_debye_4)),
    SpecialFunction(name: "debye_5", code: .one(gsl_sf_debye_5)),
    SpecialFunction(name: "debye_6", code: .one(gsl_sf_debye_6)),
    SpecialFunction(name: "dilog", code: .one(gsl_sf_dilog)),
    SpecialFunction(name: "expint_E1", code: .one(gsl_sf_expint_E1)),
    SpecialFunction(name: "expint_E1_scaled", code: .one(gsl_sf_expint_E1_scaled)),
    SpecialFunction(name: "expint_E2", code: .one(gsl_sf_expint_E2)),
    SpecialFunction(name: "expint_E2_scaled", code: .one(gsl_sf_expint_E2_scaled)),
    SpecialFunction(name: "expint_Ei", code: .one(gsl_sf_expint_Ei)),
    SpecialFunction(name: "expint_Ei_scaled", code: .one(gsl_sf_expint_Ei_scaled)),
    SpecialFunction(name: "expint_3", code: .one(gsl_sf_expint_3)),
    SpecialFunction(name: "erf_Z", code: .one(gsl_sf_erf_Z)),
    SpecialFunction(name: "erf_Q", code: .one(gsl_sf_erf_Q)),
    SpecialFunction(name: "log_erfc", code: .one(gsl_sf_log_erfc)),
    SpecialFunction(name: "hazard", code: .one(gsl_sf_hazard)),
    SpecialFunction(name: "expm1", code: .one(gsl_sf_expm1)),
    SpecialFunction(name: "exprel", code: .one(gsl_sf_exprel)),
    SpecialFunction(name: "exprel_2", code: .one(gsl_sf_exprel_2)),
    SpecialFunction(name: "fermi_dirac_m1", code: .one(gsl_sf_fermi_dirac_m1)),
    SpecialFunction(name: "fermi_dirac_0", code: .one(gsl_sf_fermi_dirac_0)),
    SpecialFunction(name: "fermi_dirac_1", code: .one(gsl_sf_fermi_dirac_1)),
    SpecialFunction(name: "fermi_dirac_2", code: .one(gsl_sf_fermi_dirac_2)),
    SpecialFunction(name: "fermi_dirac_mhalf", code: .one(gsl_sf_fermi_dirac_mhalf)),
    SpecialFunction(name: "fermi_dirac_half", code: .one(gsl_sf_fermi_dirac_half)),
    SpecialFunction(name: "fermi_dirac_3half", code: .one(gsl_sf_fermi_dirac_3half)),
    SpecialFunction(name: "lngamma", code: .one(gsl_sf_lngamma)),
    SpecialFunction(name: "gammainv", code: .one(gsl_sf_gammainv)),
    SpecialFunction(name: "gammastar", code: .one(gsl_sf_gammastar)),
    SpecialFunction(name: "psi", code: .one(gsl_sf_psi)),
    SpecialFunction(name: "psi_1", code: .one(gsl_sf_psi_1)),
    SpecialFunction(name: "psi_1piy", code: .one(gsl_sf_psi_1piy)),
    SpecialFunction(
      name: "lambert_W0", code: .one({ $0 < -0.36787944117144233 ? .nan : gsl_sf_lambert_W0($0) })),
    SpecialFunction(
      name: "lambert_Wm1", code: .one({ $0 < -0.36787944117144233 ? .nan : gsl_sf_lambert_Wm1($0) })
    ),
    SpecialFunction(name: "legendre_P1", code: .one(gsl_sf_legendre_P1)),
    SpecialFunction(name: "legendre_P2", code: .one(gsl_sf_legendre_P2)),
    SpecialFunction(name: "legendre_P3", code: .one(gsl_sf_legendre_P3)),
    SpecialFunction(name: "legendre_Q0", code: .one(gsl_sf_legendre_Q0)),
    SpecialFunction(name: "legendre_Q1", code: .one(gsl_sf_legendre_Q1)),
    SpecialFunction(name: "lncosh", code: .one(gsl_sf_lncosh)),
    SpecialFunction(name: "lnsinh", code: .one(gsl_sf_lnsinh)),
    SpecialFunction(name: "log_1plusx", code: .one(gsl_sf_log_1plusx)),
    SpecialFunction(name: "log_1plusx_mx", code: .one(gsl_sf_log_1plusx_mx)),
    SpecialFunction(name: "log_abs", code: .one(gsl_sf_log_abs)),
    SpecialFunction(name: "sinc", code: .one(gsl_sf_sinc)),
    SpecialFunction(name: "sin_pi", code: .one(gsl_sf_sin_pi)),
    SpecialFunction(name: "cos_pi", code: .one(gsl_sf_cos_pi)),
    SpecialFunction(name: "synchrotron_1", code: .one(gsl_sf_synchrotron_1)),
    SpecialFunction(name: "synchrotron_2", code: .one(gsl_sf_synchrotron_2)),
    SpecialFunction(name: "transport_2", code: .one(gsl_sf_transport_2)),
    SpecialFunction(name: "transport_3", code: .one(gsl_sf_transport_3)),
    SpecialFunction(name: "transport_4", code: .one(gsl_sf_transport_4)),
    SpecialFunction(name: "transport_5", code: .one(gsl_sf_transport_5)),
    SpecialFunction(name: "eta", code: .one(gsl_sf_eta)),
    SpecialFunction(name: "zeta", code: .one(gsl_sf_zeta)),
    SpecialFunction(name: "zetam1", code: .one(gsl_sf_zetam1)),
  ]

  private static let ofOneByMode: [SpecialFunction] = [
    SpecialFunction(name: "airy_Ai", code: .one({ gsl_sf_airy_Ai($0, exact) })),
    SpecialFunction(name: "airy_Bi", code: .one({ gsl_sf_airy_Bi($0, exact) })),
    SpecialFunction(name: "airy_Ai_deriv", code: .one({ gsl_sf_airy_Ai_deriv($0, exact) })),
    SpecialFunction(name: "airy_Bi_deriv", code: .one({ gsl_sf_airy_Bi_deriv($0, exact) })),
    SpecialFunction(name: "airy_Ai_scaled", code: .one({ gsl_sf_airy_Ai_scaled($0, exact) })),
    SpecialFunction(name: "airy_Bi_scaled", code: .one({ gsl_sf_airy_Bi_scaled($0, exact) })),
    SpecialFunction(
      name: "airy_Ai_deriv_scaled", code: .one({ gsl_sf_airy_Ai_deriv_scaled($0, exact) })),
    SpecialFunction(
      name: "airy_Bi_deriv_scaled", code: .one({ gsl_sf_airy_Bi_deriv_scaled($0, exact) })),
    SpecialFunction(name: "ellint_Kcomp", code: .one({ gsl_sf_ellint_Kcomp($0, exact) })),
    SpecialFunction(name: "ellint_Ecomp", code: .one({ gsl_sf_ellint_Ecomp($0, exact) })),
    SpecialFunction(name: "ellint_Dcomp", code: .one({ gsl_sf_ellint_Dcomp($0, exact) })),
  ]

  private static let ofTwo: [SpecialFunction] = [
    SpecialFunction(name: "bessel_Jnu", code: .two(gsl_sf_bessel_Jnu)),
    SpecialFunction(name: "bessel_Ynu", code: .two(gsl_sf_bessel_Ynu)),
    SpecialFunction(name: "bessel_Inu", code: .two(gsl_sf_bessel_Inu)),
    SpecialFunction(name: "bessel_Knu", code: .two(gsl_sf_bessel_Knu)),
    SpecialFunction(name: "bessel_Inu_scaled", code: .two(gsl_sf_bessel_Inu_scaled)),
    SpecialFunction(name: "bessel_Knu_scaled", code: .two(gsl_sf_bessel_Knu_scaled)),
    SpecialFunction(name: "bessel_lnKnu", code: .two(gsl_sf_bessel_lnKnu)),
    SpecialFunction(name: "beta", code: .two(gsl_sf_beta)),
    SpecialFunction(name: "lnbeta", code: .two(gsl_sf_lnbeta)),
    SpecialFunction(
      name: "gamma_inc", code: .two({ a, x in tame(a) ? gsl_sf_gamma_inc(a, x) : .nan })),
    SpecialFunction(
      name: "gamma_inc_P", code: .two({ a, x in tame(a) ? gsl_sf_gamma_inc_P(a, x) : .nan })),
    SpecialFunction(
      name: "gamma_inc_Q", code: .two({ a, x in tame(a) ? gsl_sf_gamma_inc_Q(a, x) : .nan })),
    SpecialFunction(name: "poch", code: .two(gsl_sf_poch)),
    SpecialFunction(name: "lnpoch", code: .two(gsl_sf_lnpoch)),
    SpecialFunction(name: "pochrel", code: .two(gsl_sf_pochrel)),
    SpecialFunction(name: "fermi_dirac_inc_0", code: .two(gsl_sf_fermi_dirac_inc_0)),
    SpecialFunction(name: "hypot", code: .two(gsl_sf_hypot)),
    SpecialFunction(name: "hzeta", code: .two(gsl_sf_hzeta)),
    SpecialFunction(name: "hyperg_0F1", code: .two(gsl_sf_hyperg_0F1)),
    SpecialFunction(name: "laguerre_1", code: .two(gsl_sf_laguerre_1)),
    SpecialFunction(name: "laguerre_2", code: .two(gsl_sf_laguerre_2)),
    SpecialFunction(name: "laguerre_3", code: .two(gsl_sf_laguerre_3)),
    SpecialFunction(name: "gegenpoly_1", code: .two(gsl_sf_gegenpoly_1)),
    SpecialFunction(name: "gegenpoly_2", code: .two(gsl_sf_gegenpoly_2)),
    SpecialFunction(name: "gegenpoly_3", code: .two(gsl_sf_gegenpoly_3)),
  ]

  private static let ofTwoByMode: [SpecialFunction] = [
    SpecialFunction(name: "ellint_F", code: .two({ gsl_sf_ellint_F($0, $1, exact) })),
    SpecialFunction(name: "ellint_E", code: .two({ gsl_sf_ellint_E($0, $1, exact) })),
    SpecialFunction(name: "ellint_D", code: .two({ gsl_sf_ellint_D($0, $1, exact) })),
    SpecialFunction(name: "ellint_Pcomp", code: .two({ gsl_sf_ellint_Pcomp($0, $1, exact) })),
    SpecialFunction(name: "ellint_RC", code: .two({ gsl_sf_ellint_RC($0, $1, exact) })),
  ]

  private static let ofDegree: [SpecialFunction] = [
    SpecialFunction(
      name: "bessel_Jn", code: .two({ n, x in whole(n) { gsl_sf_bessel_Jn($0, x) } })),
    SpecialFunction(
      name: "bessel_Yn", code: .two({ n, x in whole(n) { gsl_sf_bessel_Yn($0, x) } })),
    SpecialFunction(
      name: "bessel_In", code: .two({ n, x in whole(n) { gsl_sf_bessel_In($0, x) } })),
    SpecialFunction(
      name: "bessel_Kn", code: .two({ n, x in whole(n) { gsl_sf_bessel_Kn($0, x) } })),
    SpecialFunction(
      name: "bessel_In_scaled", code: .two({ n, x in whole(n) { gsl_sf_bessel_In_scaled($0, x) } })),
    SpecialFunction(
      name: "bessel_Kn_scaled", code: .two({ n, x in whole(n) { gsl_sf_bessel_Kn_scaled($0, x) } })),
    SpecialFunction(
      name: "bessel_jl", code: .two({ n, x in whole(n) { gsl_sf_bessel_jl($0, x) } })),
    SpecialFunction(
      name: "bessel_yl", code: .two({ n, x in whole(n) { gsl_sf_bessel_yl($0, x) } })),
    SpecialFunction(
      name: "bessel_il_scaled", code: .two({ n, x in whole(n) { gsl_sf_bessel_il_scaled($0, x) } })),
    SpecialFunction(
      name: "bessel_kl_scaled", code: .two({ n, x in whole(n) { gsl_sf_bessel_kl_scaled($0, x) } })),
    SpecialFunction(
      name: "expint_En", code: .two({ n, x in whole(n) { gsl_sf_expint_En($0, x) } })),
    SpecialFunction(
      name: "expint_En_scaled", code: .two({ n, x in whole(n) { gsl_sf_expint_En_scaled($0, x) } })),
    SpecialFunction(name: "exprel_n", code: .two({ n, x in whole(n) { gsl_sf_exprel_n($0, x) } })),
    SpecialFunction(
      name: "fermi_dirac_int", code: .two({ n, x in whole(n) { gsl_sf_fermi_dirac_int($0, x) } })),
    SpecialFunction(name: "psi_n", code: .two({ n, x in whole(n) { gsl_sf_psi_n($0, x) } })),
    SpecialFunction(
      name: "legendre_Pl", code: .two({ n, x in whole(n) { gsl_sf_legendre_Pl($0, x) } })),
    SpecialFunction(
      name: "legendre_Ql", code: .two({ n, x in whole(n) { gsl_sf_legendre_Ql($0, x) } })),
    SpecialFunction(name: "hermite", code: .two({ n, x in whole(n) { gsl_sf_hermite($0, x) } })),
    SpecialFunction(
      name: "hermite_prob", code: .two({ n, x in whole(n) { gsl_sf_hermite_prob($0, x) } })),
    SpecialFunction(
      name: "hermite_func", code: .two({ n, x in whole(n) { gsl_sf_hermite_func($0, x) } })),
    SpecialFunction(
      name: "taylorcoeff", code: .two({ n, x in whole(n) { gsl_sf_taylorcoeff($0, x) } })),
  ]

  private static let ofThree: [SpecialFunction] = [
    SpecialFunction(name: "beta_inc", code: .three(gsl_sf_beta_inc)),
    SpecialFunction(
      name: "hyperg_1F1",
      code: .three({ a, b, x in tame(a, b, x) ? gsl_sf_hyperg_1F1(a, b, x) : .nan })),
    SpecialFunction(
      name: "hyperg_U", code: .three({ a, b, x in tame(a, b, x) ? gsl_sf_hyperg_U(a, b, x) : .nan })
    ),
    SpecialFunction(
      name: "hyperg_2F0",
      code: .three({ a, b, x in tame(a, b, x) ? gsl_sf_hyperg_2F0(a, b, x) : .nan })),
    SpecialFunction(name: "ellint_P", code: .three({ gsl_sf_ellint_P($0, $1, $2, exact) })),
    SpecialFunction(name: "ellint_RD", code: .three({ gsl_sf_ellint_RD($0, $1, $2, exact) })),
    SpecialFunction(name: "ellint_RF", code: .three({ gsl_sf_ellint_RF($0, $1, $2, exact) })),
    SpecialFunction(
      name: "hyperg_2F1",
      code: .four({ a, b, c, x in tame(a, b, c) ? gsl_sf_hyperg_2F1(a, b, c, x) : .nan })),
    SpecialFunction(name: "ellint_RJ", code: .four({ gsl_sf_ellint_RJ($0, $1, $2, $3, exact) })),
  ]

  private static let ofDegreeAndTwo: [SpecialFunction] = [
    SpecialFunction(
      name: "laguerre_n", code: .three({ n, a, x in whole(n) { gsl_sf_laguerre_n($0, a, x) } })),
    SpecialFunction(
      name: "gegenpoly_n", code: .three({ n, a, x in whole(n) { gsl_sf_gegenpoly_n($0, a, x) } })),
    SpecialFunction(
      name: "hermite_deriv",
      code: .three({ m, n, x in whole(m) { m in whole(n) { gsl_sf_hermite_deriv(m, $0, x) } } })),
    SpecialFunction(
      name: "hermite_prob_deriv",
      code: .three({ m, n, x in whole(m) { m in whole(n) { gsl_sf_hermite_prob_deriv(m, $0, x) } } }
      )),
    SpecialFunction(
      name: "hermite_func_der",
      code: .three({ m, n, x in whole(m) { m in whole(n) { gsl_sf_hermite_func_der(m, $0, x) } } })),
    SpecialFunction(
      name: "legendre_Plm",
      code: .three({ m, n, x in whole(m) { m in whole(n) { gsl_sf_legendre_Plm(m, $0, x) } } })),
    SpecialFunction(
      name: "legendre_sphPlm",
      code: .three({ m, n, x in whole(m) { m in whole(n) { gsl_sf_legendre_sphPlm(m, $0, x) } } })),
  ]

}
