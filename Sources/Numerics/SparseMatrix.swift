/// A square sparse matrix in compressed rows, its entries at a fixed address.
public final class SparseMatrix {
  public let pattern: SparsePattern
  /// In the order of ``pattern``; `[pattern.count]`, zero at first.
  public let entries: Vector
  private let storage: Storage
  /// The pattern again, as C libraries take it.
  let starts: UnsafeMutablePointer<Int32>
  let columns: UnsafeMutablePointer<Int32>

  /// Allocates a matrix of zeros.
  public init(_ pattern: SparsePattern) {
    precondition(pattern.count <= Int32.max, "\(pattern.count) entries")
    self.pattern = pattern
    storage = Storage(pattern.count)
    entries = storage.vector
    starts = .allocate(capacity: pattern.dimension + 1)
    columns = .allocate(capacity: max(pattern.count, 1))
    for (i, start) in pattern.rowStarts.enumerated() { (starts + i).initialize(to: Int32(start)) }
    for (k, column) in pattern.columns.enumerated() {
      (columns + k).initialize(to: Int32(column))
    }
  }

  deinit {
    starts.deallocate()
    columns.deallocate()
  }

  /// Writes A·x; both `[dimension]`, not the same memory.
  ///
  /// - Cost: one multiplication an entry.
  public func apply(_ x: Vector, into result: Vector) {
    assert(x.count == pattern.dimension && result.count == x.count, "\(x.count), \(result.count)")
    let a = entries.base
    for i in 0..<pattern.dimension {
      var sum = 0.0
      for k in Int(starts[i])..<Int(starts[i + 1]) { sum += a[k] * x.base[Int(columns[k])] }
      result.base[i] = sum
    }
  }
}
