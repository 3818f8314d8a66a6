import Numerics

/// Factors a matrix over all components and nodes, in the order and storage that costs least.
///
/// One space variable with differences: a band, the components of a node side by side, and a period
/// folded so that its ends are neighbours. Where nearly all nodes enter: dense. Else: sparse.
final class OrderedLU {
  private enum Matrix {
    case band(BandLU)
    case dense(DenseLU)
    case sparse(SparseLU)
  }

  let dimension: Int
  /// What the matrix is stored as, for people.
  let name: String
  private let matrix: Matrix
  /// Where each entry of the pattern lies in ``entries``; nil where in the same order.
  private let places: [Int32]?
  /// The place in the solution order of each row; nil where the same.
  private let order: [Int32]?
  private let work: Storage

  /// Chooses for a pattern over `components` fields on a grid.
  init(_ pattern: SparsePattern, _ grid: Grid, components: Int) {
    let n = pattern.dimension
    dimension = n
    let order = OrderedLU.nodeMajor(grid, components)
    let (lower, upper) = OrderedLU.band(pattern, order)
    // Dense lines along every axis fill each other completely.
    let fills = grid.axes.allSatisfy { $0.spec.scheme.isSpectral }
    let density = Double(pattern.count) / Double(n) / Double(n)
    let isBand = (2 * lower + upper) < min(n / 2, grid.axes.count == 1 ? n : 130)
    var places: [Int32]?
    if isBand {
      let lu = BandLU(dimension: n, lower: lower, upper: upper)
      places = OrderedLU.places(pattern) { lu.position(Int(order[$0]), Int(order[$1])) }
      matrix = .band(lu)
      name = "band"
    } else if n <= 100 || density > 0.05 || fills {
      let lu = DenseLU(dimension: n)
      places = OrderedLU.places(pattern) { $0 + $1 * n }
      matrix = .dense(lu)
      name = "dense"
    } else {
      matrix = .sparse(SparseLU(pattern, ordering: n > 20_000 ? .dissection : .minimumDegree))
      name = "sparse"
    }
    self.places = places
    self.order = isBand ? order : nil
    work = Storage(n)
  }

  private static func places(
    _ pattern: SparsePattern, _ position: (Int, Int) -> Int
  ) -> [Int32] {
    var places: [Int32] = []
    places.reserveCapacity(pattern.count)
    for row in 0..<pattern.dimension {
      for k in pattern.rowStarts[row]..<pattern.rowStarts[row + 1] {
        places.append(Int32(position(row, pattern.columns[k])))
      }
    }
    return places
  }

  /// Components of a node side by side; along the first axis a period is folded.
  private static func nodeMajor(_ grid: Grid, _ components: Int) -> [Int32] {
    let n = grid.count
    let step = grid.strides[0]
    let length = grid.shape[0]
    let isPeriodic = grid.axes[0].spec.isPeriodic
    return (0..<components * n).map { index in
      let (component, node) = (index / n, index % n)
      var place = node / step
      // 0, n − 1, 1, n − 2, …: neighbours on the ring lie two apart.
      if isPeriodic { place = place < (length + 1) / 2 ? 2 * place : 2 * (length - 1 - place) + 1 }
      return Int32((place * step + node % step) * components + component)
    }
  }

  private static func band(_ pattern: SparsePattern, _ order: [Int32]) -> (Int, Int) {
    var lower = 0
    var upper = 0
    for row in 0..<pattern.dimension {
      for k in pattern.rowStarts[row]..<pattern.rowStarts[row + 1] {
        let distance = Int(order[pattern.columns[k]]) - Int(order[row])
        lower = max(lower, -distance)
        upper = max(upper, distance)
      }
    }
    return (lower, upper)
  }

  private var entries: Vector {
    switch matrix {
    case .band(let lu): lu.entries
    case .dense(let lu): lu.entries
    case .sparse(let lu): lu.entries
    }
  }

  /// Takes the entries of the pattern, each times `scale`, for ``factor()``.
  func load(_ values: Vector, scale: Double) {
    let target = entries
    guard let places else {
      for k in 0..<values.count { target[k] = scale * values[k] }
      return
    }
    target.fill(0)
    places.withUnsafeBufferPointer { places in
      for k in 0..<values.count { target.base[Int(places[k])] = scale * values.base[k] }
    }
  }

  /// Multiplies entries of the pattern that were loaded.
  func multiply(_ factor: Double, at range: Range<Int>) {
    let target = entries
    for k in range {
      let place = places.map { Int($0[k]) } ?? k
      target[place] *= factor
    }
  }

  /// Adds to entries of the pattern.
  func add(_ value: Double, at indices: [Int32]) {
    let target = entries
    indices.withUnsafeBufferPointer { indices in
      if let places {
        places.withUnsafeBufferPointer { places in
          for k in indices { target.base[Int(places[Int(k)])] += value }
        }
      } else {
        for k in indices { target.base[Int(k)] += value }
      }
    }
  }

  /// Factors what was loaded; false if it is singular or not finite.
  func factor() -> Bool {
    switch matrix {
    case .band(let lu): lu.factor()
    case .dense(let lu): lu.factor()
    case .sparse(let lu): lu.factor()
    }
  }

  /// Solves in place; `b`: `[dimension]`, component by component.
  func solve(_ b: Vector) {
    guard let order else {
      switch matrix {
      case .dense(let lu): lu.solve(b)
      case .sparse(let lu): lu.solve(b)
      case .band: break
      }
      return
    }
    let x = work.vector
    order.withUnsafeBufferPointer { order in
      for i in 0..<dimension { x.base[Int(order[i])] = b.base[i] }
      switch matrix {
      case .band(let lu): lu.solve(x)
      case .dense, .sparse: break
      }
      for i in 0..<dimension { b.base[i] = x.base[Int(order[i])] }
    }
  }

  /// Solves in place for the entries `kept` of the full vector, zero on the right side of all others.
  func solve(_ b: Vector, kept: [Int32]) {
    let x = work.vector
    x.fill(0)
    kept.withUnsafeBufferPointer { kept in
      for k in 0..<b.count { x.base[Int(kept[k])] = b.base[k] }
      switch matrix {
      case .band(let lu): lu.solve(x)
      case .dense(let lu): lu.solve(x)
      case .sparse(let lu): lu.solve(x)
      }
      for k in 0..<b.count { b.base[k] = x.base[Int(kept[k])] }
    }
  }

  /// The places of entries of the full vector in the order of solution.
  func places(of indices: [Int]) -> [Int32] {
    indices.map { order?[$0] ?? Int32($0) }
  }

  /// Smallest over largest pivot, or a like measure, where it is known.
  var rcond: Double? {
    if case .sparse(let lu) = matrix { lu.rcond } else { nil }
  }
}
