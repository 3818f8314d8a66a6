import Numerics

extension Lie2 {
  /// The measure of the control in force, scaled so that 1 is the most that is accepted; NaN where
  /// something is not finite.
  func controlError(_ norm: ErrorNorm) -> Double {
    guard yNew.isFinite, state.ratio.isFinite else { return refuse(.notFinite) }
    switch model.control {
    case .pair: return pairError()
    case .residual: return residualError()
    case .descent: return descentError()
    case .state: return stateError(norm)
    }
  }

  private func refuse(_ verdict: StepVerdict) -> Double {
    state.verdict = verdict
    return verdict == .notFinite ? .nan : 2
  }

  private func pairError() -> Double {
    state.verdict = .modelError(state.ratio, limit: model.largestRatio)
    if state.ratio > model.largestRatio { return state.ratio / model.largestRatio }
    guard state.trialLoss.isFinite else { return refuse(.notFinite) }
    if state.trialLoss > curved.loss { return refuse(.lossRises) }
    return state.ratio / model.largestRatio
  }

  /// r(θ + d) − r − Jd − ½r_vv, d = v + a/2: what the step's model of the residuals misses.
  private func residualError() -> Double {
    guard state.trialLoss.isFinite else { return refuse(.notFinite) }
    let (trial, residual, slope, curvature) = (trial, curved.residual, slope, curvature)
    // r_vv/2 + Jv first, since J·a/2 takes the place of Jv.
    for i in 0..<rows { curvature[i] = 0.5 * curvature[i] + slope[i] }
    curved.product(yOld, acceleration, into: slope)
    var missed = 0.0
    for i in 0..<rows {
      let defect = trial[i] - residual[i] - curvature[i] - 0.5 * slope[i]
      missed += defect * defect
    }
    let size = (2 * curved.loss).squareRoot()
    let limit = model.relative * size + model.absolute
    missed = missed.squareRoot()
    guard missed.isFinite else { return refuse(.notFinite) }
    state.verdict = .modelError(missed / size, limit: limit / size)
    if missed <= limit, state.trialLoss > curved.loss { return refuse(.lossRises) }
    return missed == 0 ? 0 : missed / limit
  }

  /// The gain ratio with GSL's conventions: decreases relative to ‖r‖², the prediction
  /// (‖Jv‖² + 2‖Dv‖²/h)/‖r‖² that of v alone; the error is how far from 1 the ratio is.
  private func descentError() -> Double {
    state.gain = -1
    if state.ratio > model.largestRatio {
      state.verdict = .modelError(state.ratio, limit: model.largestRatio)
      return state.ratio / model.largestRatio
    }
    guard state.trialLoss.isFinite else { return refuse(.notFinite) }
    let scale = curved.scale
    var damped = 0.0
    for i in 0..<dimension { damped += scale[i] * velocity[i] * velocity[i] }
    let predicted = (slope.squaredNorm + 2 / h * damped) / (2 * curved.loss)
    state.gain = predicted > 0 ? (1 - state.trialLoss / curved.loss) / predicted : -1
    guard state.gain > 0, state.trialLoss < curved.loss else {
      state.verdict = .lossRises
      return max(1 - state.gain, 1.nextUp)
    }
    state.verdict = .gain(state.gain)
    return min((1 - state.gain).magnitude, 1)
  }

  /// The local error in τ, (D²/h + JᵀJ)⁻¹[D²d/h + (g + g⁺)/2]: the defect of the step in the
  /// trapezoidal rule, whose own error is smaller by a power of h.
  private func stateError(_ norm: ErrorNorm) -> Double {
    guard state.trialLoss.isFinite else { return refuse(.notFinite) }
    curved.transposedProduct(yNew, trial, into: scratch)
    let scale = curved.scale
    for i in 0..<dimension {
      let taken = (velocity[i] + 0.5 * acceleration[i]) / h
      error[i] = taken - 0.5 * (rate[i] - scratch[i] / scale[i])
    }
    solve(error)
    let size = norm.measure(error, yOld, yNew)
    state.verdict = size.isFinite ? .localError(size) : .notFinite
    return size
  }

  /// The law of the control for the next step; `state` leaves it to the loop's.
  ///
  /// Model errors fall with some power of h between 0 and 3, as the step is nearer to Gauss-Newton's
  /// or to gradient descent. On Poisson's equation (129 parameters, three seeds) powers from 1 to 2
  /// and growth from 1.5 to 3 reached the same errors in the same number of attempts; these rejected
  /// the fewest.
  func controlFactor(_ error: Double, accepted: Bool) -> Double? {
    if state.verdict == .singular { state.ceiling = 0.5 * h }
    switch model.control {
    case .state: return nil
    case .descent: return nielsenFactor(accepted)
    case .pair, .residual: return clipped(0.9 / error.squareRoot(), accepted)
    }
  }

  private func clipped(_ factor: Double, _ accepted: Bool) -> Double {
    let isAfterRejection = state.justRejected
    state.justRejected = !accepted
    guard accepted else { return factor.isFinite ? min(max(factor, 0.1), 0.5) : 0.1 }
    return min(max(factor, 0.3), isAfterRejection ? 1 : 2)
  }

  private func nielsenFactor(_ accepted: Bool) -> Double {
    guard accepted else {
      let factor = 1 / state.nu
      state.nu = min(2 * state.nu, 0x1p60)
      return factor
    }
    state.nu = 2
    let excess = 2 * state.gain - 1
    return 1 / max(1.0 / 3, 1 - excess * excess * excess)
  }
}
