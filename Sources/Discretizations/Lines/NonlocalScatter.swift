import Numerics

/// Adds what rates owe to the nonlocal symbols in them to an assembled Jacobian.
final class NonlocalScatter {
  private let discrete: DiscreteSystem
  private let terms: any NonlocalTerms
  private let storage: [Storage]
  private let vectors: [Vector]
  /// Where the entries of each node begin in a symbol's run.
  private let starts: [[Int]]
  private let rates: [(partial: Int, symbol: Int, places: [Int32])]
  private let conditions: [(set: Int, jet: Int, symbol: Int, places: [[Int32]])]

  init(_ discrete: DiscreteSystem, _ terms: any NonlocalTerms, _ pattern: SparsePattern) {
    self.discrete = discrete
    self.terms = terms
    let columns = terms.columns
    let starts = columns.map { $0.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) } }
    self.starts = starts
    storage = starts.map { Storage($0.last ?? 0) }
    vectors = storage.map(\.vector)
    let n = discrete.grid.count
    let first = discrete.system.jets.count
    func places(_ row: Int, _ symbol: Int) -> [Int32] {
      columns[symbol][row % n].map { Int32(pattern.index(row, $0) ?? 0) }
    }
    rates = discrete.system.partials.indices.compactMap { index in
      let partial = discrete.system.partials[index]
      guard partial.jet >= first else { return nil }
      let symbol = partial.jet - first
      return (
        index, symbol,
        (0..<n).flatMap { node -> [Int32] in
          let row = partial.component * n + node
          guard discrete.owners[row] < 0 else { return columns[symbol][node].map { _ in -1 } }
          return places(row, symbol)
        }
      )
    }
    conditions = discrete.sets.indices.flatMap { set in
      discrete.sets[set].condition.jets.enumerated().compactMap { place, jet in
        guard jet >= first else { return nil }
        return (set, place, jet - first, discrete.sets[set].rows.map { places($0, jet - first) })
      }
    }
  }

  /// Adds ∂rate/∂symbol · ∂symbol/∂Y with the last linearisation of the discrete system.
  func add(_ t: Double, to entries: Vector) {
    terms.jacobian(t, discrete.fields, into: vectors)
    let n = discrete.grid.count
    for (partial, symbol, places) in rates {
      let coefficients = discrete.coefficients.vector.slice(partial * n, n)
      for node in 0..<n {
        for k in starts[symbol][node]..<starts[symbol][node + 1] where places[k] >= 0 {
          entries[Int(places[k])] += coefficients[node] * vectors[symbol][k]
        }
      }
    }
    addConditionRows(to: entries)
  }

  /// The same for the rows of conditions alone.
  func addConditions(_ t: Double, to entries: Vector) {
    if conditions.isEmpty { return }
    terms.jacobian(t, discrete.fields, into: vectors)
    addConditionRows(to: entries)
  }

  private func addConditionRows(to entries: Vector) {
    let n = discrete.grid.count
    for (index, jet, symbol, places) in conditions {
      let set = discrete.sets[index]
      for (place, row) in set.rows.enumerated() {
        let coefficient = set.partials[jet * set.rows.count + place]
        for (k, entry) in places[place].enumerated() {
          entries[Int(entry)] += coefficient * vectors[symbol][starts[symbol][row % n] + k]
        }
      }
    }
  }
}
