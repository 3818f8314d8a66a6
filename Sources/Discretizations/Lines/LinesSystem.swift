import Integrators
import Numerics

/// The linear solve of an implicit step by lines, bordered by the conditions.
///
/// [[σM − F_y, −F_b], [−g_y, −g_b]]·[x; z] = [r; 0] has the same x as the eliminated system and keeps
/// its band, or its sparsity.
final class LinesSystem: ShiftedSystem {
  private let lines: LinesField
  private let lu: OrderedLU
  private let work: Storage
  private let sums: Storage
  /// Entries of the pattern that σM adds to, by value.
  private let massEntries: [(value: Double, entries: [Int32])]
  private var factoredShift = 0.0
  private var factoredValues = false

  init(_ field: LinesField) {
    lines = field
    let discrete = field.discrete
    let pattern = field.matrix.pattern
    lu = OrderedLU(pattern, discrete.grid, components: discrete.system.components.count)
    work = Storage(discrete.dimension)
    sums = Storage(1)
    massEntries = LinesSystem.massEntries(field, pattern)
    // The base class's own matrix stays unused: one row keeps it from allocating one.
    super.init(VectorField(dimension: 1))
  }

  private static func massEntries(
    _ field: LinesField, _ pattern: SparsePattern
  ) -> [(value: Double, entries: [Int32])] {
    var lists: [Double: [Int32]] = [:]
    if let mass = field.mass {
      for k in 0..<mass.pattern.count {
        let row = field.kept[mass.pattern.rows[k]]
        let column = field.kept[mass.pattern.columns[k]]
        if let entry = pattern.index(row, column) {
          lists[mass.entries[k], default: []].append(Int32(entry))
        }
      }
    } else {
      lists[1] = field.kept.map { Int32(pattern.index($0, $0) ?? 0) }
    }
    return lists.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  override func linearize(_ t: Double, _ y: Vector) {
    lines.counts.jacobians += 1
    lines.linearize(t, y)
    if !lines.hasConstantJacobian { factoredValues = false }
  }

  override func factor(_ sigma: Double) -> Bool {
    // Where the Jacobian never changes, the same step size needs no new factors.
    if factoredValues, sigma == factoredShift { return true }
    lines.counts.factorizations += 1
    lu.load(lines.matrix.entries, scale: -1)
    for (value, entries) in massEntries { lu.add(sigma * value, at: entries) }
    factoredValues = lu.factor()
    factoredShift = sigma
    return factoredValues
  }

  override func solve(_ b: Vector) {
    let full = work.vector
    full.fill(0)
    lines.spread(b, into: full)
    lu.solve(full)
    lines.gather(full, into: b)
  }

  override func applyMass(_ x: Vector, into result: Vector) {
    guard let mass = lines.mass else { return result.assign(x) }
    result.fill(0)
    for k in 0..<mass.pattern.count {
      result[mass.pattern.rows[k]] += mass.entries[k] * x[mass.pattern.columns[k]]
    }
  }

  override func jacobianNorm() -> Double {
    let pattern = lines.matrix.pattern
    let entries = lines.matrix.entries
    var largest = 0.0
    for row in lines.kept where lines.discrete.owners[row] < 0 {
      var sum = 0.0
      for k in pattern.rowStarts[row]..<pattern.rowStarts[row + 1] {
        sum += entries[k].magnitude
      }
      largest = max(largest, sum)
    }
    return largest
  }
}
