import CGSL

/// Roots of scalar functions.
public enum Roots {
  /// Finds a root in a bracket by Brent's method (GSL's `brent`).
  ///
  /// - Parameter tolerance: stops when the bracket is this short (absolute).
  /// - Returns: the end of the last bracket that lies at or beyond the root, seen from `lower`, so
  ///   that the sign change is behind it.
  /// - Precondition: `function` has opposite signs at the ends, or is zero at one.
  /// - Source: R. P. Brent, Algorithms for Minimization without Derivatives (1973), ch. 4.
  public static func brent(
    from lower: Double, to upper: Double, tolerance: Double, _ function: (Double) -> Double
  ) throws(GSLError) -> Double {
    GSL.prepare()
    let atLower = function(lower)
    if atLower == 0 { return lower }
    if function(upper) == 0 { return upper }
    let solver = try GSLOwned(
      "a root solver", gsl_root_fsolver_alloc(cauchy_root_brent()), release: gsl_root_fsolver_free)
    let failure = withoutActuallyEscaping(function) { escaping in
      run(solver.raw, RootFunction(escaping), lower, upper, tolerance)
    }
    if failure != GSL_SUCCESS.status {
      throw GSLError(status: failure, during: "finding a root in [\(lower), \(upper)]")
    }
    let root = gsl_root_fsolver_root(solver.raw)
    if (function(root) < 0) != (atLower < 0) { return root }
    return gsl_root_fsolver_x_upper(solver.raw)
  }

  private static func run(
    _ solver: UnsafeMutablePointer<gsl_root_fsolver>, _ box: RootFunction,
    _ lower: Double, _ upper: Double, _ tolerance: Double
  ) -> Int32 {
    withExtendedLifetime(box) {
      var target = gsl_function(
        function: { x, context in
          guard let context else { return .nan }
          return Unmanaged<RootFunction>.fromOpaque(context).takeUnretainedValue().function(x)
        }, params: Unmanaged.passUnretained(box).toOpaque())
      return withUnsafeMutablePointer(to: &target) { target in
        var status = gsl_root_fsolver_set(solver, target, lower, upper)
        var iterations = 0
        while status == GSL_SUCCESS.status, iterations < 200 {
          let width = gsl_root_fsolver_x_upper(solver) - gsl_root_fsolver_x_lower(solver)
          if width.magnitude <= tolerance { break }
          status = gsl_root_fsolver_iterate(solver)
          iterations += 1
        }
        return status
      }
    }
  }
}

private final class RootFunction {
  let function: (Double) -> Double
  init(_ function: @escaping (Double) -> Double) { self.function = function }
}
