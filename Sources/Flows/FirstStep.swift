import Integrators
import Numerics

extension Training {
  /// A first step that suits the curvature at the point linearised last.
  ///
  /// Of `lie2` and `rosenbrock-w` it is 1/(10⁻³·c), c the largest diagonal entry of D⁻²JᵀJ: a damping
  /// that the curvature dominates. Steppers that extrapolate take 10⁻²/c, or 10⁻²/√c where the flow
  /// has inertia; `recycled-euler` takes what its own measure of the gradient's curvature
  /// allows; `exponential-rosenbrock`, exact where residuals are linear, 1/c; and on the
  /// Gauss-Newton flow, whose time scale is 1, all take 0.1. Adam's is its learning rate.
  func chosenFirstStep() -> Double {
    if stepperName == "adam" { return settings.learningRate }
    if flow is GaussNewtonFlow { return 0.1 }
    let curvature = flow.largestCurvature
    guard curvature > 0, curvature.isFinite else { return 1 }
    let hasInertia = flow is MomentumFlow
    switch stepperName {
    case "lie2", "rosenbrock-w": return 1e3 / curvature
    case "exponential-rosenbrock": return 1 / curvature
    case "recycled-euler":
      let along = flow.curvatureAlongGradient()
      let scale = along > 0 && along.isFinite ? along : curvature
      return hasInertia ? 0.5 / scale.squareRoot() : 1 / scale
    default: return 1e-2 / (hasInertia ? curvature.squareRoot() : curvature)
    }
  }
}

extension LeastSquaresFlow {
  /// ‖D⁻²JᵀJf‖/‖f‖ in D's norm for f = −D⁻²Jᵀr, at the point linearised last: how fast the gradient
  /// turns as the flow sets out.
  ///
  /// P² operations with JᵀJ.
  func curvatureAlongGradient() -> Double {
    let (p, image) = (parameterCount, Storage(parameterCount))
    defer { image.keep() }
    var size = 0.0
    for column in 0..<p {
      let rate = gradient[column] / scale[column]
      size += gradient[column] * rate
      image.vector[column] += normal[column * (p + 1)] * rate
      for row in column + 1..<max(p, column + 1) {
        let entry = normal[row + column * p]
        image.vector[row] += entry * rate
        image.vector[column] += entry * gradient[row] / scale[row]
      }
    }
    var turned = 0.0
    for i in 0..<p { turned += image.vector[i] * image.vector[i] / scale[i] }
    return size > 0 ? (turned / size).squareRoot() : 0
  }
}
