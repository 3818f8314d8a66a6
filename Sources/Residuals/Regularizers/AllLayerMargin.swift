import Numerics

/// The misfit of data after every layer was moved one step towards a worse fit: Wei and Ma (2020).
///
/// With perturbations, h_l = σ(W_l·h_{l−1} + b_l) + δ_l·‖h_{l−1}‖, and the output alike. At each
/// point one step of gradient ascent from δ = 0 on ℓ = ½·Σ((f − y)/σ)² gives
/// δ_l = η·∂ℓ/∂δ_l = η·‖h_{l−1}‖·∂ℓ/∂h_l. Rows r_io = (f_o(x_i; θ, δ) − y_io)/(σ·√n), n being the
/// count of points; 0 where y is missing.
///
/// J is the derivative of r by θ with δ held fixed at its value for the same θ, norms ‖h_{l−1}‖ moving
/// with θ, as in the paper's algorithm: not the derivative of θ ↦ r(θ, δ(θ)), from which it differs
/// by O(η).
public final class AllLayerMargin: Regularizer {
  /// What the report calls it.
  public let name = RegularizerKind.allLayerMargin.rawValue
  /// The count of points times that of outputs.
  public let count: Int
  /// P.
  public var parameterCount: Int { points.parameterCount }
  /// Room for rows.
  public var panel: Vector { points.panel }
  private let points: LayerPoints
  private let targets: Storage
  private let sigma: [Double]
  private let step: Double

  /// Takes data in the network's own outputs.
  ///
  /// - Parameters:
  ///   - targets: `[point][output]`, NaN where nothing was measured.
  ///   - sigma: their standard error, by output.
  ///   - step: η; the authors' code takes 0.01.
  public init(_ points: LayerPoints, targets: [Double], sigma: [Double], step: Double = 0.01) {
    count = points.count * points.pass.outputs
    precondition(targets.count == count, "\(targets.count) targets for \(count) outputs")
    precondition(
      sigma.allSatisfy { $0 > 0 } && step >= 0, "a standard error of \(sigma), a step of \(step)")
    self.points = points
    self.targets = Storage(targets)
    self.sigma = sigma
    self.step = step
  }

  /// Writes the misfits.
  public func residual(_ parameters: Vector, into residual: Vector) {
    self.residual(parameters, perturbedAt: parameters, into: residual)
  }

  /// Writes the misfits with the perturbations that other parameters give: what J differentiates.
  ///
  /// - Shape: `parameters` and `reference`: `[P]`, `residual`: `[N]`.
  public func residual(
    _ parameters: Vector, perturbedAt reference: Vector, into residual: Vector
  ) {
    let pass = points.pass
    for point in 0..<points.count {
      perturb(reference, point)
      pass.evaluate(parameters, points[point])
      for output in 0..<pass.outputs {
        residual[point * pass.outputs + output] =
          points.share * misfit(point, output, pass.result[output])
      }
    }
  }

  /// Writes rows of J, one reverse pass each.
  public func rows(_ parameters: Vector, _ range: Range<Int>, into rows: Vector) {
    rows.fill(0)
    let pass = points.pass
    for row in range {
      let (point, output) = (row / pass.outputs, row % pass.outputs)
      if row == range.lowerBound || output == 0 {
        perturb(parameters, point)
        pass.evaluate(parameters, points[point])
      }
      if targets.vector[row].isNaN { continue }
      let adjoint = pass.layers[pass.depth].adjoint.vector
      adjoint.fill(0)
      adjoint[output] = points.share / sigma[output]
      pass.pullBack(
        parameters, from: pass.depth,
        to: rows.slice((row - range.lowerBound) * parameterCount, parameterCount))
    }
  }

  /// Computes the perturbations at a point.
  private func perturb(_ parameters: Vector, _ point: Int) {
    let pass = points.pass
    pass.isPerturbed = false
    pass.evaluate(parameters, points[point])
    let adjoint = pass.layers[pass.depth].adjoint.vector
    for output in 0..<pass.outputs {
      adjoint[output] = misfit(point, output, pass.result[output]) / sigma[output]
    }
    pass.pullBack(parameters, from: pass.depth)
    for (index, layer) in pass.layers.enumerated() {
      let reach = step * pass.below(index).squaredNorm.squareRoot()
      for row in 0..<layer.outputs {
        layer.perturbation.vector[row] = reach * layer.adjoint.vector[row]
      }
    }
    pass.isPerturbed = true
  }

  private func misfit(_ point: Int, _ output: Int, _ value: Double) -> Double {
    let target = targets.vector[point * points.pass.outputs + output]
    return target.isNaN ? 0 : (value - target) / sigma[output]
  }
}
