/// The catalog of ways in which parameters begin.
///
/// Weights are independent with mean 0; biases are 0. Networks of sines have their own scaling
/// (``NetworkShape/initialParameters(seed:)``).
public enum Initialization: String, CaseIterable, Sendable, Codable {
  case glorot, he, lecun

  /// The distribution in a line.
  public var summary: String {
    switch self {
    case .glorot: "uniform, variance 2/(in + out): for tanh and its like"
    case .he: "normal, variance 2/in: for softplus, gelu, swish"
    case .lecun: "normal, variance 1/in"
    }
  }
}

extension NetworkShape {
  /// How far the first layer of a network of sines reaches: its weights are uniform in
  /// +-`sineFrequency`/inputs.
  ///
  /// Sitzmann et al. (2020) take 30 for images. Here second derivatives enter the loss and grow with
  /// the square of it, so features scaled to -1...1 begin with about one period: 2*pi.
  public static let sineFrequency = 2 * Double.pi

  /// The parameters that a training begins with: the same numbers for the same seed, everywhere.
  ///
  /// Glorot and Bengio (2010), He et al. (2015), LeCun et al. (1998), as ``initialization`` says.
  /// Activation `sin` is scaled as a SIREN (Sitzmann et al. 2020, with its frequency multiplied into
  /// the weights): first layer uniform in +-``sineFrequency``/in with phases uniform in -pi...pi, so
  /// that even and odd functions are alike from the start; hidden layers uniform in +-sqrt(6/in),
  /// which keeps their arguments at variance 1; the last, linear layer as ``initialization`` says.
  public func initialParameters(seed: UInt64) -> [Double] {
    var generator = RandomNumbers(seed: seed)
    let widths = self.widths
    return (0..<widths.count - 1).flatMap { layer -> [Double] in
      let (input, output) = (widths[layer], widths[layer + 1])
      let count = input * output
      if activation == .sin, layer < hidden.count {
        let isFirst = layer == 0
        let reach = isFirst ? Self.sineFrequency / Double(input) : (6 / Double(input)).squareRoot()
        let weights = (0..<count).map { _ in generator.uniform(reach) }
        return weights + (0..<output).map { _ in isFirst ? generator.uniform(.pi) : 0 }
      }
      let weights = (0..<count).map { _ in
        switch initialization {
        case .glorot: generator.uniform((6 / Double(input + output)).squareRoot())
        case .he: generator.normal() * (2 / Double(input)).squareRoot()
        case .lecun: generator.normal() * (1 / Double(input)).squareRoot()
        }
      }
      return weights + [Double](repeating: 0, count: output)
    }
  }
}
