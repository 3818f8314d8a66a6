import Numerics

/// Where the numbers of a collocation solution stand.
///
/// Each mesh interval has a block: at its left end the derivatives below the order of every unknown
/// (the state), then at each Gauss point the highest derivative of every unknown. The state at the
/// right end of the mesh comes last.
struct CollocationLayout: Sendable, Equatable {
  let unknowns: [String]
  /// The order of each unknown; 0 for an algebraic one.
  let orders: [Int]
  let stages: Int
  /// Where each unknown's derivatives begin in the state.
  let stateOffsets: [Int]
  /// Where each unknown's derivatives, the highest included, begin among the jets.
  let jetOffsets: [Int]
  /// Numbers in a state: the total order.
  let stateCount: Int

  init(unknowns: [String], orders: [Int], stages: Int) {
    self.unknowns = unknowns
    self.orders = orders
    self.stages = stages
    var offset = 0
    var offsets: [Int] = []
    for order in orders {
      offsets.append(offset)
      offset += order
    }
    stateOffsets = offsets
    jetOffsets = offsets.enumerated().map { $1 + $0 }
    stateCount = offset
  }

  var unknownCount: Int { unknowns.count }
  var jetCount: Int { stateCount + unknowns.count }
  /// Numbers in the block of an interval.
  var stride: Int { stateCount + stages * unknownCount }

  func count(intervals: Int) -> Int { intervals * stride + stateCount }

  /// The place of derivative `order` (below its own) of an unknown at a mesh point.
  func state(_ node: Int, _ unknown: Int, _ order: Int) -> Int {
    node * stride + stateOffsets[unknown] + order
  }

  /// The place of the highest derivative of an unknown at a Gauss point.
  func stage(_ interval: Int, _ stage: Int, _ unknown: Int) -> Int {
    interval * stride + stateCount + stage * unknownCount + unknown
  }

  /// The total number of kinds of numbers: those of a state, then the highest derivatives.
  var kindCount: Int { stateCount + unknownCount }

  /// What kind a number of the whole vector is of.
  func kind(_ place: Int) -> Int {
    let inside = place % stride
    if inside < stateCount { return inside }
    return stateCount + (inside - stateCount) % unknownCount
  }
}

/// A collocation solution: on each mesh interval a polynomial, evaluated anywhere.
struct PiecewisePolynomial: Sendable {
  let layout: CollocationLayout
  let basis: CollocationBasis
  /// Increasing.
  let mesh: [Double]
  /// As ``CollocationLayout`` says.
  var values: [Double]

  var intervals: Int { mesh.count - 1 }

  /// The interval that holds `x`; at a mesh point the one to its right, at the last the last.
  func interval(at x: Double) -> Int { PiecewisePolynomial.interval(at: x, mesh) }

  static func interval(at x: Double, _ mesh: [Double]) -> Int {
    var (low, high) = (0, mesh.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if mesh[middle] <= x { low = middle } else { high = middle }
    }
    return low
  }

  /// Derivative `order` of an unknown at `x`.
  func value(_ unknown: Int, order: Int = 0, at x: Double) -> Double {
    let i = interval(at: x)
    let h = mesh[i + 1] - mesh[i]
    return value(unknown, order: order, interval: i, theta: (x - mesh[i]) / h)
  }

  /// Derivative `order` of an unknown at share `theta` of an interval.
  func value(_ unknown: Int, order: Int, interval i: Int, theta: Double) -> Double {
    let h = mesh[i + 1] - mesh[i]
    let top = layout.orders[unknown]
    let k = layout.stages
    if order > top {
      let scale = (0..<order - top).reduce(1.0) { factor, _ in factor / h }
      return (0..<k).reduce(0) { sum, s in
        let weight = basis.derivative(order - top, of: s, at: theta) * scale
        return sum + weight * values[layout.stage(i, s, unknown)]
      }
    }
    return values.withUnsafeBufferPointer { numbers in
      basis.withTable(at: theta) { table in
        layout.value(unknown, order, theta: theta, step: h, table) {
          numbers[i * layout.stride + $0]
        }
      }
    }
  }

  /// The largest difference from a solution on the halved mesh, relative to that one's largest value,
  /// by unknown.
  func differences(fromHalved fine: PiecewisePolynomial) -> [Double] {
    let places = [0, 0.07, 0.21, 0.36, 0.5, 0.64, 0.79, 0.93, 1]
    return layout.orders.indices.map { unknown in
      let size = MeshMonitor.size(fine, unknown)
      var largest = 0.0
      for i in 0..<intervals {
        for theta in places {
          let half = theta < 0.5 ? 0 : 1
          let a = value(unknown, order: 0, interval: i, theta: theta)
          let b = fine.value(
            unknown, order: 0, interval: 2 * i + half, theta: 2 * theta - Double(half))
          largest = max(largest, (a - b).magnitude)
        }
      }
      return size > 0 ? largest / size : largest
    }
  }

  /// The same function on another mesh.
  func moved(to mesh: [Double]) -> PiecewisePolynomial {
    PiecewisePolynomial(layout: layout, basis: basis, mesh: mesh) { unknown, order, x in
      value(unknown, order: order, at: x)
    }
  }

  /// Samples a function and its derivatives.
  init(
    layout: CollocationLayout, basis: CollocationBasis, mesh: [Double],
    _ function: (_ unknown: Int, _ order: Int, _ x: Double) -> Double
  ) {
    self.layout = layout
    self.basis = basis
    self.mesh = mesh
    values = [Double](repeating: 0, count: layout.count(intervals: mesh.count - 1))
    for (j, order) in layout.orders.enumerated() {
      for i in mesh.indices {
        for d in 0..<order { values[layout.state(i, j, d)] = function(j, d, mesh[i]) }
        guard i + 1 < mesh.count else { continue }
        for s in 0..<layout.stages {
          let x = mesh[i] + basis.rule.nodes[s] * (mesh[i + 1] - mesh[i])
          values[layout.stage(i, s, j)] = function(j, order, x)
        }
      }
    }
  }

  init(layout: CollocationLayout, basis: CollocationBasis, mesh: [Double], values: [Double]) {
    self.layout = layout
    self.basis = basis
    self.mesh = mesh
    self.values = values
  }
}
