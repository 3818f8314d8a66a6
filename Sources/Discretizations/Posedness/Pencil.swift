import Numerics
import Problems

/// M·z' = A·z in one variable, all others replaced by numbers: the equations as a wave sees them.
///
/// Components of z: every unknown and its derivatives by the variable below the highest. Complex
/// entries a + bi stand as the real blocks [[a, −b], [b, a]], which double every eigenvalue.
struct Pencil {
  /// The rows of a square matrix.
  typealias Rows = [[Double]]

  /// A component of z: an unknown, and its order of differentiation by the variable.
  struct Component: Equatable {
    let unknown: Int
    let order: Int
  }

  private(set) var components: [Component] = []
  private(set) var isReal = true
  private var mass: Rows = []
  private var rates: Rows = []

  /// Builds the pencil.
  ///
  /// - Parameters:
  ///   - order: of an entry in the variable.
  ///   - factor: what the other variables make of an entry: (i·k)^α, λ^m.
  init(
    _ system: Linearization, _ values: [Double], order: (Linearization.Entry) -> Int,
    factor: (Linearization.Entry) -> (Double, Double)
  ) {
    var highest = [Int](repeating: 0, count: system.unknowns.count)
    for entry in system.entries {
      highest[entry.unknown] = max(highest[entry.unknown], order(entry))
    }
    var first: [Int] = []
    for (unknown, top) in highest.enumerated() {
      first.append(components.count)
      for order in 0..<max(top, 1) { components.append(Component(unknown: unknown, order: order)) }
    }
    let n = components.count
    let factors = system.entries.map(factor)
    isReal = factors.allSatisfy { $0.1 == 0 }
    let size = isReal ? n : 2 * n
    mass = Rows(repeating: [Double](repeating: 0, count: size), count: size)
    rates = mass
    var row = system.problem.equations.count
    for (unknown, top) in highest.enumerated() where top > 1 {
      for order in 0..<top - 1 {
        add(1, 0, row, first[unknown] + order, toMass: true)
        add(1, 0, row, first[unknown] + order + 1, toMass: false)
        row += 1
      }
    }
    for (index, entry) in system.entries.enumerated() {
      let (re, im) = (values[index] * factors[index].0, values[index] * factors[index].1)
      let order = order(entry)
      let isTop = order > 0 && order == highest[entry.unknown]
      add(
        isTop ? re : -re, isTop ? im : -im, entry.equation,
        first[entry.unknown] + (isTop ? order - 1 : order), toMass: isTop)
    }
  }

  private mutating func add(
    _ re: Double, _ im: Double, _ row: Int, _ column: Int, toMass: Bool
  ) {
    let n = components.count
    var places = [(row, column, re)]
    if !isReal {
      places += [(row + n, column + n, re), (row, column + n, -im), (row + n, column, im)]
    }
    for (i, j, value) in places {
      if toMass { mass[i][j] += value } else { rates[i][j] += value }
    }
  }

  /// w' = B·w with z = X·w: the differential part, algebraic components solved for.
  struct Reduced {
    /// B, column-major.
    var matrix: [Double]
    let dimension: Int
    /// X, column-major: one row for each component (twice as many if complex).
    let back: [Double]
  }

  /// Solves for the derivatives; nil if the algebraic rows do not determine the algebraic components.
  func reduced() -> Reduced? {
    let size = mass.count
    guard mass.allSatisfy({ $0.allSatisfy(\.isFinite) }),
      rates.allSatisfy({ $0.allSatisfy(\.isFinite) })
    else { return nil }
    let echelon = RowEchelon(mass)
    let rank = echelon.rank
    let combined = echelon.combination.map { combine($0, rates) }
    var whole = echelon.combination.prefix(rank).map { combine($0, mass) }
    whole += combined.dropFirst(rank)
    guard let back = Pencil.solve(whole, columns: rank) else { return nil }
    var matrix = [Double](repeating: 0, count: rank * rank)
    for j in 0..<rank {
      for i in 0..<rank {
        var sum = 0.0
        for l in 0..<size { sum += combined[i][l] * back[l + j * size] }
        matrix[i + j * rank] = sum
      }
    }
    return Reduced(matrix: matrix, dimension: rank, back: back)
  }

  private func combine(_ weights: [Double], _ rows: Rows) -> [Double] {
    var sum = [Double](repeating: 0, count: rows.count)
    for (i, weight) in weights.enumerated() where weight != 0 {
      for j in sum.indices { sum[j] += weight * rows[i][j] }
    }
    return sum
  }

  /// The first `columns` columns of the inverse; nil where the matrix is singular to rounding.
  private static func solve(_ rows: Rows, columns: Int) -> [Double]? {
    let n = rows.count
    let rowScales = rows.map { row in row.reduce(0) { max($0, $1.magnitude) } }
    guard rowScales.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    let columnScales = (0..<n).map { j in
      (0..<n).reduce(0.0) { max($0, rows[$1][j].magnitude / rowScales[$1]) }
    }
    guard columnScales.allSatisfy({ $0 > 0 }) else { return nil }
    let lu = DenseLU(dimension: n)
    for i in 0..<n {
      for j in 0..<n { lu.entries[i + j * n] = rows[i][j] / rowScales[i] / columnScales[j] }
    }
    guard lu.factor() else { return nil }
    let pivots = (0..<n).map { i in
      let pivot = lu.entries[i + i * n].magnitude
      return n <= DenseLU.smallest ? 1 / pivot : pivot
    }
    guard let least = pivots.min(), let most = pivots.max(), least > 1e-13 * most else {
      return nil
    }
    let right = Storage(n)
    defer { right.keep() }
    var solution = [Double](repeating: 0, count: n * columns)
    for j in 0..<columns {
      right.vector.fill(0)
      right.vector[j] = 1 / rowScales[j]
      lu.solve(right.vector)
      for i in 0..<n { solution[i + j * n] = right.vector[i] / columnScales[i] }
    }
    return solution
  }
}
