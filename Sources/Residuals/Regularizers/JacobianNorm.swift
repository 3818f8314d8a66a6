import Numerics

/// The norms of the Jacobians of the network by its hidden layers, up to a cap: Wei and Ma (2019).
///
/// Rows r_il = √(min(‖∂f/∂h_l(x_i)‖², cap)/n), the norm being Frobenius's and n the count of points:
/// ½‖r‖² is the mean over points of half the sum over layers. Where the cap holds, and where a
/// Jacobian is 0, the row of J is 0. Elsewhere dr = ⟨J_l, dJ_l⟩/(√n·‖J_l‖), which is the derivative
/// of Σ_o (∂f_o/∂h_l)·v_o for v = J_l/‖J_l‖ held fixed.
public final class JacobianNorm: LayerwisePenalty {
  /// What the report calls it.
  public let name = RegularizerKind.jacobianNorm.rawValue
  let points: LayerPoints
  private let cap: Double

  /// Takes the points; squares of norms beyond `cap` count as `cap`.
  public init(_ points: LayerPoints, cap: Double = .infinity) {
    precondition(cap > 0, "a cap of \(cap)")
    self.points = points
    self.cap = cap
  }

  func value(_ layer: LayerPass.Layer) -> Double {
    let square = layer.jacobian.vector.squaredNorm
    // NaN passes through.
    return (square > cap ? cap : square).squareRoot()
  }

  func addGradient(_ parameters: Vector, _ index: Int, scale: Double, to gradient: Vector) {
    let pass = points.pass
    let layer = pass.layers[index]
    let square = layer.jacobian.vector.squaredNorm
    guard square != 0, !(square > cap) else { return }
    layer.adjoint.vector.fill(0)
    for output in 0..<pass.outputs {
      pass.addCurvature(
        parameters, start: index, output: output, along: layer.jacobian(output),
        scale: scale / square.squareRoot(), to: gradient)
    }
    pass.pullBack(parameters, from: index, to: gradient)
  }
}
