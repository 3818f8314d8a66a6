import Integrators
import Numerics

/// The linear solve of an implicit step by lines, bordered by the conditions.
///
/// [[σM − F_y, −F_b], [−g_y, −g_b]]·[x; z] = [r; 0] has the same x as the eliminated system and keeps
/// its band, or its sparsity. Wide differences on large grids in several dimensions are solved by
/// GMRES, with the factors of the differences of order 2 as preconditioner.
final class LinesSystem: ShiftedSystem {
  private let lines: LinesField
  private let lu: OrderedLU
  /// The matrix that is factored: the field's own, or its companion of order 2.
  private let matrix: JetMatrix
  private let kept: [Int32]
  /// Entries of the pattern that σM adds to, by value.
  private let massEntries: [(value: Double, entries: [Int32])]
  private let krylov: GMRES?
  /// Entries of each eliminated row, and the row's largest.
  private var conditionRows: [(row: Int, range: Range<Int>, largest: Double)]
  private var largestEntry = 0.0
  private let conditionsMove: Bool
  /// Rows of the full vector that σ stands in.
  private let rows: [Int]
  /// g·r of each condition row, where the conditions' unknowns are integrated.
  private let products: Storage
  /// What each row was multiplied by; `[dimension]`.
  private let scales: Storage
  private let full: Storage
  private var shift = 0.0
  private var isFactored = false
  private var isConverged = true

  init(_ field: LinesField) {
    lines = field
    let discrete = field.discrete
    let companion = LowOrderCompanion.grid(discrete)
    matrix = companion.map { JetMatrix(discrete, weights: $0) } ?? field.matrix
    let pattern = matrix.pattern
    lu = OrderedLU(pattern, discrete.grid, components: discrete.system.components.count)
    krylov = companion == nil ? nil : GMRES(dimension: discrete.dimension)
    kept = lu.places(of: field.kept)
    let gone = field.boundary?.unknowns ?? []
    rows = LinesSystem.differentialRows(field)
    products = Storage(field.isIntegrated ? gone.count : 0)
    conditionsMove = !discrete.sets.allSatisfy { $0.condition.isLinear }
    massEntries = LinesSystem.massEntries(field, pattern)
    conditionRows = gone.map { ($0, pattern.rowStarts[$0]..<pattern.rowStarts[$0 + 1], 0) }
    scales = Storage(discrete.dimension)
    full = Storage(companion == nil ? 0 : 2 * discrete.dimension)
    // The base class's own matrix stays unused: one row keeps it from allocating one.
    super.init(VectorField(dimension: 1))
    scales.vector.fill(1)
  }

  /// The rows of y that σ stands in: all but the conditions'.
  private static func differentialRows(_ field: LinesField) -> [Int] {
    guard field.isIntegrated else { return field.kept }
    let gone = Set(field.boundary?.unknowns ?? [])
    return field.kept.filter { !gone.contains($0) }
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
      lists[1] = LinesSystem.differentialRows(field).map { Int32(pattern.index($0, $0) ?? 0) }
    }
    return lists.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  override func linearize(_ t: Double, _ y: Vector) {
    lines.counts.jacobians += 1
    lines.linearize(t, y)
    if isFactored || largestEntry > 0, lines.hasConstantJacobian { return }
    isFactored = false
    if matrix !== lines.matrix { matrix.assemble(t) }
    measureRows()
  }

  private func measureRows() {
    let entries = matrix.entries.base
    if conditionsMove || largestEntry == 0 {
      for index in conditionRows.indices {
        var largest = 0.0
        for k in conditionRows[index].range { largest = max(largest, entries[k].magnitude) }
        conditionRows[index].largest = largest
      }
    }
    var largest = 0.0
    for k in 0..<matrix.entries.count {
      let size = entries[k].magnitude
      largest = size > largest ? size : largest
    }
    largestEntry = largest
  }

  override func factor(_ sigma: Double) -> Bool {
    // Where the Jacobian never changes, the same step size (to the rounding of t) needs no new factors.
    if isFactored, (sigma - shift).magnitude <= 1e-12 * sigma.magnitude { return true }
    lines.counts.factorizations += 1
    lu.load(matrix.entries, scale: -1)
    // Condition rows have zero on the right side and may be scaled: made as large as the others, they
    // are pivots where they stand.
    let size = max(largestEntry, sigma.magnitude)
    for (row, range, largest) in conditionRows where largest > 0 {
      scales.vector[row] = size / largest
      lu.multiply(size / largest, at: range)
    }
    for (value, entries) in massEntries { lu.add(sigma * value, at: entries) }
    isFactored = lu.factor()
    shift = sigma
    return isFactored
  }

  /// Condition rows of (σ − J)x = r are g·x = (g·r)/σ where their unknowns are integrated: J's own rows
  /// there are −g_b⁻¹·g_y times those of the differential equations.
  private func prepare(_ b: Vector) {
    guard lines.isIntegrated, let boundary = lines.boundary else { return }
    boundary.apply(b, into: products.vector)
    for (place, row) in boundary.unknowns.enumerated() {
      b[row] = -scales.vector[row] * products.vector[place] / shift
    }
  }

  override func solve(_ b: Vector) {
    prepare(b)
    guard let krylov else { return lu.solve(b, kept: kept) }
    let n = lines.discrete.dimension
    let (right, x) = (full.vector.slice(0, n), full.vector.slice(n, n))
    full.vector.fill(0)
    lines.spread(b, into: right)
    let outcome = krylov.solve(
      apply: { apply($0, $1) }, precondition: { lu.solve($0) }, right, x, tolerance: 1e-9,
      maxIterations: 120)
    lines.gather(x, into: b)
    // No step is accepted with a solution that is none.
    if !(outcome.residual < 1e-6) { b[0] = .nan }
  }

  /// (σM − J)·x over the full vector, by the operators themselves.
  private func apply(_ x: Vector, _ image: Vector) {
    lines.discrete.applyJacobian(x, into: image)
    for k in 0..<image.count { image[k] = -scales.vector[k] * image[k] }
    if let mass = lines.mass {
      for k in 0..<mass.pattern.count {
        let row = lines.kept[mass.pattern.rows[k]]
        image[row] += shift * mass.entries[k] * x[lines.kept[mass.pattern.columns[k]]]
      }
    } else {
      for k in rows { image[k] += shift * x[k] }
    }
  }

  override func applyMass(_ x: Vector, into result: Vector) {
    guard let mass = lines.mass else { return result.assign(x) }
    result.fill(0)
    for k in 0..<mass.pattern.count {
      result[mass.pattern.rows[k]] += mass.entries[k] * x[mass.pattern.columns[k]]
    }
  }

  override func jacobianNorm() -> Double {
    let starts = matrix.pattern.rowStarts
    let owners = lines.discrete.owners
    let entries = matrix.entries.base
    var largest = 0.0
    for row in lines.kept where owners[row] < 0 {
      var sum = 0.0
      for k in starts[row]..<starts[row + 1] { sum += entries[k].magnitude }
      largest = max(largest, sum)
    }
    return largest
  }
}
