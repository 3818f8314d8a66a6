import Numerics

/// The assembled Jacobian of a ``DiscreteSystem``: compressed rows with a fixed pattern.
///
/// Entry (row, column) is Σ over jets of (∂rate/∂jet at the node) × (weight of the column in the jet);
/// where each product goes is computed once. The weights may come from another grid with the same
/// nodes: the differences of order 2 there make the preconditioner of wider ones.
final class JetMatrix {
  let pattern: SparsePattern
  /// In the order of ``pattern``.
  let entries: Vector
  private let discrete: DiscreteSystem
  private let storage: Storage
  private let scatters: [Scatter]
  private let conditionScatters: [[Scatter]]
  private let nonlocal: NonlocalScatter?

  /// Products of one partial: node by node (or condition row by row), the entry and the weight.
  struct Scatter {
    var starts: [Int32] = [0]
    var entries: [Int32] = []
    var weights: [Double] = []
  }

  /// - Parameter grid: whose functionals fill the rows of the differential equations.
  init(_ discrete: DiscreteSystem, weights grid: Grid? = nil) {
    self.discrete = discrete
    var builder = JetMatrixBuilder(discrete, grid ?? discrete.grid)
    builder.build()
    let pattern = SparsePattern(
      dimension: discrete.dimension, rowStarts: builder.starts, columns: builder.columns)
    self.pattern = pattern
    storage = Storage(pattern.count)
    entries = storage.vector
    scatters = builder.scatters
    conditionScatters = builder.conditionScatters(pattern)
    nonlocal = discrete.terms.map { NonlocalScatter(discrete, $0, pattern) }
  }

  /// Fills ``entries`` with the discrete system's last linearisation.
  func assemble(_ t: Double) {
    entries.fill(0)
    let n = discrete.grid.count
    for (index, scatter) in scatters.enumerated() {
      JetMatrix.add(scatter, discrete.coefficients.vector.slice(index * n, n), to: entries)
    }
    addConditions(to: entries)
    nonlocal?.add(t, to: entries)
  }

  /// Writes the product with a vector; `v`, `result`: `[dimension]`, not the same memory.
  func apply(_ v: Vector, into result: Vector) {
    for row in 0..<result.count {
      var sum = 0.0
      for k in pattern.rowStarts[row]..<pattern.rowStarts[row + 1] {
        sum += entries[k] * v[pattern.columns[k]]
      }
      result[row] = sum
    }
  }

  /// Fills the rows of conditions alone, in other memory of the same pattern.
  func assembleConditions(_ t: Double, into target: Vector) {
    for set in discrete.sets {
      for row in set.rows {
        for k in pattern.rowStarts[row]..<pattern.rowStarts[row + 1] { target[k] = 0 }
      }
    }
    addConditions(to: target)
    nonlocal?.addConditions(t, to: target)
  }

  private func addConditions(to target: Vector) {
    for (set, lists) in zip(discrete.sets, conditionScatters) {
      for (place, scatter) in lists.enumerated() {
        let partial = set.partials.slice(place * set.rows.count, set.rows.count)
        JetMatrix.add(scatter, partial, to: target)
      }
    }
  }

  private static func add(_ scatter: Scatter, _ coefficients: Vector, to entries: Vector) {
    scatter.starts.withUnsafeBufferPointer { starts in
      scatter.entries.withUnsafeBufferPointer { places in
        scatter.weights.withUnsafeBufferPointer { weights in
          for node in 0..<starts.count - 1 {
            let coefficient = coefficients.base[node]
            for k in Int(starts[node])..<Int(starts[node + 1]) {
              entries.base[Int(places[k])] += coefficient * weights[k]
            }
          }
        }
      }
    }
  }
}
