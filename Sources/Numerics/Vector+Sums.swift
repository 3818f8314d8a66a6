import Glibc

extension Vector {
  /// Whether both hold the same bits; of the same count.
  public func isSame(as other: Vector) -> Bool {
    assert(other.count == count, "\(other.count) numbers beside \(count)")
    return memcmp(base, other.base, count * MemoryLayout<Double>.stride) == 0
  }

  /// The sum of products with another vector of the same count.
  @inlinable
  public func dot(_ other: Vector) -> Double {
    assert(other.count == count, "\(other.count) numbers with \(count)")
    // Four sums side by side: one would wait for each addition.
    var sums = SIMD4<Double>.zero
    let whole = count & ~3
    var i = 0
    while i < whole {
      sums += SIMD4(
        base[i] * other.base[i], base[i + 1] * other.base[i + 1], base[i + 2] * other.base[i + 2],
        base[i + 3] * other.base[i + 3])
      i += 4
    }
    var sum = sums.sum()
    while i < count {
      sum += base[i] * other.base[i]
      i += 1
    }
    return sum
  }

  /// The sum of squares.
  @inlinable public var squaredNorm: Double { dot(self) }
}
