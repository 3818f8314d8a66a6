import CGSL

/// Nodes and weights of a quadrature: ∫ f ≈ Σ wᵢ f(xᵢ).
public struct QuadratureRule: Sendable, Equatable {
  /// Increasing.
  public let nodes: [Double]
  /// One for each node.
  public let weights: [Double]

  /// The Gauss-Legendre rule of `count` nodes on an interval: exact to degree 2·count − 1.
  ///
  /// - Throws: `GSLError` where GSL finds no memory.
  public static func gaussLegendre(
    _ count: Int, from lower: Double = -1, to upper: Double = 1
  ) throws(GSLError) -> QuadratureRule {
    precondition(count > 0, "a rule of \(count) nodes")
    GSL.prepare()
    let table = try GSLOwned(
      "a Gauss-Legendre rule", gsl_integration_glfixed_table_alloc(count),
      release: gsl_integration_glfixed_table_free)
    var nodes = [Double](repeating: 0, count: count)
    var weights = nodes
    let (middle, half) = ((lower + upper) / 2, (upper - lower) / 2)
    for index in 0..<count {
      var (node, weight) = (0.0, 0.0)
      let status = gsl_integration_glfixed_point(-1, 1, index, &node, &weight, table.raw)
      if status != GSL_SUCCESS.status {
        throw GSLError(status: status, during: "reading a Gauss-Legendre rule")
      }
      // Up to 20 nodes GSL has tables; most larger rules it computes, to 1e-10 only.
      if count > 20 { (node, weight) = polished(node, count) }
      nodes[index] = middle + half * node
      weights[index] = half * weight
    }
    return QuadratureRule(nodes: nodes, weights: weights)
  }

  /// A zero of the Legendre polynomial by Newton's method, and its weight 2/((1 − x²)·P′²).
  private static func polished(_ start: Double, _ count: Int) -> (Double, Double) {
    var x = start
    var slope = 1.0
    for _ in 0..<3 {
      var (last, value) = (1.0, x)
      for k in 2...count {
        let n = Double(k)
        (last, value) = (value, ((2 * n - 1) * x * value - (n - 1) * last) / n)
      }
      slope = Double(count) * (last - x * value) / (1 - x * x)
      x -= value / slope
    }
    return (x, 2 / ((1 - x * x) * slope * slope))
  }

  /// The Gauss-Hermite rule of `count` nodes: ∫ exp(−x²) f(x) dx over the whole line.
  ///
  /// - Throws: `GSLError` where GSL fails: no memory, or an eigenvalue that is not found.
  public static func gaussHermite(_ count: Int) throws(GSLError) -> QuadratureRule {
    precondition(count > 0, "a rule of \(count) nodes")
    GSL.prepare()
    let fixed = try GSLOwned(
      "a Gauss-Hermite rule",
      gsl_integration_fixed_alloc(cauchy_fixed_hermite(), count, 0, 1, 0, 0),
      release: gsl_integration_fixed_free)
    guard let nodes = gsl_integration_fixed_nodes(fixed.raw),
      let weights = gsl_integration_fixed_weights(fixed.raw)
    else { throw GSLError(status: GSL_EFAILED.status, during: "reading a Gauss-Hermite rule") }
    return QuadratureRule(
      nodes: Array(UnsafeBufferPointer(start: nodes, count: count)),
      weights: Array(UnsafeBufferPointer(start: weights, count: count)))
  }
}

/// The value of an integral and how far it may be off.
public struct IntegralValue: Sendable, Equatable {
  public var value: Double
  /// Estimated, absolute.
  public var error: Double
  /// Whether the tolerance was met.
  public var isConverged: Bool

  /// States a value.
  public init(value: Double, error: Double, isConverged: Bool) {
    self.value = value
    self.error = error
    self.isConverged = isConverged
  }
}

/// Adaptive quadrature to a tolerance: GSL's QAGS, QAGP between breakpoints, and CQUAD where these
/// give up.
///
/// Owns the workspaces; nested integrals need one owner for each level.
/// - Source: Piessens et al., QUADPACK (1983); P. Gonnet, ACM TOMS 37 (2010) 26.
public final class AdaptiveQuadrature {
  private let limit: Int
  private let workspace: GSLOwned<gsl_integration_workspace>
  private let doubly: GSLOwned<gsl_integration_cquad_workspace>

  /// Allocates for at most `limit` subintervals.
  ///
  /// - Throws: `GSLError` where GSL finds no memory.
  public init(limit: Int = 2000) throws(GSLError) {
    precondition(limit >= 3, "\(limit) subintervals")
    GSL.prepare()
    self.limit = limit
    workspace = try GSLOwned(
      "a quadrature workspace", gsl_integration_workspace_alloc(limit),
      release: gsl_integration_workspace_free)
    doubly = try GSLOwned(
      "a quadrature workspace", gsl_integration_cquad_workspace_alloc(limit),
      release: gsl_integration_cquad_workspace_free)
  }

  /// Integrates between finite limits; from above to below with the sign turned.
  ///
  /// - Parameter breakpoints: places where the integrand or a derivative jumps, in any order; those
  ///   outside are left out.
  /// - Returns: a value whose error estimate meets neither tolerance is not converged; a NaN where
  ///   the integrand is.
  public func integrate(
    from lower: Double, to upper: Double, absolute: Double = 0, relative: Double = 1e-10,
    breakpoints: [Double] = [], _ function: (Double) -> Double
  ) -> IntegralValue {
    if lower == upper { return IntegralValue(value: 0, error: 0, isConverged: true) }
    if upper < lower {
      var turned = integrate(
        from: upper, to: lower, absolute: absolute, relative: relative, breakpoints: breakpoints,
        function)
      turned.value = -turned.value
      return turned
    }
    let inside = breakpoints.filter { $0 > lower && $0 < upper }.sorted()
    // QUADPACK refuses relative tolerances below rounding.
    let relative = max(relative, 1e-14)
    return withoutActuallyEscaping(function) { escaping in
      let box = Integrand(escaping)
      let first = run(box) { [self] target in
        adaptive(target, lower, inside, upper, absolute, relative)
      }
      guard !first.isConverged, first.value.isFinite else { return first }
      let second = run(box) { [self] target in
        doublyAdaptive(target, lower, upper, absolute, relative)
      }
      return second.isConverged || second.error < first.error ? second : first
    }
  }

  private typealias Target = UnsafeMutablePointer<gsl_function>

  private func run(_ box: Integrand, _ body: (Target) -> IntegralValue) -> IntegralValue {
    withExtendedLifetime(box) {
      var target = gsl_function(
        function: { x, context in
          guard let context else { return .nan }
          return Unmanaged<Integrand>.fromOpaque(context).takeUnretainedValue().function(x)
        }, params: Unmanaged.passUnretained(box).toOpaque())
      return withUnsafeMutablePointer(to: &target, body)
    }
  }

  private func adaptive(
    _ target: Target, _ lower: Double, _ inside: [Double], _ upper: Double, _ absolute: Double,
    _ relative: Double
  ) -> IntegralValue {
    var (value, error) = (Double.nan, Double.infinity)
    let status: Int32
    if inside.isEmpty || inside.count + 2 > limit {
      status = gsl_integration_qags(
        target, lower, upper, absolute, relative, limit, workspace.raw, &value, &error)
    } else {
      var points = [lower] + inside + [upper]
      status = gsl_integration_qagp(
        target, &points, points.count, absolute, relative, limit, workspace.raw, &value, &error)
    }
    // Rounding ends the extrapolation early where the value is as good as a double can be.
    let isRounded = error <= 1e-13 * value.magnitude
    return IntegralValue(
      value: value, error: error, isConverged: status == GSL_SUCCESS.status || isRounded)
  }

  private func doublyAdaptive(
    _ target: Target, _ lower: Double, _ upper: Double, _ absolute: Double, _ relative: Double
  ) -> IntegralValue {
    var (value, error) = (Double.nan, Double.infinity)
    let status = gsl_integration_cquad(
      target, lower, upper, absolute, relative, doubly.raw, &value, &error, nil)
    let isMet = error <= max(absolute, relative * value.magnitude)
    return IntegralValue(
      value: value, error: error, isConverged: status == GSL_SUCCESS.status && isMet)
  }
}

private final class Integrand {
  let function: (Double) -> Double
  init(_ function: @escaping (Double) -> Double) { self.function = function }
}
