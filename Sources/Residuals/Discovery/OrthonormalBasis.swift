/// An orthonormal basis that grows by one column at a time: A = Q·R.
///
/// Gram-Schmidt, each column projected twice. Source: L. Giraud, J. Langou, M. Rozloznik, The loss
/// of orthogonality in the Gram-Schmidt orthogonalization process (2005): twice is enough.
struct OrthonormalBasis {
  /// Columns of Q.
  private(set) var vectors: [[Double]] = []
  /// Columns of R: the j-th has j + 1 numbers.
  private(set) var triangle: [[Double]] = []

  /// Takes a column, unless it lies in the span of those before.
  ///
  /// - Parameter tolerance: what counts as nothing, relative to the column's length.
  /// - Returns: nil where the column was taken, else its coordinates in the basis.
  mutating func append(_ column: [Double], tolerance: Double) -> [Double]? {
    let (coordinates, rest) = split(column)
    let size = Self.dot(rest, rest).squareRoot()
    guard size > tolerance * Self.dot(column, column).squareRoot() else { return coordinates }
    vectors.append(rest.map { $0 / size })
    triangle.append(coordinates + [size])
    return nil
  }

  /// What of a column lies in the basis, and what is left of it.
  func split(_ column: [Double]) -> (coordinates: [Double], rest: [Double]) {
    var rest = column
    var coordinates = Array(repeating: 0.0, count: vectors.count)
    for _ in 0..<2 {
      for (index, vector) in vectors.enumerated() {
        let part = Self.dot(vector, rest)
        coordinates[index] += part
        for row in rest.indices { rest[row] -= part * vector[row] }
      }
    }
    return (coordinates, rest)
  }

  /// Solves R·c = b.
  static func solve(_ triangle: [[Double]], _ b: [Double]) -> [Double] {
    var c = b
    for j in triangle.indices.reversed() {
      c[j] /= triangle[j][j]
      for i in 0..<j { c[i] -= triangle[j][i] * c[j] }
    }
    return c
  }

  static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
  }
}
