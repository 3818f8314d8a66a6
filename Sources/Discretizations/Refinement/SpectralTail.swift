import Glibc
import Numerics

/// How large the last coefficients of fields in a spectral basis are: what the grid does not resolve.
///
/// One owner's own. Cost of a look: the number of nodes times a tenth of those along each axis.
public final class SpectralTail {
  private let grid: Grid
  /// Rows of the last coefficients of each spectral axis, `[rows][nodes]`.
  private let analyses: [(axis: Int, rows: [[Double]])]
  /// What was seen so far; a resumed level goes on with it.
  public var seen: Seen

  /// The largest last coefficients, and the largest values, by field.
  public struct Seen: Sendable, Codable {
    var last: [Double]
    var sizes: [Double]
  }

  /// Prepares for `count` fields of a grid; nil where no axis is spectral.
  public init?(_ grid: Grid, fields count: Int) {
    self.grid = grid
    analyses = grid.axes.indices.compactMap { axis in
      switch grid.axes[axis].spec.scheme {
      case .chebyshev: (axis, SpectralTail.chebyshev(grid.shape[axis]))
      case .fourier: (axis, SpectralTail.fourier(grid.shape[axis]))
      case .difference, .limited: nil
      }
    }
    let none = [Double](repeating: 0, count: count)
    seen = Seen(last: none, sizes: none)
    if analyses.isEmpty { return nil }
  }

  /// The largest last coefficient of each field looked at so far, relative to its largest value.
  public var tails: [Double] { zip(seen.last, seen.sizes).map { $1 > 0 ? $0 / $1 : $0 } }

  /// Looks at the field number `index`; `[grid.count]`.
  public func look(_ field: Vector, index: Int) {
    var size = seen.sizes[index]
    for k in 0..<field.count { size = max(size, field[k].magnitude) }
    seen.sizes[index] = size
    var last = seen.last[index]
    for analysis in analyses {
      let nodes = grid.shape[analysis.axis]
      let inner = grid.shape[(analysis.axis + 1)...].reduce(1, *)
      for outer in 0..<(grid.count / (nodes * inner)) {
        for offset in 0..<inner {
          let base = outer * nodes * inner + offset
          for row in analysis.rows {
            var sum = 0.0
            for node in 0..<nodes { sum += row[node] * field[base + node * inner] }
            last = max(last, sum.magnitude)
          }
        }
      }
    }
    seen.last[index] = last
  }

  /// The last tenth of the coefficients of the interpolant through Gauss-Lobatto points.
  private static func chebyshev(_ nodes: Int) -> [[Double]] {
    let degree = nodes - 1
    let first = nodes - max(2, nodes / 10)
    return (max(first, 0)..<nodes).map { k in
      (0..<nodes).map { j in
        let end = j == 0 || j == degree ? 0.5 : 1
        let scale = (k == 0 || k == degree ? 1.0 : 2.0) / Double(degree)
        return scale * end * cos(.pi * Double(j * k % (2 * degree)) / Double(degree))
      }
    }
  }

  /// The cosine and sine coefficients of the highest tenth of the frequencies.
  private static func fourier(_ nodes: Int) -> [[Double]] {
    let highest = (nodes - 1) / 2
    let first = max(1, highest + 1 - max(2, highest / 10))
    let n = Double(nodes)
    var rows: [[Double]] = []
    for k in first...max(highest, first) {
      let angles = (0..<nodes).map { 2 * .pi * Double($0 * k % nodes) / n }
      rows.append(angles.map { 2 / n * cos($0) })
      rows.append(angles.map { 2 / n * sin($0) })
    }
    return rows
  }
}
