import CKernels
import Numerics

/// The catalog of activations: functions between the layers of a network, all of them smooth.
public enum Activation: String, CaseIterable, Sendable, Codable {
  case tanh, sin, softplus, gelu, swish, rbf

  /// The formula in a line.
  public var summary: String {
    switch self {
    case .tanh: "hyperbolic tangent: bounded, the usual choice for smooth solutions"
    case .sin: "sine (SIREN): for solutions that oscillate"
    case .softplus: "log(1 + exp(x)): a smooth ramp"
    case .gelu: "x*Phi(x), Phi the normal distribution function (exact, with erf)"
    case .swish: "x/(1 + exp(-x))"
    case .rbf: "exp(-x^2): a bump, for solutions with local features"
    }
  }

  /// The highest derivative that ``derivatives(_:order:)`` knows.
  public static let orderLimit = cauchy_order_limit

  /// The activation and its derivatives up to `order` at a number.
  ///
  /// Digits of the derivatives are absolute, not relative, where these are tiny: 1 - tanh(x)^2 is a
  /// difference.
  public func derivatives(_ x: Double, order: Int) -> [Double] {
    precondition(order >= 0 && order <= Self.orderLimit, "order \(order) of an activation")
    var values = [Double](repeating: 0, count: order + 1)
    withUnsafePointer(to: x) { cauchy_activation_values(kernel, Int32(order), $0, 1, &values) }
    return values
  }

  /// Writes the activation and its derivatives up to `order` at many numbers, without allocation.
  ///
  /// - Shape: `numbers`: `[n]`, `values`: `[order + 1][n]`.
  public func differentiate(_ numbers: Vector, order: Int, into values: Vector) {
    precondition(
      order >= 0 && order <= Self.orderLimit && values.count == (order + 1) * numbers.count,
      "\(values.count) numbers for order \(order) of an activation at \(numbers.count)")
    cauchy_activation_values(
      kernel, Int32(order), numbers.base, numbers.count, values.base)
  }

  var kernel: cauchy_activation {
    switch self {
    case .tanh: cauchy_activation_tanh
    case .sin: cauchy_activation_sin
    case .softplus: cauchy_activation_softplus
    case .gelu: cauchy_activation_gelu
    case .swish: cauchy_activation_swish
    case .rbf: cauchy_activation_rbf
    }
  }
}
