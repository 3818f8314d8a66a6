import Glibc

/// A sum of terms in the place of a network's output.
public struct Formula: Sendable, Equatable {
  /// A term and its coefficient.
  public struct Part: Sendable, Equatable {
    /// As a person writes it, and what it means.
    public let term: DiscoveryDeclaration.Term
    /// Finite.
    public var coefficient: Double

    /// Bundles the two.
    public init(_ coefficient: Double, _ term: DiscoveryDeclaration.Term) {
      self.term = term
      self.coefficient = coefficient
    }
  }

  /// Of a network.
  public let output: String
  /// Their sum; none: zero.
  public var parts: [Part]

  /// Bundles a formula.
  public init(output: String, parts: [Part]) {
    self.output = output
    self.parts = parts
  }

  /// What a regression chose of an output's candidates: its design matrix had one column for each.
  ///
  /// - Parameter model: nil: the one chosen.
  public init(
    _ output: DiscoveryDeclaration.Output, _ regression: SparseRegression,
    model: SparseRegression.Model? = nil
  ) {
    let model = model ?? regression.model
    self.output = output.name
    parts = zip(model.indices, model.coefficients).map { Part($1, output.terms[$0]) }
  }

  /// Such as `U1 = -0.903*x*y`: as the problem file writes it, coefficients rounded.
  public func text(digits: Int = 4) -> String {
    var text = ""
    for part in parts {
      let size = Self.rounded(part.coefficient.magnitude, digits)
      let product = part.term.text == "1" ? size : size + "*" + Self.factor(part.term.text)
      let isNegative = part.coefficient < 0
      text += text.isEmpty ? (isNegative ? "-" : "") : isNegative ? " - " : " + "
      text += product
    }
    return output + " = " + (text.isEmpty ? "0" : text)
  }

  /// A number to some significant digits, in the shortest way.
  static func rounded(_ value: Double, _ digits: Int) -> String {
    var number = value
    if value != 0, value.isFinite {
      let place = digits - 1 - Int(log10(value.magnitude).rounded(.down))
      // Powers of ten up to 22 are exact, so that the quotient is the number nearest to its text.
      let scale = pow(10, Double(abs(place)))
      if abs(place) <= 22 {
        number =
          place >= 0 ? (value * scale).rounded() / scale : (value / scale).rounded() * scale
      }
    }
    let text = "\(number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// The text in parentheses where a factor before it would belong to a part of it only.
  private static func factor(_ text: String) -> String {
    var depth = 0
    var isSum = false
    for scalar in text.unicodeScalars {
      if scalar == "(" { depth += 1 }
      if scalar == ")" { depth -= 1 }
      if depth == 0, "+-<>=!".unicodeScalars.contains(scalar) { isSum = true }
    }
    let words = text.split { "() ".contains($0) }
    let isLogical = words.contains { ["and", "or", "not"].contains($0) }
    return isSum || isLogical ? "(\(text))" : text
  }
}
