import Networks

/// Data of a linear model: y = x·β* + σε with x ~ N(0, I) and ε ~ N(0, 1).
package struct RegressionData: Sendable {
  /// β*, `[d]`.
  package let truth: [Double]
  /// σ.
  package let noise: Double
  /// X, row by row, `[n·d]`.
  package let design: [Double]
  /// y, `[n]`.
  package let targets: [Double]

  /// Draws `samples` rows; the same generator gives the same data.
  package init(
    truth: [Double], noise: Double, samples: Int, _ generator: inout RandomNumbers
  ) {
    var design: [Double] = []
    var targets: [Double] = []
    design.reserveCapacity(samples * truth.count)
    for _ in 0..<samples {
      var sum = 0.0
      for beta in truth {
        let x = generator.normal()
        design.append(x)
        sum += x * beta
      }
      targets.append(sum + noise * generator.normal())
    }
    (self.truth, self.noise, self.design, self.targets) = (truth, noise, design, targets)
  }

  /// The regression of the first rows on the first features.
  package func regression(
    samples: Int, features: Int, form: Regression.Form, ridge: Double
  ) -> Regression {
    let all = truth.count
    precondition(samples <= targets.count && features <= all, "more than was drawn")
    var part: [Double] = []
    part.reserveCapacity(samples * features)
    for row in 0..<samples { part += design[(row * all)..<(row * all + features)] }
    return Regression(
      design: part, targets: Array(targets.prefix(samples)), form: form, ridge: ridge)
  }

  /// ‖β − β*‖²: the mean square error of the prediction without noise; features left out count as 0.
  package func error(_ coefficients: [Double]) -> Double {
    var sum = 0.0
    for (index, beta) in truth.enumerated() {
      let difference = (index < coefficients.count ? coefficients[index] : 0) - beta
      sum += difference * difference
    }
    return sum
  }
}
