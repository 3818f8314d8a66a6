import Numerics

/// Solves the conditions g(t, Y) = 0 for the unknowns whose rows they take.
///
/// The conditions' Jacobian is brought to block triangular form once: rows that hang together in a
/// cycle make a block (both ends of a Chebyshev line; most blocks of differences are single rows),
/// and blocks are solved in the order in which they depend on one another. While all conditions are
/// linear with constant coefficients the factors stay; else Newton's iteration.
final class BoundaryValues {
  private let discrete: DiscreteSystem
  let matrix: JetMatrix
  /// Places of sets in `discrete.sets` that give the eliminated unknowns.
  let sets: [Int]
  /// Indices in the full vector.
  let unknowns: [Int]
  private let blocks: [BoundaryBlock]
  private let parts: [Part]
  /// Whether all conditions are linear, with coefficients that the marching variable does not change.
  let isLinear: Bool
  /// Sets whose values never change, once found.
  private let isStatic: [Bool]
  /// The conditions' Jacobian, in the matrix's pattern: the matrix itself stays as it was linearised.
  private let entries: Storage
  private let rowStarts: [Int]
  private let columns: [Int]
  private var isFactored = false
  private var staticIsKnown = false
  private let storage: Storage
  private let residual: Vector
  /// The last values that solved the conditions; `[unknowns]`.
  private let known: Storage
  /// The last correction, zero but at the eliminated unknowns; `[dimension]`.
  private let correction: Vector

  private enum Part {
    case run(BoundaryRun)
    case block(BoundaryBlock)
  }

  /// - Parameter sets: places in `discrete.sets`, all but the dynamic ones.
  init(_ discrete: DiscreteSystem, _ matrix: JetMatrix, sets: [Int]) {
    self.discrete = discrete
    self.matrix = matrix
    self.sets = sets
    unknowns = sets.flatMap { discrete.sets[$0].rows }
    blocks = BoundaryBlock.blocks(of: unknowns, in: matrix.pattern, dimension: discrete.dimension)
    parts = BoundaryValues.parts(blocks, matrix.pattern)
    isLinear = sets.allSatisfy {
      discrete.sets[$0].condition.isLinear && !discrete.sets[$0].condition.isNonlocal
    }
    isStatic = sets.map { discrete.sets[$0].isStatic(discrete.system.jets.count) }
    storage = Storage(2 * discrete.dimension)
    entries = Storage(matrix.pattern.count)
    rowStarts = matrix.pattern.rowStarts
    columns = matrix.pattern.columns
    known = Storage(unknowns.count)
    residual = storage.vector.slice(0, discrete.dimension)
    correction = storage.vector.slice(discrete.dimension, discrete.dimension)
  }

  /// Single rows joined into runs.
  private static func parts(_ blocks: [BoundaryBlock], _ pattern: SparsePattern) -> [Part] {
    var parts: [Part] = []
    var first = 0
    for (index, block) in blocks.enumerated() where block.rows.count > 1 {
      if index > first { parts.append(.run(BoundaryRun(blocks[first..<index], pattern))) }
      parts.append(.block(block))
      first = index + 1
    }
    if first < blocks.count { parts.append(.run(BoundaryRun(blocks[first...], pattern))) }
    return parts
  }

  /// Whether any condition depends on the marching variable.
  var dependsOnTime: Bool {
    sets.contains {
      discrete.sets[$0].condition.slope != nil || discrete.sets[$0].condition.isNonlocal
    }
  }

  /// The blocks, dependencies first; their own factors are those of the last ``factorBlocks()``.
  var allBlocks: [BoundaryBlock] { blocks }

  /// Factors every block by itself, as assembled.
  func factorBlocks() { for block in blocks { _ = block.factor(matrix.entries) } }

  /// Fills the eliminated unknowns of `discrete.fields`.
  ///
  /// They are NaN where the conditions have no solution, which no step accepts.
  func solve(_ t: Double) {
    if unknowns.isEmpty { return }
    if isLinear { return solveLinear(t) }
    solveByNewton(t)
  }

  private func solveLinear(_ t: Double) {
    if !isFactored { factor(t) }
    let fields = discrete.fields
    var isPending = false
    for (place, index) in sets.enumerated() where !(isStatic[place] && staticIsKnown) {
      isPending = true
      for row in discrete.sets[index].rows { fields[row] = 0 }
    }
    guard isPending else { return }
    evaluate(t, all: !staticIsKnown)
    backSubstitute(residual)
    for (place, index) in sets.enumerated() where !(isStatic[place] && staticIsKnown) {
      for row in discrete.sets[index].rows { fields[row] += correction[row] }
    }
    staticIsKnown = true
  }

  /// Writes the residuals of the conditions into their rows of ``residual``, negated.
  private func evaluate(_ t: Double, all: Bool) {
    for (place, index) in sets.enumerated() {
      let set = discrete.sets[index]
      if isStatic[place], !all {
        for row in set.rows { residual[row] = 0 }
        continue
      }
      discrete.readJets(of: set, t)
      set.evaluate()
      for (k, row) in set.rows.enumerated() { residual[row] = -set.values[k] }
    }
  }

  /// Takes the conditions' Jacobian at the present fields.
  @discardableResult
  private func factor(_ t: Double) -> Bool {
    for index in sets {
      let set = discrete.sets[index]
      discrete.readJets(of: set, t)
      set.linearize()
    }
    matrix.assembleConditions(t, into: entries.vector)
    var isRegular = true
    for part in parts {
      switch part {
      case .run(let run): isRegular = run.factor(entries.vector) && isRegular
      case .block(let block): isRegular = block.factor(entries.vector) && isRegular
      }
    }
    isFactored = isRegular
    return isRegular
  }

  /// Whether the conditions determine their unknowns at the present fields.
  func isRegular(_ t: Double) -> Bool { factor(t) }

  /// ``correction`` ← g_b⁻¹ · right, block by block.
  private func backSubstitute(_ right: Vector) {
    for part in parts {
      switch part {
      case .run(let run): run.solve(right, entries.vector, into: correction)
      case .block(let block): block.solve(right, entries.vector, into: correction)
      }
    }
  }

  private func solveByNewton(_ t: Double) {
    let fields = discrete.fields
    var isSettled = false
    recall()
    for _ in 0..<50 {
      evaluate(t, all: true)
      guard factor(t) else { break }
      backSubstitute(residual)
      var change = 0.0
      for row in unknowns {
        fields[row] += correction[row]
        change = max(change, correction[row].magnitude / (1e-3 + fields[row].magnitude))
        if !fields[row].isFinite { change = .nan }
      }
      guard change.isFinite else { break }
      // Rounding may hold the change above 1e-14: a second small one is as good as it gets.
      if change < 1e-14 || (isSettled && change < 1e-11) { return remember() }
      isSettled = change < 1e-11
    }
    for row in unknowns { fields[row] = .nan }
  }

  /// Starts from the last values that were a solution.
  private func recall() {
    for (place, row) in unknowns.enumerated() where !discrete.fields[row].isFinite {
      discrete.fields[row] = known.vector[place]
    }
  }

  private func remember() {
    for (place, row) in unknowns.enumerated() { known.vector[place] = discrete.fields[row] }
  }

  /// The rates of the conditions' unknowns, from those of all others: g_b·ẏ_b = −(g_t + g_y·ẏ).
  ///
  /// - Parameters:
  ///   - isSecond: whether ∂²g/∂t² stands in place of ∂g/∂t, for the slope of these rates.
  ///   - rates: of the full vector; its entries for the conditions' unknowns are filled.
  func fillRates(_ t: Double, _ rates: Vector, isSecond: Bool = false) {
    if !isFactored { factor(t) }
    for index in sets {
      let set = discrete.sets[index]
      guard set.condition.slope != nil else {
        for row in set.rows { residual[row] = 0 }
        continue
      }
      discrete.readJets(of: set, t)
      if isSecond { set.differentiateTimeTwice() } else { set.differentiateTime() }
      for (k, row) in set.rows.enumerated() { residual[row] = -set.slopes[k] }
    }
    for row in unknowns { rates[row] = 0 }
    for row in unknowns { residual[row] -= product(row, rates) }
    backSubstitute(residual)
    for row in unknowns { rates[row] = correction[row] }
  }

  /// The conditions' derivative along a direction, one number for each of ``unknowns``.
  func apply(_ direction: Vector, into result: Vector) {
    for (place, row) in unknowns.enumerated() { result[place] = product(row, direction) }
  }

  private func product(_ row: Int, _ direction: Vector) -> Double {
    var sum = 0.0
    for k in rowStarts[row]..<rowStarts[row + 1] {
      sum += entries.vector[k] * direction[columns[k]]
    }
    return sum
  }

  /// Solves g_b·z = −g_t with the present factors; z is zero at all other unknowns.
  ///
  /// - Returns: the vector that holds z, until the next solution; `[dimension]`.
  func timeResponse(_ slopes: Vector) -> Vector {
    for row in unknowns { residual[row] = -slopes[row] }
    backSubstitute(residual)
    return correction
  }

  /// Takes the factors at the present fields, where they are not constant.
  func refresh(_ t: Double) { if !isLinear || !isFactored { factor(t) } }
}
