import Expressions
import Networks

extension NetworkShape {
  /// The network as formulas of its inputs, one for each output, its parameters being numbers.
  ///
  /// What a trained network becomes where the classical solver takes over.
  /// - Precondition: a dense network; `parameters`: `[P]`; as many inputs as the network has.
  /// - Cost: two operations a weight.
  public func expressions(_ parameters: [Double], of inputs: [Expression]) -> [Expression] {
    precondition(
      kind == .dense && parameters.count == parameterCount && inputs.count == self.inputs,
      "\(parameters.count) parameters and \(inputs.count) inputs for \(self)")
    var values = inputs
    var offset = 0
    for (index, width) in (hidden + [outputs]).enumerated() {
      let biases = offset + width * values.count
      values = (0..<width).map { row in
        var sum = Expression.number(parameters[biases + row])
        for (column, value) in values.enumerated() {
          sum = sum + .number(parameters[offset + row * values.count + column]) * value
        }
        return index < hidden.count ? activation.expression(of: sum) : sum
      }
      offset = biases + width
    }
    return values
  }
}

extension Activation {
  /// The activation as a formula.
  func expression(of x: Expression) -> Expression {
    func call(_ name: String, _ x: Expression) -> Expression {
      guard let function = Function(named: name) else {
        preconditionFailure("the catalog of functions lacks \(name)")
      }
      return .call(function, [x])
    }
    switch self {
    case .tanh: return call("tanh", x)
    case .sin: return call("sin", x)
    case .rbf: return call("exp", .zero - x * x)
    case .swish: return x / (.one + call("exp", .zero - x))
    case .gelu: return .number(0.5) * x * (.one + call("erf", x * .number(0.5.squareRoot())))
    // log(1 + exp(x)), which does not overflow.
    case .softplus:
      return .select(
        .logical(.greater, x, .zero),
        x + call("log", .one + call("exp", .zero - x)), call("log", .one + call("exp", x)))
    }
  }
}
