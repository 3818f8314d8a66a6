/// A borrowed run of doubles: the one unsafe handle that numerical code passes around.
///
/// A `Vector` does not own its memory; a ``Storage`` does, and must outlive it. Copying a `Vector`
/// copies the handle, not the numbers. Subscripts are checked in debug builds only.
@frozen
public struct Vector {
  public let base: UnsafeMutablePointer<Double>
  public let count: Int

  /// Borrows `count` doubles that start at `base`.
  @inlinable
  public init(base: UnsafeMutablePointer<Double>, count: Int) {
    self.base = base
    self.count = count
  }

  @inlinable
  public subscript(index: Int) -> Double {
    get {
      assert(index >= 0 && index < count, "index \(index) outside 0..<\(count)")
      return base[index]
    }
    nonmutating set {
      assert(index >= 0 && index < count, "index \(index) outside 0..<\(count)")
      base[index] = newValue
    }
  }

  /// Borrows `count` doubles from `start` on.
  @inlinable
  public func slice(_ start: Int, _ count: Int) -> Vector {
    assert(start >= 0 && count >= 0 && start + count <= self.count, "slice outside the vector")
    return Vector(base: base + start, count: count)
  }

  /// Copies the numbers of `other`, which has the same count.
  @inlinable
  public func assign(_ other: Vector) {
    assert(other.count == count, "\(other.count) numbers into \(count)")
    base.update(from: other.base, count: count)
  }

  /// Copies the numbers of an array of the same count.
  public func assign(_ numbers: [Double]) {
    precondition(numbers.count == count, "\(numbers.count) numbers into \(count)")
    for index in 0..<count { base[index] = numbers[index] }
  }

  /// Sets every number to `value`.
  @inlinable
  public func fill(_ value: Double) {
    base.update(repeating: value, count: count)
  }

  /// The numbers as an array of their own.
  public var array: [Double] { Array(UnsafeBufferPointer(start: base, count: count)) }

  /// Whether no number is infinite or NaN.
  @inlinable
  public var isFinite: Bool {
    // 0·x is NaN exactly where x is not finite: one multiply-add a number, no branch.
    var sum = 0.0
    for index in 0..<count { sum += 0 * base[index] }
    return sum == 0
  }
}

/// Owns doubles at a fixed address and frees them once; hands them out as ``Vector``s.
///
/// Not `Sendable` on purpose: one task uses it at a time.
public final class Storage {
  public let vector: Vector

  /// Allocates `count` zeros.
  public init(_ count: Int) {
    let base = UnsafeMutablePointer<Double>.allocate(capacity: max(count, 1))
    base.initialize(repeating: 0, count: max(count, 1))
    vector = Vector(base: base, count: count)
  }

  /// Allocates a copy of `numbers`.
  public convenience init(_ numbers: [Double]) {
    self.init(numbers.count)
    vector.assign(numbers)
  }

  /// Marks that this storage, and others, are in use up to here.
  ///
  /// The compiler may free an object after its last mention, although a ``Vector`` of it is still in
  /// use. A local storage therefore ends its scope with `defer { storage.keep() }`; one that is a
  /// stored property lives as long as its owner.
  @inline(never)
  public func keep(_ others: Storage...) {
    withExtendedLifetime((self, others)) {}
  }

  deinit { vector.base.deallocate() }
}
