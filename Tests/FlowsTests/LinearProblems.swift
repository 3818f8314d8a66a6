import Foundation
import Numerics

extension DenseProblem {
  /// Linear residuals r = ΛH(x − 1), H Householder's reflection: JᵀJ = HΛ²H has eigenvalues from 1 to
  /// `condition`, evenly spaced in the logarithm, and the least loss is 0.
  static func linear(_ count: Int, condition: Double) -> DenseProblem {
    let direction = (0..<count).map { 1 + 0.5 * sin(3 * Double($0)) }
    let size = direction.map { $0 * $0 }.reduce(0, +)
    let roots = (0..<count).map { pow(condition, 0.5 * Double($0) / Double(max(1, count - 1))) }
    var matrix = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0..<count {
        matrix[i * count + j] =
          roots[i] * ((i == j ? 1 : 0) - 2 * direction[i] * direction[j] / size)
      }
    }
    let start = (0..<count).map { 1 + cos(7 * Double($0)) }
    return DenseProblem(
      "linear", start: start, count: count,
      { x, r in
        for i in 0..<count {
          var sum = 0.0
          for j in 0..<count { sum += matrix[i * count + j] * (x[j] - 1) }
          r[i] = sum
        }
      }, { _, j in for k in 0..<count * count { j[k] = matrix[k] } })
  }
}

/// The eigenvalues of D⁻²JᵀJ, ascending; `normal`: its lower triangle by columns, `scale`: D².
func curvatures(_ normal: Vector, _ scale: Vector) -> [Double] {
  let n = scale.count
  let spectrum = SymmetricEigenvalues(dimension: n)
  for j in 0..<n {
    for i in j..<n {
      spectrum.vectors[i + j * n] = normal[i + j * n] / (scale[i] * scale[j]).squareRoot()
    }
  }
  return spectrum.decompose() ? spectrum.values.array : []
}
