import CKernels

/// The formulas by which the jets of a set pass an activation, as tables that the kernels walk.
///
/// With h = sigma(a): Faa di Bruno gives the jets of h from those of a, and those of the slope
/// s = sigma'(a) with every derivative of sigma one order up. A small change of a changes h by s times
/// it, hence by Leibniz dh_m = sum of C(m, k)*s_(m-k)*da_k: the tangent pass; its transpose is the
/// reverse pass.
struct JetTables {
  /// Faa di Bruno, by target.
  let composition: [cauchy_composition_term]
  /// Leibniz, by part from the first on: the reverse pass may work in place.
  let reverse: [cauchy_product_term]
  /// Leibniz, by whole from the last on: the tangent pass may work in place.
  let tangent: [cauchy_product_term]

  init(_ jets: JetIndices) {
    var positions: [[Int]: Int] = [:]
    for (position, index) in jets.indices.enumerated() { positions[index] = position }
    composition = jets.indices.enumerated().flatMap { target, index in
      Self.composition(of: index, target: target, positions)
    }
    let products = jets.indices.enumerated().flatMap { whole, index in
      Self.products(of: index, whole: whole, jets, positions)
    }
    reverse = products.sorted { ($0.part, $0.whole) < ($1.part, $1.whole) }
    tangent = products.sorted { ($1.whole, $0.part) < ($0.whole, $1.part) }
  }

  private static func composition(of index: [Int], target: Int, _ positions: [[Int]: Int])
    -> [cauchy_composition_term]
  {
    // Partitions of the single differentiations; alike ones are counted.
    let singles = index.indices.flatMap { [Int](repeating: $0, count: index[$0]) }
    var counts: [[Int]: Double] = [:]
    for partition in partitions(of: singles.count) where !singles.isEmpty {
      let factors = partition.compactMap { block in
        var part = [Int](repeating: 0, count: index.count)
        for element in block { part[singles[element]] += 1 }
        return positions[part]
      }
      counts[factors.sorted(), default: 0] += 1
    }
    let order = counts.keys.sorted { ($0.count, $0.description) < ($1.count, $1.description) }
    return order.map { factors in
      let padded = (factors + [0, 0, 0]).map(Int32.init)
      return cauchy_composition_term(
        target: Int32(target), order: Int32(factors.count),
        factors: (padded[0], padded[1], padded[2], padded[3]),
        coefficient: counts[factors, default: 0])
    }
  }

  /// All partitions of 0..<count into blocks.
  private static func partitions(of count: Int) -> [[[Int]]] {
    guard count > 0 else { return [[]] }
    return partitions(of: count - 1).flatMap { smaller in
      smaller.indices.map { block in
        var joined = smaller
        joined[block].append(count - 1)
        return joined
      } + [smaller + [[count - 1]]]
    }
  }

  private static func products(
    of index: [Int], whole: Int, _ jets: JetIndices, _ positions: [[Int]: Int]
  ) -> [cauchy_product_term] {
    jets.indices.enumerated().compactMap { part, inner in
      let rest = zip(index, inner).map { $0 - $1 }
      guard let slope = positions[rest] else { return nil }
      let coefficient = zip(index, inner).reduce(1.0) { $0 * binomial($1.0, $1.1) }
      return cauchy_product_term(
        whole: Int32(whole), slope: Int32(slope), part: Int32(part), coefficient: coefficient)
    }
  }

  private static func binomial(_ n: Int, _ k: Int) -> Double {
    (0..<k).reduce(1.0) { $0 * Double(n - $1) / Double($1 + 1) }
  }
}
