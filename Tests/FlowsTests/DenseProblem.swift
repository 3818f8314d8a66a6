import Foundation
import Numerics
import Residuals

/// A least-squares problem by closures, its Jacobian dense.
final class DenseProblem: LeastSquares {
  typealias Residuals = (_ x: Vector, _ r: Vector) -> Void
  let name: String
  let start: [Double]
  let parameterCount: Int
  private(set) var residualCount: Int
  var residuals: Residuals
  /// Row by row, `[N·P]`.
  var derivatives: Residuals
  private var jacobian: Storage
  private(set) var linearizations = 0
  private(set) var passes = 0
  private(set) var products = 0
  private(set) var transposedProducts = 0

  init(
    _ name: String, start: [Double], count: Int, _ residuals: @escaping Residuals,
    _ derivatives: @escaping Residuals
  ) {
    self.name = name
    self.start = start
    parameterCount = start.count
    residualCount = count
    self.residuals = residuals
    self.derivatives = derivatives
    jacobian = Storage(count * start.count)
  }

  var blocks: [ResidualBlock] {
    [ResidualBlock(name: "equation 1", rows: 0..<residualCount, weight: 1)]
  }

  /// Other residuals of the same parameters.
  func change(count: Int, _ residuals: @escaping Residuals, _ derivatives: @escaping Residuals) {
    residualCount = count
    self.residuals = residuals
    self.derivatives = derivatives
    jacobian = Storage(count * parameterCount)
  }

  func residual(_ parameters: Vector, into residual: Vector) {
    passes += 1
    residuals(parameters, residual)
  }

  func linearize(_ parameters: Vector, residual: Vector, gradient: Vector, normal: Vector?) {
    linearizations += 1
    residuals(parameters, residual)
    let p = parameterCount
    let rows = jacobian.vector
    derivatives(parameters, rows)
    for j in 0..<p {
      var sum = 0.0
      for i in 0..<residualCount { sum += rows[i * p + j] * residual[i] }
      gradient[j] = sum
      guard let normal else { continue }
      for k in j..<p {
        var sum = 0.0
        for i in 0..<residualCount { sum += rows[i * p + j] * rows[i * p + k] }
        normal[k + j * p] = sum
      }
    }
  }

  func product(_ parameters: Vector, _ direction: Vector, into result: Vector) {
    products += 1
    derivatives(parameters, jacobian.vector)
    for i in 0..<residualCount {
      var sum = 0.0
      for j in 0..<parameterCount {
        sum += jacobian.vector[i * parameterCount + j] * direction[j]
      }
      result[i] = sum
    }
  }

  func transposedProduct(_ parameters: Vector, _ weights: Vector, into result: Vector) {
    transposedProducts += 1
    derivatives(parameters, jacobian.vector)
    for j in 0..<parameterCount {
      var sum = 0.0
      for i in 0..<residualCount { sum += jacobian.vector[i * parameterCount + j] * weights[i] }
      result[j] = sum
    }
  }

  func jacobianRows(_ parameters: Vector, _ range: Range<Int>, into rows: Vector) {
    derivatives(parameters, jacobian.vector)
    rows.assign(
      jacobian.vector.slice(range.lowerBound * parameterCount, range.count * parameterCount))
  }

  /// The same problem in other units: parameter i is `units[i]` times as large.
  func rescaled(_ units: [Double]) -> DenseProblem {
    let x = Storage(start.count)
    let (residuals, derivatives, count) = (residuals, derivatives, residualCount)
    let p = start.count
    func fill(_ scaled: Vector) -> Vector {
      for i in 0..<p { x.vector[i] = scaled[i] / units[i] }
      return x.vector
    }
    return DenseProblem(
      name, start: zip(start, units).map { $0 * $1 }, count: count,
      { residuals(fill($0), $1) },
      { scaled, rows in
        derivatives(fill(scaled), rows)
        for i in 0..<count { for j in 0..<p { rows[i * p + j] /= units[j] } }
      })
  }
}

extension DenseProblem {
  /// The first problem of Moré, Garbow & Hillstrom, ACM TOMS 7 (1981) 17.
  static func rosenbrock() -> DenseProblem {
    DenseProblem(
      "Rosenbrock", start: [-1.2, 1], count: 2,
      { x, r in
        r[0] = 10 * (x[1] - x[0] * x[0])
        r[1] = 1 - x[0]
      },
      { x, j in
        j[0] = -20 * x[0]
        j[1] = 10
        j[2] = -1
        j[3] = 0
      })
  }

  /// Their problem 13: the Jacobian is singular at the solution.
  static func powellSingular() -> DenseProblem {
    DenseProblem(
      "Powell singular", start: [3, -1, 0, 1], count: 4,
      { x, r in
        r[0] = x[0] + 10 * x[1]
        r[1] = 5.0.squareRoot() * (x[2] - x[3])
        r[2] = (x[1] - 2 * x[2]) * (x[1] - 2 * x[2])
        r[3] = 10.0.squareRoot() * (x[0] - x[3]) * (x[0] - x[3])
      },
      { x, j in
        j.fill(0)
        j[0] = 1
        j[1] = 10
        j[6] = 5.0.squareRoot()
        j[7] = -5.0.squareRoot()
        j[9] = 2 * (x[1] - 2 * x[2])
        j[10] = -4 * (x[1] - 2 * x[2])
        j[12] = 2 * 10.0.squareRoot() * (x[0] - x[3])
        j[15] = -2 * 10.0.squareRoot() * (x[0] - x[3])
      })
  }

  /// Their problem 12.
  static func box3D() -> DenseProblem {
    DenseProblem(
      "Box 3-D", start: [0, 10, 20], count: 10,
      { x, r in
        for i in 0..<10 {
          let t = 0.1 * Double(i + 1)
          r[i] = exp(-t * x[0]) - exp(-t * x[1]) - x[2] * (exp(-t) - exp(-10 * t))
        }
      },
      { x, j in
        for i in 0..<10 {
          let t = 0.1 * Double(i + 1)
          j[3 * i] = -t * exp(-t * x[0])
          j[3 * i + 1] = t * exp(-t * x[1])
          j[3 * i + 2] = -(exp(-t) - exp(-10 * t))
        }
      })
  }

  /// A·exp(−λt) + b on 40 points with deterministic noise: the residual is not zero at the minimum.
  static func exponentialFit() -> DenseProblem {
    let times = (0..<40).map { 3 * Double($0) / 39 }
    let data = times.enumerated().map { 1 + 5 * exp(-1.5 * $1) + 0.1 * sin(37 * Double($0 * $0)) }
    return DenseProblem(
      "exponential fit", start: [1, 1, 0], count: 40,
      { x, r in
        for i in 0..<40 { r[i] = (x[0] * exp(-x[1] * times[i]) + x[2] - data[i]) / 0.1 }
      },
      { x, j in
        for i in 0..<40 {
          let decay = exp(-x[1] * times[i]) / 0.1
          j[3 * i] = decay
          j[3 * i + 1] = -times[i] * x[0] * decay
          j[3 * i + 2] = 1 / 0.1
        }
      })
  }

  /// A tanh network 1-`width`-1 that learns sin(πx) + x/2 on a grid of `count` points.
  static func network(width: Int = 8, count: Int = 30, shift: Double = 0) -> DenseProblem {
    let start = (0..<3 * width + 1).map { k in 1.3 * sin(12.9898 * Double(k + 1)) }
    let (residuals, derivatives) = networkRows(width: width, count: count, shift: shift)
    return DenseProblem("tanh network", start: start, count: count, residuals, derivatives)
  }

  static func networkRows(
    width: Int, count: Int, shift: Double
  ) -> (Residuals, Residuals) {
    let points = (0..<count).map { -1 + 2 * (Double($0) + 0.5 + shift) / Double(count) }
    let data = points.map { sin(Double.pi * $0) + 0.5 * $0 }
    let p = 3 * width + 1
    let weight = 1 / Double(count).squareRoot()
    return (
      { x, r in
        for i in 0..<count {
          var sum = x[3 * width]
          for k in 0..<width { sum += x[k] * tanh(x[width + k] * points[i] + x[2 * width + k]) }
          r[i] = weight * (sum - data[i])
        }
      },
      { x, j in
        for i in 0..<count {
          for k in 0..<width {
            let value = tanh(x[width + k] * points[i] + x[2 * width + k])
            let slope = weight * x[k] * (1 - value * value)
            j[i * p + k] = weight * value
            j[i * p + width + k] = slope * points[i]
            j[i * p + 2 * width + k] = slope
          }
          j[i * p + 3 * width] = weight
        }
      }
    )
  }

  static let names = [
    "Rosenbrock", "Powell singular", "Box 3-D", "exponential fit", "tanh network",
  ]

  static func named(_ name: String) -> DenseProblem {
    switch name {
    case "Rosenbrock": rosenbrock()
    case "Powell singular": powellSingular()
    case "Box 3-D": box3D()
    case "exponential fit": exponentialFit()
    default: network()
    }
  }
}
