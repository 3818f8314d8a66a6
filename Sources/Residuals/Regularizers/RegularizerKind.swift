import Networks

/// The catalog of regularisers.
public enum RegularizerKind: String, CaseIterable, Sendable, Codable {
  case ridge
  case jacobianNorm = "jacobian-norm"
  case allLayerMargin = "all-layer-margin"
  case dropout

  /// The penalty ½‖r‖² in a line.
  public var summary: String {
    switch self {
    case .ridge: "1/2*|theta|^2 over the weights and biases of the network"
    case .jacobianNorm:
      "mean over points of 1/2*sum over hidden layers of min(|df/dh|^2, cap)"
    case .allLayerMargin:
      "mean over the data of 1/2*(misfit/sigma)^2, layers moved one step towards a worse fit"
    case .dropout:
      "mean over points of 1/2*p/(1-p)*sum over hidden layers of |df/dh*diag(h)|^2: what dropout "
        + "adds to a squared misfit on average"
    }
  }

  /// Where it comes from.
  public var source: String {
    switch self {
    case .ridge: "Hoerl and Kennard 1970; Wei, Lee, Liu and Ma 2019"
    case .jacobianNorm: "Wei and Ma 2019, Data-dependent sample complexity"
    case .allLayerMargin: "Wei and Ma 2020, Improved sample complexities"
    case .dropout: "Wei, Kakade and Ma 2020, The implicit and explicit regularization effects"
    }
  }

  /// Whether it asks for measured values at the points.
  public var needsTargets: Bool { self == .allLayerMargin }

  /// Whether it can be had for such a network; all but the ridge look into the layers.
  public func applies(to kind: NetworkKind) -> Bool { self == .ridge || kind == .dense }

  /// Makes the regulariser of one network, with its standard settings.
  ///
  /// - Parameters:
  ///   - shape: the network, of a kind that ``applies(to:)`` allows.
  ///   - offset: where its parameters begin in θ.
  ///   - parameterCount: the length of θ, P.
  ///   - features: what goes into it at the points, `[count][inputs]`; copied. The ridge needs none.
  ///   - count: the count of points.
  ///   - targets: what should come out, `[count][outputs]`, NaN where nothing was measured; only
  ///     where ``needsTargets``.
  ///   - sigma: the standard error of the targets, by output; empty for 1.
  public func make(
    shape: NetworkShape, offset: Int, parameterCount: Int, features: [Double], count: Int,
    targets: [Double]? = nil, sigma: [Double] = []
  ) -> any Regularizer {
    precondition(applies(to: shape.kind), "\(self) of a \(shape.kind) network")
    precondition(needsTargets == (targets != nil), "targets of \(self)")
    if self == .ridge {
      return Ridge(offset: offset, count: shape.parameterCount, parameterCount: parameterCount)
    }
    let points = LayerPoints(
      shape, offset: offset, parameterCount: parameterCount, features: features, count: count)
    switch self {
    case .jacobianNorm: return JacobianNorm(points)
    case .dropout: return Dropout(points)
    default:
      let units = sigma.isEmpty ? [Double](repeating: 1, count: shape.outputs) : sigma
      return AllLayerMargin(points, targets: targets ?? [], sigma: units)
    }
  }
}
