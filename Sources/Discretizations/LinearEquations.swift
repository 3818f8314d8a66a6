import Expressions
import Numerics
import Problems

/// The equations of a problem as M·v = f, linear in the highest derivatives v.
struct LinearEquations {
  /// M: one row an equation, one column an unknown; zero where the unknown is algebraic.
  var matrix: [[Expression]]
  /// f: what is left with v = 0, on the right side.
  var rightSides: [Expression]

  /// Equations and unknowns that hang together.
  struct Block {
    var equations: [Int]
    var unknowns: [Int]
  }

  /// Differentiates left − right by the highest derivatives; the reader has checked linearity.
  init(_ problem: Problem, _ top: [Symbol]) {
    let highest = top.filter { !$0.derivatives.isEmpty }
    let zeros = Dictionary(uniqueKeysWithValues: highest.map { ($0, Expression.zero) })
    matrix = []
    rightSides = []
    for equation in problem.equations {
      // A linear term differentiates by the rules of arithmetic alone: a failure means that the
      // term is absent behind a function without a rule, and its coefficient zero.
      let row = top.map { symbol in
        equation.residual.contains(symbol)
          ? (try? equation.residual.derivative(by: symbol)) ?? .zero : .zero
      }
      matrix.append(row)
      let left = equation.left.substituting(zeros)
      let right = equation.right.substituting(zeros)
      rightSides.append(right - left)
    }
  }

  /// M at the declared parameters; nil where it depends on the solution or the marching variable.
  func numbers(_ problem: Problem) -> [[Double]]? {
    let values = problem.parameterValues
    var rows: [[Double]] = []
    for row in matrix {
      var numbers: [Double] = []
      for entry in row {
        guard entry.symbols.allSatisfy({ values[$0] != nil }),
          let number = try? entry.evaluate(values)
        else { return nil }
        numbers.append(number)
      }
      rows.append(numbers)
    }
    return rows
  }

  /// Whether M has no inverse: an unknown without a derivative, or dependent rows.
  func isSingular(_ problem: Problem) -> Bool {
    if let numbers = numbers(problem) { return RowEchelon(numbers).rank < numbers.count }
    return isStructurallySingular
  }

  /// Whether no assignment of equations to unknowns avoids a zero.
  private var isStructurallySingular: Bool {
    var owner = [Int](repeating: -1, count: matrix.count)
    func place(_ j: Int, _ seen: inout Set<Int>) -> Bool {
      for i in matrix[j].indices where !matrix[j][i].isZero && !seen.contains(i) {
        seen.insert(i)
        if owner[i] < 0 || place(owner[i], &seen) {
          owner[i] = j
          return true
        }
      }
      return false
    }
    return !matrix.indices.allSatisfy { j in
      var seen: Set<Int> = []
      return place(j, &seen)
    }
  }

  /// Refuses a singular M that is not constant.
  func requireConstantIfSingular(_ problem: Problem, _ state: [Symbol], _ marching: String) throws {
    guard numbers(problem) == nil, isStructurallySingular else { return }
    let known = problem.parameterValues
    for (j, row) in matrix.enumerated() {
      guard let entry = row.first(where: { $0.symbols.contains { known[$0] == nil } }) else {
        continue
      }
      throw problem.fault(
        problem.equations[j].source,
        "the equations do not determine every highest derivative, and the factor \(entry) of one "
          + "of them is not constant",
        "divide the equation by the factor, or write the system so that the factors are constants")
    }
  }

  /// Splits the equations where they share no highest derivative.
  func blocks() -> [Block] {
    let n = matrix.count
    var group = Array(0..<n)
    func root(_ i: Int) -> Int { group[i] == i ? i : root(group[i]) }
    for row in matrix {
      let used = row.indices.filter { !row[$0].isZero }
      for i in used.dropFirst() { group[root(i)] = root(used[0]) }
    }
    var blocks: [Int: Block] = [:]
    for i in 0..<n {
      blocks[root(i), default: Block(equations: [], unknowns: [])].unknowns.append(i)
    }
    for (j, row) in matrix.enumerated() {
      guard let first = row.firstIndex(where: { !$0.isZero }) else { continue }
      blocks[root(first)]?.equations.append(j)
    }
    return blocks.sorted { $0.key < $1.key }.map(\.value)
  }

  /// Cramer's rule for up to three unknowns.
  static func cramer(_ a: [[Expression]], _ b: [Expression]) -> [Expression] {
    if a.count == 1 { return [b[0] / a[0][0]] }
    let whole = determinant(a)
    return a.indices.map { column in
      var replaced = a
      for row in a.indices { replaced[row][column] = b[row] }
      return determinant(replaced) / whole
    }
  }

  private static func determinant(_ a: [[Expression]]) -> Expression {
    if a.count == 1 { return a[0][0] }
    if a.count == 2 { return a[0][0] * a[1][1] - a[0][1] * a[1][0] }
    return a.indices.reduce(.zero) { sum, column in
      let minor = a.dropFirst().map { row in
        row.indices.filter { $0 != column }.map { row[$0] }
      }
      let term = a[0][column] * determinant(minor)
      return column % 2 == 0 ? sum + term : sum - term
    }
  }
}
