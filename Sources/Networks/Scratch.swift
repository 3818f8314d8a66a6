import CKernels
import Numerics

/// Numbers of a pass, allocated once, from the start of a cache line on.
final class Scratch {
  private let storage: Storage
  let vector: Vector

  init(_ count: Int) {
    // A line holds eight numbers; malloc aligns to two.
    storage = Storage(count + 8)
    let address = UInt(bitPattern: storage.vector.base)
    let skip = Int((64 - address % 64) % 64) / MemoryLayout<Double>.stride
    vector = storage.vector.slice(skip, count)
  }
}

extension Vector {
  /// Adds the numbers of `other`, which has the same count.
  func add(_ other: Vector) {
    assert(other.count == count)
    cauchy_add_to_rows(other.base, 1, count, base)
  }

  /// Subtracts the numbers of `other`, which has the same count.
  func subtract(_ other: Vector) {
    assert(other.count == count)
    for index in 0..<count { base[index] -= other.base[index] }
  }

  /// Multiplies every number.
  func multiply(by factor: Double) {
    for index in 0..<count { base[index] *= factor }
  }
}
