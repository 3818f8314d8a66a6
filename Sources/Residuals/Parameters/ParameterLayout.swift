import Networks
import Problems

/// What the parameters of a training stand for: θ = [solution's network, networks inside the
/// equations, estimates]; without the first where the unknowns are trajectories.
public struct ParameterLayout: Sendable {
  /// A network's share of θ.
  public struct Piece: Sendable {
    /// As declared in `networks`; nil for the network of the unknowns.
    public let name: String?
    /// Outputs, by the names that equations use.
    public let outputs: [String]
    /// The network.
    public let shape: NetworkShape
    /// Where its parameters begin in θ.
    public let offset: Int

    /// Its parameters in θ.
    public let range: Range<Int>

    init(name: String?, outputs: [String], shape: NetworkShape, offset: Int) {
      self.name = name
      self.outputs = outputs
      self.shape = shape
      self.offset = offset
      range = offset..<(offset + shape.parameterCount)
    }
  }

  /// The network of the unknowns first, where they are one.
  public let networks: [Piece]
  /// In the order of the problem; one number each, behind the networks.
  public let estimates: [Estimate]
  /// How those numbers stand for the estimates.
  public let scales: [EstimateScale]

  /// Lays out the parameters of a problem.
  ///
  /// - Parameter coefficients: shapes of the problem's networks, in its order.
  public init(_ problem: Problem, solution: NetworkShape?, coefficients: [NetworkShape]) {
    precondition(
      coefficients.count == problem.networks.count,
      "\(coefficients.count) shapes for \(problem.networks.count) networks")
    var pieces =
      solution.map {
        [Piece(name: nil, outputs: problem.allUnknowns, shape: $0, offset: 0)]
      } ?? []
    for (network, shape) in zip(problem.networks, coefficients) {
      let offset = pieces.last.map(\.range.upperBound) ?? 0
      pieces.append(
        Piece(name: network.name, outputs: network.outputs, shape: shape, offset: offset))
    }
    networks = pieces
    estimates = problem.estimates
    scales = estimates.map(EstimateScale.init)
  }

  /// Where the estimates begin, and how many parameters networks have.
  public var networkCount: Int { networks.last.map(\.range.upperBound) ?? 0 }

  /// P.
  public var count: Int { networkCount + estimates.count }

  /// The network and output that a name of the equations stands for.
  func place(of name: String) -> (network: Int, output: Int)? {
    for (index, piece) in networks.enumerated() {
      if let output = piece.outputs.firstIndex(of: name) { return (index, output) }
    }
    return nil
  }

  /// The estimates at θ, by name.
  public func values(_ parameters: [Double]) -> [(name: String, value: Double, slope: Double)] {
    estimates.indices.map { index in
      let (value, slope) = scales[index].value(parameters[networkCount + index])
      return (name: estimates[index].name, value: value, slope: slope)
    }
  }

  /// Where a training starts: networks as they are initialised, estimates at their start.
  public func initialParameters(seed: UInt64) -> [Double] {
    var parameters: [Double] = []
    for (index, piece) in networks.enumerated() {
      parameters += piece.shape.initialParameters(seed: seed &+ UInt64(index) &* 0x9E37_79B9)
    }
    return parameters + estimates.map { _ in 0 }
  }
}
