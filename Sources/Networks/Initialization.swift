import Glibc

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

  /// Mean and deviation of the logarithms of the scales of a factorised network.
  ///
  /// Wang, Wang, Seidman and Perdikaris (2022) recommend a mean of 0.5 or 1.
  public static let scaleDistribution = (mean: 1.0, deviation: 0.1)

  /// The parameters that a training begins with: the same numbers for the same seed, everywhere.
  ///
  /// Glorot and Bengio (2010), He et al. (2015), LeCun et al. (1998), as ``initialization`` says.
  /// Activation `sin` is scaled as a SIREN (Sitzmann et al. 2020, with its frequency multiplied into
  /// the weights): layers of the features uniform in +-``sineFrequency``/in with phases uniform in
  /// -pi...pi, so that even and odd functions are alike from the start; hidden layers uniform in
  /// +-sqrt(6/in), which keeps their arguments at variance 1; the last, linear layer as
  /// ``initialization`` says. A factorised network draws scales as ``scaleDistribution`` says and
  /// divides by them: its weights are distributed as those of a dense one.
  public func initialParameters(seed: UInt64) -> [Double] {
    var generator = RandomNumbers(seed: seed)
    return places.enumerated().flatMap { index, place -> [Double] in
      let isFirst = index == 0 || index > hidden.count
      let isSine = activation == .sin && index != hidden.count
      var weights = isSine ? sines(place, isFirst, &generator) : numbers(place, &generator)
      let biases = (0..<place.outputs).map { _ in
        isSine && isFirst ? generator.uniform(.pi) : 0
      }
      guard place.scale != nil else { return weights + biases }
      let scales = biases.map { _ in
        Self.scaleDistribution.mean + Self.scaleDistribution.deviation * generator.normal()
      }
      for position in weights.indices { weights[position] /= exp(scales[position / place.inputs]) }
      return scales + weights + biases
    }
  }

  private func sines(_ place: LayerPlace, _ isFirst: Bool, _ generator: inout RandomNumbers)
    -> [Double]
  {
    let size = Double(place.inputs)
    let reach = isFirst ? Self.sineFrequency / size : (6 / size).squareRoot()
    return (0..<place.inputs * place.outputs).map { _ in generator.uniform(reach) }
  }

  private func numbers(_ place: LayerPlace, _ generator: inout RandomNumbers) -> [Double] {
    let (input, output) = (Double(place.inputs), Double(place.outputs))
    return (0..<place.inputs * place.outputs).map { _ in
      switch initialization {
      case .glorot: generator.uniform((6 / (input + output)).squareRoot())
      case .he: generator.normal() * (2 / input).squareRoot()
      case .lecun: generator.normal() * (1 / input).squareRoot()
      }
    }
  }
}
