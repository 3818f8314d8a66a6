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
