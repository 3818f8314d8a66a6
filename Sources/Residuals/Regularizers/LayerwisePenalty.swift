import Numerics

/// A regulariser with a row for every point and hidden layer, the layers of a point side by side.
protocol LayerwisePenalty: Regularizer {
  var points: LayerPoints { get }

  /// The row's residual, at the point that was evaluated last.
  func value(_ layer: LayerPass.Layer) -> Double

  /// Adds the gradient of ``value(_:)`` times `scale`; `index` counts hidden layers from 0.
  func addGradient(_ parameters: Vector, _ index: Int, scale: Double, to gradient: Vector)
}

extension LayerwisePenalty {
  /// The count of points times that of hidden layers.
  public var count: Int { points.count * points.pass.depth }
  /// P.
  public var parameterCount: Int { points.parameterCount }
  /// Room for rows.
  public var panel: Vector { points.panel }

  /// Writes the rows' residuals.
  public func residual(_ parameters: Vector, into residual: Vector) {
    let pass = points.pass
    for point in 0..<points.count where pass.depth > 0 {
      evaluate(parameters, point)
      for index in 0..<pass.depth {
        residual[point * pass.depth + index] = points.share * value(pass.layers[index])
      }
    }
  }

  /// Writes rows of J, one reverse pass an output each.
  public func rows(_ parameters: Vector, _ range: Range<Int>, into rows: Vector) {
    rows.fill(0)
    let depth = points.pass.depth
    for row in range {
      if row == range.lowerBound || row % depth == 0 { evaluate(parameters, row / depth) }
      addGradient(
        parameters, row % depth, scale: points.share,
        to: rows.slice((row - range.lowerBound) * parameterCount, parameterCount))
    }
  }

  private func evaluate(_ parameters: Vector, _ point: Int) {
    points.pass.evaluate(parameters, points[point])
    points.pass.differentiate(parameters)
  }
}
