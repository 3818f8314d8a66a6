import Numerics

/// The explicit part of dropout for a squared misfit: Wei, Kakade and Ma (2020).
///
/// Dropping each neuron with probability p, and dividing those that stay by 1 − p, changes h_l by
/// noise of variance p/(1 − p)·h². To second order in it the mean of ½·misfit² grows by
/// ½·p/(1 − p)·Σ_l ‖∂f/∂h_l·diag(h_l)‖². Rows r_il = √(p/(1 − p)/n)·‖∂f/∂h_l·diag(h_l)‖ at the
/// point i of n, zero with a zero row of J where that norm is 0.
public final class Dropout: LayerwisePenalty {
  /// What the report calls it.
  public let name = RegularizerKind.dropout.rawValue
  let points: LayerPoints
  private let strength: Double
  private let direction: Storage

  /// Takes the points, and how probably a neuron is dropped, 0 < p < 1.
  public init(_ points: LayerPoints, probability: Double = 0.1) {
    precondition(probability > 0 && probability < 1, "dropping with probability \(probability)")
    self.points = points
    strength = (probability / (1 - probability)).squareRoot()
    direction = Storage(points.pass.layers.reduce(0) { max($0, $1.outputs) })
  }

  func value(_ layer: LayerPass.Layer) -> Double { strength * norm(layer) }

  private func norm(_ layer: LayerPass.Layer) -> Double {
    var sum = 0.0
    for output in 0..<points.pass.outputs {
      let jacobian = layer.jacobian(output)
      for index in 0..<layer.outputs {
        let term = layer.values.vector[index] * jacobian[index]
        sum += term * term
      }
    }
    return sum.squareRoot()
  }

  /// With q = h²: Σ q·J·dJ is the derivative of Σ_o J_o·v_o for v_o = q·J_o held fixed, and
  /// Σ h·J²·dh adds to the adjoint of h.
  func addGradient(_ parameters: Vector, _ index: Int, scale: Double, to gradient: Vector) {
    let pass = points.pass
    let layer = pass.layers[index]
    let (values, norm) = (layer.values.vector, norm(layer))
    guard norm != 0 else { return }
    let factor = scale * strength / norm
    let along = direction.vector.slice(0, layer.outputs)
    layer.adjoint.vector.fill(0)
    for output in 0..<pass.outputs {
      let jacobian = layer.jacobian(output)
      for index in 0..<layer.outputs {
        along[index] = values[index] * values[index] * jacobian[index]
        layer.adjoint.vector[index] +=
          factor * values[index] * jacobian[index] * jacobian[index]
      }
      pass.addCurvature(
        parameters, start: index, output: output, along: along, scale: factor, to: gradient)
    }
    pass.pullBack(parameters, from: index, to: gradient)
  }
}
