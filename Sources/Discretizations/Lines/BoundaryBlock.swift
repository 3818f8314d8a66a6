import Numerics

/// Eliminated unknowns that depend on one another, with the factors of their conditions.
final class BoundaryBlock {
  /// Indices in the full vector.
  let rows: [Int]
  private let lu: DenseLU
  private let right: Storage
  /// Places of the block's entries: entry of the sparse matrix, then of the dense one.
  private let inside: [(entry: Int, place: Int)]
  /// Entries that multiply unknowns of earlier blocks: row of the block, entry, column.
  let before: [(row: Int, entry: Int, column: Int)]

  private init(_ rows: [Int], _ pattern: SparsePattern, _ blockOf: [Int32]) {
    self.rows = rows
    lu = DenseLU(dimension: rows.count)
    right = Storage(rows.count)
    var inside: [(Int, Int)] = []
    var before: [(Int, Int, Int)] = []
    let own = blockOf[rows[0]]
    for (i, row) in rows.enumerated() {
      for k in pattern.rowStarts[row]..<pattern.rowStarts[row + 1] {
        let column = pattern.columns[k]
        if blockOf[column] == own, let j = rows.firstIndex(of: column) {
          inside.append((k, i + j * rows.count))
        } else if blockOf[column] >= 0 {
          before.append((i, k, column))
        }
      }
    }
    self.inside = inside
    self.before = before
  }

  /// Takes the entries and factors them; false if the block is singular.
  func factor(_ entries: Vector) -> Bool {
    lu.entries.fill(0)
    for (entry, place) in inside { lu.entries[place] = entries[entry] }
    return lu.factor() && lu.entries.isFinite
  }

  /// Solves for the block's rows of `result`, whose earlier blocks are known.
  func solve(_ rightSides: Vector, _ entries: Vector, into result: Vector) {
    for (i, row) in rows.enumerated() { right.vector[i] = rightSides[row] }
    for term in before { right.vector[term.row] -= entries[term.entry] * result[term.column] }
    lu.solve(right.vector)
    for (i, row) in rows.enumerated() { result[row] = right.vector[i] }
  }

  /// Solves the block's own system in place; `b`: `[rows]`.
  func solveOwn(_ b: Vector) { lu.solve(b) }

  /// The blocks of the condition rows, dependencies first.
  static func blocks(
    of unknowns: [Int], in pattern: SparsePattern, dimension: Int
  ) -> [BoundaryBlock] {
    var components = StrongComponents(unknowns, pattern, dimension)
    let groups = components.find()
    var blockOf = [Int32](repeating: -1, count: dimension)
    for (index, group) in groups.enumerated() { for row in group { blockOf[row] = Int32(index) } }
    return groups.map { BoundaryBlock($0, pattern, blockOf) }
  }
}

/// The strongly connected components of rows that read one another's unknowns, dependencies first.
///
/// Source: R. Tarjan, SIAM J. Comput. 1 (1972) 146, without recursion.
struct StrongComponents {
  private let unknowns: [Int]
  private let pattern: SparsePattern
  private var isMember: [Bool]
  private var numbers: [Int32]
  private var low: [Int32]
  private var isOpen: [Bool]
  private var open: [Int] = []
  private var count: Int32 = 0
  private var groups: [[Int]] = []

  init(_ unknowns: [Int], _ pattern: SparsePattern, _ dimension: Int) {
    self.unknowns = unknowns
    self.pattern = pattern
    isMember = [Bool](repeating: false, count: dimension)
    numbers = [Int32](repeating: -1, count: dimension)
    low = numbers
    isOpen = isMember
    for unknown in unknowns { isMember[unknown] = true }
  }

  mutating func find() -> [[Int]] {
    for unknown in unknowns where numbers[unknown] < 0 { visit(unknown) }
    return groups
  }

  private mutating func enter(_ node: Int) {
    numbers[node] = count
    low[node] = count
    count += 1
    open.append(node)
    isOpen[node] = true
  }

  private mutating func visit(_ root: Int) {
    var path = [(node: root, next: pattern.rowStarts[root])]
    enter(root)
    while let (node, next) = path.last {
      if next < pattern.rowStarts[node + 1] {
        path[path.count - 1].next += 1
        let other = pattern.columns[next]
        guard isMember[other] else { continue }
        if numbers[other] < 0 {
          enter(other)
          path.append((other, pattern.rowStarts[other]))
        } else if isOpen[other] {
          low[node] = min(low[node], numbers[other])
        }
      } else {
        path.removeLast()
        if let parent = path.last?.node { low[parent] = min(low[parent], low[node]) }
        if low[node] == numbers[node] { close(node) }
      }
    }
  }

  private mutating func close(_ node: Int) {
    var group: [Int] = []
    while let last = open.popLast() {
      isOpen[last] = false
      group.append(last)
      if last == node { break }
    }
    groups.append(group.sorted())
  }
}
