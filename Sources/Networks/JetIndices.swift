/// A downward closed set of multi-indices: which partial derivatives are carried.
///
/// With an index it contains every smaller one, because a derivative passes an activation together
/// with those it is made of (Faa di Bruno).
public struct JetIndices: Sendable, Equatable {
  /// The highest total order.
  public static let orderLimit = 4

  /// The count of variables.
  public let dimension: Int
  /// Orders per variable; the first is all zero; by total order, then by the first variables.
  public let indices: [[Int]]
  /// The highest total order in the set.
  public let order: Int

  /// The smallest closed set that holds every index in `covering`, and the value itself.
  public init(dimension: Int, covering: [[Int]]) {
    var found: Set<[Int]> = [[Int](repeating: 0, count: dimension)]
    for index in covering {
      precondition(index.count == dimension, "\(index) in \(dimension) dimensions")
      precondition(
        index.allSatisfy { $0 >= 0 } && index.reduce(0, +) <= Self.orderLimit,
        "\(index) has an order outside 0...\(Self.orderLimit)")
      Self.insert(index, into: &found)
    }
    self.dimension = dimension
    indices = found.sorted { a, b in
      let orders = (a.reduce(0, +), b.reduce(0, +))
      return orders.0 != orders.1 ? orders.0 < orders.1 : b.lexicographicallyPrecedes(a)
    }
    order = indices.map { $0.reduce(0, +) }.max() ?? 0
  }

  private static func insert(_ index: [Int], into found: inout Set<[Int]>) {
    guard found.insert(index).inserted else { return }
    for variable in index.indices where index[variable] > 0 {
      var smaller = index
      smaller[variable] -= 1
      insert(smaller, into: &found)
    }
  }

  /// How many jets are carried, the value among them.
  public var count: Int { indices.count }

  /// Where a multi-index stands in ``indices``; nil where it is not carried.
  public func position(of index: [Int]) -> Int? { indices.firstIndex(of: index) }
}
