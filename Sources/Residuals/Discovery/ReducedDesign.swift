/// A design matrix in coordinates: N rows become as many as there are independent columns.
///
/// Rows are weighted, columns have unit length, and what is no use is set aside. The reduced matrix
/// is the triangle R of A = Q·R, so that nothing is squared: its condition is that of A.
struct ReducedDesign {
  /// Original numbers of the columns that are left, in order.
  private(set) var kept: [Int] = []
  private(set) var setAside: [SparseRegression.SetAside] = []
  /// Of the columns that are left, before they were scaled.
  private(set) var lengths: [Double] = []
  /// Columns of R, all of the same length.
  private(set) var columns: [[Double]] = []
  /// Qᵀb.
  let target: [Double]
  /// Square of the part of b outside the span of all columns.
  let outside: Double
  /// Square of b.
  let total: Double
  /// Rows that count.
  let count: Int

  /// What counts as dependent: an error of the targets grows by the inverse of this.
  static let dependence = 1e-9

  init(_ design: [[Double]], _ targets: [Double], weights: [Double]?) {
    let rows = targets.indices.filter { targets[$0].isFinite && (weights?[$0] ?? 1) > 0 }
    let sum = rows.reduce(0) { $0 + (weights?[$1] ?? 1) }
    let roots = rows.map { ((weights?[$0] ?? 1) * Double(rows.count) / sum).squareRoot() }
    func weighted(_ column: [Double]) -> [Double] { zip(rows, roots).map { column[$0] * $1 } }
    var basis = OrthonormalBasis()
    for (number, column) in design.enumerated() {
      let entries = weighted(column)
      let size = entries.reduce(0) { max($0, $1.magnitude) }
      // A NaN is lost by max, not by a sum.
      guard entries.reduce(0, { $0 + 0 * $1 }) == 0 else {
        setAside.append(.init(column: number, reason: .notFinite))
        continue
      }
      guard size > 0 else {
        setAside.append(.init(column: number, reason: .zero))
        continue
      }
      // First by the largest entry, that no square overflows.
      let scaled = entries.map { $0 / size }
      let length = OrthonormalBasis.dot(scaled, scaled).squareRoot()
      let unit = scaled.map { $0 / length }
      if let coordinates = basis.append(unit, tolerance: Self.dependence) {
        let combination = OrthonormalBasis.solve(basis.triangle, coordinates)
        let others = zip(kept, combination).filter { $0.1.magnitude > 1e-6 }.map(\.0)
        setAside.append(.init(column: number, reason: .dependent(on: others)))
      } else {
        kept.append(number)
        lengths.append(size * length)
      }
    }
    columns = basis.triangle.map { $0 + Array(repeating: 0, count: basis.vectors.count - $0.count) }
    let b = weighted(targets)
    let (coordinates, rest) = basis.split(b)
    target = coordinates
    outside = OrthonormalBasis.dot(rest, rest)
    total = OrthonormalBasis.dot(b, b)
    count = rows.count
  }

  /// By how much each column, added to some, lowers the square of the residual; 0 for those.
  ///
  /// Cost: columns² · terms.
  func gains(adding terms: [Int]) -> [Double] {
    var basis = OrthonormalBasis()
    for term in terms { _ = basis.append(columns[term], tolerance: 0) }
    let rest = basis.split(target).rest
    return columns.indices.map { index in
      if terms.contains(index) { return 0 }
      let own = basis.split(columns[index]).rest
      let (along, square) = (OrthonormalBasis.dot(own, rest), OrthonormalBasis.dot(own, own))
      return square > 0 ? along * along / square : 0
    }
  }
}
