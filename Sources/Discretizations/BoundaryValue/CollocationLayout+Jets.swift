import Numerics

extension CollocationLayout {
  /// The unknown and the order of derivative that a jet is.
  func jet(_ index: Int) -> (unknown: Int, order: Int) {
    var unknown = 0
    while unknown + 1 < unknownCount, jetOffsets[unknown + 1] <= index { unknown += 1 }
    return (unknown, index - jetOffsets[unknown])
  }

  /// Derivative `order`, at most its own, of an unknown at share `theta` of an interval.
  ///
  /// - Parameters:
  ///   - step: the length of the interval.
  ///   - table: the basis at `theta`.
  ///   - block: the numbers of the interval; `[stride]`.
  func value(
    _ unknown: Int, _ order: Int, theta: Double, step: Double, _ table: Vector, _ block: Vector
  ) -> Double {
    value(unknown, order, theta: theta, step: step, table) { block[$0] }
  }

  /// The same with the interval's numbers read by a function of their place.
  @inline(__always)
  func value(
    _ unknown: Int, _ order: Int, theta: Double, step: Double, _ table: Vector,
    _ block: (Int) -> Double
  ) -> Double {
    let top = orders[unknown]
    var sum = 0.0
    let first = stateOffsets[unknown]
    for d in Swift.stride(from: top - 1, through: order, by: -1) {
      sum = block(first + d) + sum * theta * step / Double(d - order + 1)
    }
    var scale = 1.0
    for _ in order..<top { scale *= step }
    var share = 0.0
    let row = (top - order) * stages
    for s in 0..<stages { share += table[row + s] * block(stateCount + s * unknownCount + unknown) }
    return sum + scale * share
  }

  /// Adds `weight` times the coefficients of ``value(_:_:theta:step:_:_:)``.
  ///
  /// - Parameter row: by the numbers of the interval; `[stride]`.
  func add(
    _ weight: Double, _ unknown: Int, _ order: Int, theta: Double, step: Double, _ table: Vector,
    into row: Vector
  ) {
    let top = orders[unknown]
    let first = stateOffsets[unknown]
    var factor = weight
    for d in order..<top {
      row[first + d] += factor
      factor *= theta * step / Double(d - order + 1)
    }
    var scale = weight
    for _ in order..<top { scale *= step }
    let place = (top - order) * stages
    for s in 0..<stages { row[stateCount + s * unknownCount + unknown] += scale * table[place + s] }
  }

  /// All jets at share `theta` of an interval; `[jetCount]`.
  func fill(
    _ jets: Vector, theta: Double, step: Double, _ table: Vector, _ block: Vector
  ) {
    for unknown in 0..<unknownCount {
      for order in 0...orders[unknown] {
        jets[jetOffsets[unknown] + order] = value(
          unknown, order, theta: theta, step: step, table, block)
      }
    }
  }
}

extension Vector {
  /// Adds a multiple of another vector.
  func add(_ factor: Double, _ other: Vector) {
    for index in 0..<count { base[index] += factor * other.base[index] }
  }
}
