import Glibc

/// What `lie2` accepts its steps by.
///
/// `pair` and `residual` bound the error of the step's model of the residuals, `descent` compares
/// the model with what came of it, `state` bounds the local error of the flow itself.
public enum ModelControl: String, CaseIterable, Sendable, Codable {
  case pair, residual, descent, state

  /// What `cauchy methods` prints.
  public var summary: String {
    switch self {
    case .pair: "model error: |Da|/|Dv| <= 0.75, and the loss must not rise"
    case .residual: "model error: |r(θ+d) - r - Jd - r_vv/2| <= rtol |r| + atol"
    case .descent: "gain: the decrease of the loss over the predicted one, Nielsen's update"
    case .state: "local error in τ, for following the flow itself"
    }
  }
}

/// How `lie2` controls its steps.
public struct ModelSettings: Sendable, Equatable {
  public var control: ModelControl
  /// The largest ‖Da‖/‖Dv‖ of `pair`, and of `descent` the largest ‖a‖/‖v‖.
  public var largestRatio = 0.75
  /// What `residual` allows of ‖r‖.
  public var relative: Double
  /// What `residual` allows beside it.
  public var absolute: Double
  /// The part of a step along which the second derivative is differenced.
  public var probe = 0.02

  /// Chooses a control.
  public init(_ control: ModelControl = .descent, relative: Double = 0.3, absolute: Double = 0) {
    self.control = control
    self.relative = relative
    self.absolute = absolute
  }
}

/// Why an attempt was to be accepted or rejected, with its number.
public enum StepVerdict: Sendable, Equatable, Codable, CustomStringConvertible {
  case localError(Double)
  case modelError(Double, limit: Double)
  /// The decrease of the loss over the predicted one.
  case gain(Double)
  /// Half the relative change of the rate along a step, and what is aimed at.
  case rateChange(Double, aim: Double)
  case lossRises
  case lossFalls
  /// The method has no error estimate.
  case unmeasured
  case notFinite
  /// The matrix of the step is not positive definite.
  case singular

  public var description: String {
    switch self {
    case .localError(let error): "local error \(short(error)) \(sign(error, 1)) 1"
    case .modelError(let error, let limit):
      "model error \(short(error)) \(sign(error, limit)) \(short(limit))"
    case .gain(let gain): gain > 0 ? "gain \(short(gain)) > 0" : "gain \(short(gain)) <= 0"
    case .rateChange(let change, let aim): "rate change \(short(change)), aim \(short(aim))"
    case .lossRises: "loss would rise"
    case .lossFalls: "loss falls"
    case .unmeasured: "no error estimate"
    case .notFinite: "not finite"
    case .singular: "matrix not positive definite"
    }
  }

  private func sign(_ error: Double, _ limit: Double) -> String { error <= limit ? "<=" : ">" }

  /// Two digits.
  private func short(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
    let unit = pow(10, (log10(value.magnitude)).rounded(.down) - 1)
    let digits = (value / unit).rounded()
    let rounded = unit < 1 ? digits / (1 / unit).rounded() : digits * unit
    let text = "\(rounded)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
