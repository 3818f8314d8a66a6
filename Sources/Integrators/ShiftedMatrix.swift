import Numerics

/// A matrix to be factored again and again, stored in the way that costs least for its pattern.
enum ShiftedMatrix {
  case dense(DenseLU)
  case band(BandLU)
  case sparse(SparseLU)

  /// Chooses the storage for entries at the given places, and where each of them lies in it.
  ///
  /// A band where it takes less than half of the dense matrix. Where that is still dear, the sparse
  /// factorisation is analysed, and taken if a factorisation and four solutions take less time.
  static func choose(
    _ pattern: SparsityPattern, _ mass: SparsityPattern
  ) -> (matrix: ShiftedMatrix, places: [Int], massPlaces: [Int]) {
    let n = pattern.dimension
    let lower = max(pattern.lower, mass.lower)
    let upper = max(pattern.upper, mass.upper)
    let isBand = 2 * lower + upper + 1 < n / 2
    let seconds = isBand ? bandSeconds(n, lower, upper) : denseSeconds(n)
    // The analysis itself takes some microseconds a row.
    if seconds > 2e-4, seconds > 2e-6 * Double(n), 8 * pattern.count < n * n {
      let (union, entries) = SparsePattern.compress(
        dimension: n, rows: pattern.rows + mass.rows, columns: pattern.columns + mass.columns)
      let lu = SparseLU(union, ordering: n > 20_000 ? .dissection : .minimumDegree)
      if sparseSeconds(lu) < seconds {
        return (
          .sparse(lu), Array(entries.prefix(pattern.count)), Array(entries.dropFirst(pattern.count))
        )
      }
    }
    guard isBand else {
      let dense = { (places: SparsityPattern) in
        zip(places.rows, places.columns).map { $0 + $1 * n }
      }
      return (.dense(DenseLU(dimension: n)), dense(pattern), dense(mass))
    }
    let band = BandLU(dimension: n, lower: lower, upper: upper)
    let places = { (places: SparsityPattern) in
      zip(places.rows, places.columns).map { band.position($0, $1) }
    }
    return (.band(band), places(pattern), places(mass))
  }

  // Times of one factorisation and four solutions on one core of 2023, by which ways are compared.

  private static func denseSeconds(_ n: Int) -> Double {
    let n = Double(n)
    return n * n * (n * 2 / 3 / 15e9 + 4 * 0.5e-9)
  }

  private static func bandSeconds(_ n: Int, _ lower: Int, _ upper: Int) -> Double {
    // A wide band runs at the speed of matrix products.
    let rate = 1e9 * min(30, max(2, 0.25 * Double(lower)))
    let work = 2 * Double(lower) * Double(lower + upper) / rate
    return Double(n) * (work + 4 * Double(2 * lower + upper + 1) * 1e-9)
  }

  private static func sparseSeconds(_ lu: SparseLU) -> Double {
    lu.estimatedOperations / 5e9 + Double(lu.dimension) * 1.5e-6 + 4 * lu.estimatedEntries * 2e-9
  }

  /// The memory of the entries, in the storage's own order.
  var entries: Vector {
    switch self {
    case .dense(let dense): dense.entries
    case .band(let band): band.entries
    case .sparse(let sparse): sparse.entries
    }
  }

  /// Factors the entries; false if they are singular or not finite.
  func factor() -> Bool {
    switch self {
    case .dense(let dense): dense.factor()
    case .band(let band): band.factor()
    case .sparse(let sparse): sparse.factor()
    }
  }

  /// Solves in place with the last factors.
  func solve(_ b: Vector) {
    switch self {
    case .dense(let dense): dense.solve(b)
    case .band(let band): band.solve(b)
    case .sparse(let sparse): sparse.solve(b)
    }
  }
}
