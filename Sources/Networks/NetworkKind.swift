/// The catalog of networks: what happens to a layer's activations h = σ(W·x + b) before the next one.
///
/// In every kind the last layer is linear.
public enum NetworkKind: String, CaseIterable, Sendable, Codable {
  case dense, factorized, residual, gated

  /// The formula in a line, and where it comes from.
  public var summary: String {
    switch self {
    case .dense: "layers sigma(W*x + b), one after the other"
    case .factorized:
      "dense, with W = diag(exp(s))*V and s learned too [Wang, Wang, Seidman, Perdikaris 2022]"
    case .residual:
      "x + c*sigma(W*x + b) from the second hidden layer on, c = 1/sqrt(their count) "
        + "[He et al. 2016; Hayou et al. 2021]"
    case .gated:
      "(1 - z)*U + z*V with z = sigma(W*x + b), and U, V layers of the features "
        + "[Wang, Teng, Perdikaris 2021]"
    }
  }

  /// Whether numbers of one layer are added to those of another, which takes hidden layers of equal
  /// width.
  public var needsEqualWidths: Bool {
    switch self {
    case .dense, .factorized: false
    case .residual, .gated: true
    }
  }
}
