import CGSL

/// GSL's special functions on doubles, with GSL's names.
public enum SpecialFunctions {
  public static func psi(_ x: Double) -> Double { gsl_sf_psi(x) }
}
