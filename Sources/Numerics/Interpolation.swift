import CGSL

/// A function of one variable through given points.
///
/// Sendable: it is immutable after construction, and evaluation keeps no search state in it.
public final class Interpolation: @unchecked Sendable {
  // Invariant behind @unchecked: `spline` is only read after `init`; GSL's evaluation without an
  // accelerator does not write to it.

  /// How values between the points are found.
  public enum Kind: String, Sendable, CaseIterable {
    case linear, cubic, previous
  }

  public let kind: Kind
  public let abscissae: [Double]
  public let ordinates: [Double]
  private let spline: GSLOwned<gsl_interp>?

  /// Fits the points; `abscissae` strictly increase, as many as `ordinates`, at least one.
  ///
  /// `cubic` is the natural cubic spline (GSL's `cspline`); with fewer than three points it is the
  /// line through them. Outside the points, the value at the nearest end.
  /// - Throws: `GSLError` when GSL refuses the points.
  public init(_ kind: Kind, abscissae: [Double], ordinates: [Double]) throws(GSLError) {
    precondition(abscissae.count == ordinates.count && !abscissae.isEmpty, "points do not pair")
    GSL.prepare()
    self.kind = kind
    self.abscissae = abscissae
    self.ordinates = ordinates
    guard kind == .cubic, abscissae.count >= 3 else {
      spline = nil
      return
    }
    let made = try GSLOwned(
      "a cubic spline", gsl_interp_alloc(cauchy_interp_cspline(), abscissae.count),
      release: gsl_interp_free)
    let status = gsl_interp_init(made.raw, abscissae, ordinates, abscissae.count)
    if status != GSL_SUCCESS.status { throw GSLError(status: status, during: "fitting a spline") }
    spline = made
  }

  /// The value at `x`.
  public func value(_ x: Double) -> Double {
    let last = abscissae.count - 1
    if x <= abscissae[0] { return ordinates[0] }
    if x >= abscissae[last] { return ordinates[last] }
    if let spline { return gsl_interp_eval(spline.raw, abscissae, ordinates, x, nil) }
    let left = interval(x)
    if kind == .previous { return ordinates[left] }
    return ordinates[left] + slope(left) * (x - abscissae[left])
  }

  /// The derivative at `x`; at a kink, the one to the right.
  public func derivative(_ x: Double) -> Double {
    let last = abscissae.count - 1
    if x < abscissae[0] || x >= abscissae[last] || kind == .previous { return 0 }
    if let spline { return gsl_interp_eval_deriv(spline.raw, abscissae, ordinates, x, nil) }
    return slope(interval(x))
  }

  private func slope(_ left: Int) -> Double {
    (ordinates[left + 1] - ordinates[left]) / (abscissae[left + 1] - abscissae[left])
  }

  /// The index of the last point at or before `x`, by bisection.
  private func interval(_ x: Double) -> Int {
    var low = 0
    var high = abscissae.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if abscissae[middle] <= x { low = middle } else { high = middle }
    }
    return low
  }
}
