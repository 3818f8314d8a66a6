import Networks
import Reports

/// The risk of linear regression against the count of samples, and against that of features.
///
/// x ~ N(0, I) in d = 100 dimensions, ‖β*‖ = 1, y = x·β* + σε, σ = 0.5. Estimators of (1/2n)‖Xβ − y‖² +
/// (λ/2n)‖β‖²: the least norm (λ = 0), λ₀ and λ₀/10. With p of the features the others are noise, of
/// variance 1 − p/d on average, and λ₀ = d(σ² + 1 − p/d)/‖β*‖², which is dσ²/‖β*‖² with all of them.
/// The risk is that of a new sample, ‖β − β*‖² + σ², the mean over trials whose smaller sets are parts
/// of the larger ones.
/// - Source: P. Nakkiran, P. Venkat, S. Kakade & T. Ma, Optimal regularization can mitigate double
///   descent, ICLR 2021: figure 1, theorems 1 and 2.
package struct DoubleDescent: Sendable {
  /// How β is found.
  package enum Estimator: String, CaseIterable, Sendable {
    case leastNorm = "min-norm"
    case tenth = "ridge-tenth"
    case optimal = "ridge-optimal"

    /// λ over λ₀.
    var factor: Double {
      switch self {
      case .leastNorm: 0
      case .tenth: 0.1
      case .optimal: 1
      }
    }
  }

  /// The risk of an estimator with so many samples and features.
  package struct Point: Sendable {
    package var curve: String
    package var samples: Int
    package var features: Int
    package var estimator: Estimator
    package var ridge: Double
    package var risks: [Double] = []

    /// Whether this point stands in a curve's `samples` or `features`.
    package var place: Int { curve == "samples" ? samples : features }
    /// NaN before the first trial.
    package var mean: Double { risks.reduce(0, +) / Double(risks.count) }
    var standardError: Double {
      let (count, mean) = (Double(risks.count), mean)
      let squares = risks.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return count > 1 ? (squares / (count - 1) / count).squareRoot() : .nan
    }
  }

  package var dimension = 100
  package var noise = 0.5
  package var trials = 40
  /// n, all features.
  package var samples = [25, 50, 75, 90, 95, 100, 105, 110, 125, 150, 200, 300, 400]
  /// p, `fewSamples` samples.
  package var features = [10, 20, 30, 40, 45, 50, 55, 60, 70, 80, 90, 100]
  package var fewSamples = 50
  package var seed: UInt64 = 1

  package init() {}

  /// λ₀ of a model of p features.
  private func bestRidge(features: Int) -> Double {
    let d = Double(dimension)
    return d * (noise * noise + 1 - Double(features) / d)
  }

  /// Measures all points; fewer trials where the user ends it.
  package func measure(_ progress: (Double) -> Void = { _ in }) -> [Point] {
    var points = Estimator.allCases.flatMap { estimator in
      samples.map { point("samples", $0, dimension, estimator) }
        + features.map { point("features", fewSamples, $0, estimator) }
    }
    var generator = RandomNumbers(seed: seed)
    for trial in 0..<trials where !Interrupt.isRequested {
      let direction = (0..<dimension).map { _ in generator.normal() }
      let norm = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let data = RegressionData(
        truth: direction.map { $0 / norm }, noise: noise,
        samples: max(samples.max() ?? 0, fewSamples), &generator)
      for index in points.indices { points[index].risks.append(risk(points[index], data)) }
      progress(Double(trial + 1) / Double(trials))
    }
    return points
  }

  private func point(_ curve: String, _ n: Int, _ p: Int, _ estimator: Estimator) -> Point {
    Point(
      curve: curve, samples: n, features: p, estimator: estimator,
      ridge: estimator.factor * bestRidge(features: p))
  }

  /// Infinite where the equations have no solution to rounding.
  private func risk(_ point: Point, _ data: RegressionData) -> Double {
    let regression = data.regression(
      samples: point.samples, features: point.features, form: .linear,
      ridge: point.ridge / Double(point.samples))
    guard let beta = regression.linearSolution() else { return .infinity }
    return data.error(beta) + noise * noise
  }
}

extension StudyRow {
  static let doubleDescent = StudyRow(
    name: "double-descent",
    claim:
      "the risk of least norm peaks where samples and parameters are as many; with the optimal "
      + "ridge it falls with every sample and every feature",
    source: "Nakkiran, Venkat, Kakade & Ma 2021"
  ) { seed, progress in
    var study = DoubleDescent()
    study.seed = UInt64(bitPattern: Int64(seed))
    let points = study.measure { part in progress.work(part, "trials") }
    return DoubleDescentFindings(study, points).findings
  }
}
