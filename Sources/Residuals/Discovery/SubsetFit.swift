import Glibc

/// The least-squares fit of some columns of a reduced design, from which columns can be removed.
struct SubsetFit {
  /// Columns of the reduced design.
  private(set) var terms: [Int]
  /// Columns of R of these columns.
  private(set) var triangle: [[Double]]
  /// Qᵀb.
  private(set) var projection: [Double]
  /// Square of the residual, of all rows.
  private(set) var residualSquare: Double

  /// Fits.
  ///
  /// Cost: 4·rows·terms² operations.
  init(_ design: ReducedDesign, _ terms: [Int]) {
    var basis = OrthonormalBasis()
    for term in terms { _ = basis.append(design.columns[term], tolerance: 0) }
    let (coordinates, rest) = basis.split(design.target)
    self.terms = terms
    triangle = basis.triangle
    projection = coordinates
    residualSquare = design.outside + OrthonormalBasis.dot(rest, rest)
  }

  /// Of the scaled columns, in the order of ``terms``.
  var coefficients: [Double] { OrthonormalBasis.solve(triangle, projection) }

  /// Diagonal of (AᵀA)⁻¹, A the scaled columns: squared lengths of the rows of R⁻¹.
  var inverseDiagonal: [Double] {
    var sums = Array(repeating: 0.0, count: terms.count)
    for j in terms.indices {
      // The j-th column of R⁻¹ needs the leading part of R alone.
      var unit = Array(repeating: 0.0, count: j + 1)
      unit[j] = 1
      let column = OrthonormalBasis.solve(Array(triangle[...j]), unit)
      for i in 0...j { sums[i] += column[i] * column[i] }
    }
    return sums
  }

  /// The term that is missed least: removing it raises the square of the residual by
  /// c² / (AᵀA)⁻¹, exactly.
  var weakest: Int? {
    let costs = zip(coefficients, inverseDiagonal).map { $0 * $0 / $1 }
    return costs.indices.min { costs[$0] < costs[$1] }
  }

  /// Removes a term; plane rotations make R a triangle again.
  ///
  /// Cost: 3·terms² operations.
  mutating func remove(at place: Int) {
    terms.remove(at: place)
    triangle.remove(at: place)
    for row in place..<triangle.count {
      let (a, b) = (triangle[row][row], triangle[row][row + 1])
      let length = hypot(a, b)
      let (c, s) = (a / length, b / length)
      for column in row..<triangle.count {
        let (upper, lower) = (triangle[column][row], triangle[column][row + 1])
        triangle[column][row] = c * upper + s * lower
        triangle[column][row + 1] = c * lower - s * upper
      }
      triangle[row].removeLast()
      let (upper, lower) = (projection[row], projection[row + 1])
      projection[row] = c * upper + s * lower
      projection[row + 1] = c * lower - s * upper
    }
    let last = projection.removeLast()
    residualSquare += last * last
  }
}
