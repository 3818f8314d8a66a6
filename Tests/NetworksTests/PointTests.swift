import Networks
import Numerics
import Testing

/// Each pass at one point against the passes over blocks.
@Suite("Networks at a point", .tags(.property)) struct PointTests {
  /// Widths on both sides of the kernels' strips of 8 and 128, rows of one, two and few weights,
  /// short rows at the end of the parameters, no hidden layer.
  static let shapes: [(inputs: Int, hidden: [Int], outputs: Int)] = [
    (2, [50], 2), (1, [8], 1), (3, [5, 7], 2), (2, [5, 5, 5], 2), (7, [], 3), (4, [16, 9], 11),
    (12, [3], 1), (2, [130, 33], 2), (1, [1], 1), (9, [64, 40, 2], 8),
  ]

  /// A network at a point with random parameters, seeds and directions, and the same in jets.
  struct Case {
    let shape: NetworkShape
    let point: PointNetwork
    let theta, x, seeds, dx, dtheta: Storage
    let count: Int

    init(
      _ activation: Activation, _ size: (inputs: Int, hidden: [Int], outputs: Int),
      count: Int = 3
    ) {
      let sample = Sample(
        activation, JetIndices(dimension: size.inputs, covering: []), hidden: size.hidden,
        outputs: size.outputs, inputs: size.inputs, points: 1)
      var generator = sample.generator
      shape = sample.shape
      self.count = count
      point = PointNetwork(shape)
      theta = Storage(sample.parameters)
      x = Storage(sample.features)
      seeds = Storage(generator.numbers(count * size.outputs))
      dx = Storage(generator.numbers(size.inputs))
      dtheta = Storage(generator.numbers(sample.parameters.count))
    }

    var parameterCount: Int { shape.parameterCount }

    func forward() -> [Double] {
      let outputs = Storage(shape.outputs)
      defer { outputs.keep() }
      point.forward(theta.vector, x.vector, into: outputs.vector)
      return outputs.vector.array
    }

    /// Rows of jets of one point.
    func jetRow(_ seed: Int) -> (outputs: [Double], row: [Double]) {
      let jet = JetNetwork(shape, JetIndices(dimension: 1, covering: []), capacity: 1)
      let row = Storage(parameterCount)
      defer { row.keep() }
      jet.forward(theta.vector, x.vector, count: 1)
      let part = seeds.vector.slice(seed * shape.outputs, shape.outputs)
      jet.writeRows(theta.vector, seeds: part, into: row.vector, stride: parameterCount)
      return (jet.outputs.array, row.vector.array)
    }

    /// ∂outputs/∂x, `[input][output]`, from jets of order 1.
    func jetSlopes() -> [[Double]] {
      let variables = (0..<shape.inputs).map { variable in
        (0..<shape.inputs).map { $0 == variable ? 1 : 0 }
      }
      let jets = JetIndices(dimension: shape.inputs, covering: variables)
      let jet = JetNetwork(shape, jets, capacity: 1)
      let features = Storage(jets.count * shape.inputs)
      defer { features.keep() }
      features.vector.slice(0, shape.inputs).assign(x.vector)
      let positions = variables.map { jets.position(of: $0) ?? 0 }
      for (variable, position) in positions.enumerated() {
        features.vector[position * shape.inputs + variable] = 1
      }
      jet.forward(theta.vector, features.vector, count: 1)
      return positions.map { jet.outputs.slice($0 * shape.outputs, shape.outputs).array }
    }

    /// Rows with two numbers between them that are to stay, and slopes.
    func pull() -> (rows: [Double], slopes: [Double]) {
      let rows = Storage([Double](repeating: 7, count: count * (parameterCount + 2)))
      let slopes = Storage(count * shape.inputs)
      defer { rows.keep(slopes) }
      point.pull(
        theta.vector, seeds: seeds.vector, count: count, rows: rows.vector,
        stride: parameterCount + 2, slopes: slopes.vector)
      return (rows.vector.array, slopes.vector.array)
    }
  }

  /// Both sum the same products of order 1, some 130 at most in a layer, in different orders.
  func expectClose(_ a: [Double], _ b: [Double]) {
    #expect(a.count == b.count)
    let size = b.reduce(1) { max($0, abs($1)) }
    for (left, right) in zip(a, b) { #expect(abs(left - right) <= 1e-13 * size) }
  }

  @Test(arguments: Activation.allCases, shapes)
  func agreesWithJets(
    _ activation: Activation, _ size: (inputs: Int, hidden: [Int], outputs: Int)
  ) {
    let item = Case(activation, size)
    let outputs = item.forward()
    let (rows, slopes) = item.pull()
    let jetSlopes = item.jetSlopes()
    let width = item.parameterCount + 2
    for seed in 0..<item.count {
      let jet = item.jetRow(seed)
      expectClose(outputs, jet.outputs)
      expectClose(Array(rows[seed * width..<seed * width + width - 2]), jet.row)
      #expect(Array(rows[seed * width + width - 2..<(seed + 1) * width]) == [7, 7])
      let weights = item.seeds.vector.slice(seed * size.outputs, size.outputs).array
      let expected = jetSlopes.map { column in zip(column, weights).reduce(0) { $0 + $1.0 * $1.1 } }
      expectClose(Array(slopes[seed * size.inputs..<(seed + 1) * size.inputs]), expected)
    }
  }

  @Test(arguments: Activation.allCases, shapes)
  func gradientsAddRows(
    _ activation: Activation, _ size: (inputs: Int, hidden: [Int], outputs: Int)
  ) {
    let item = Case(activation, size, count: 1)
    _ = item.forward()
    let (rows, slopes) = item.pull()
    let (sum, other) = (Storage(item.dtheta.vector.array), Storage(size.inputs))
    defer { sum.keep(other) }
    item.point.addGradient(
      item.theta.vector, seed: item.seeds.vector, to: sum.vector, slopes: other.vector)
    #expect(other.vector.array == slopes)
    // One product and one sum, fused or not.
    for index in 0..<item.parameterCount {
      let expected = item.dtheta.vector[index] + rows[index]
      #expect(abs(sum.vector[index] - expected) <= 4e-16 * (1 + abs(rows[index])))
    }
  }

  @Test(arguments: Activation.allCases, shapes)
  func tangentIsTheTranspose(
    _ activation: Activation, _ size: (inputs: Int, hidden: [Int], outputs: Int)
  ) {
    let item = Case(activation, size)
    _ = item.forward()
    let (rows, slopes) = item.pull()
    let results = (0..<3).map { _ in Storage(size.outputs) }
    let (dx, dtheta) = (item.dx.vector, item.dtheta.vector)
    item.point.tangent(item.theta.vector, dx, dtheta, into: results[0].vector)
    item.point.tangent(item.theta.vector, dx, nil, into: results[1].vector)
    item.point.tangent(item.theta.vector, nil, dtheta, into: results[2].vector)
    let width = item.parameterCount + 2
    for seed in 0..<item.count {
      func product(_ change: Int) -> Double {
        (0..<size.outputs).reduce(0) {
          $0 + item.seeds.vector[seed * size.outputs + $1] * results[change].vector[$1]
        }
      }
      let terms = (0..<item.parameterCount).map { rows[seed * width + $0] * dtheta[$0] }
      let moduli = terms.reduce(1) { $0 + abs($1) }
      let byFeatures = (0..<size.inputs).reduce(0) {
        $0 + slopes[seed * size.inputs + $1] * dx[$1]
      }
      // Sums of up to 5000 products; the moduli of the parts are of the order of their sum.
      let byParameters = terms.reduce(0, +)
      #expect(abs(product(2) - byParameters) <= 1e-13 * moduli)
      #expect(abs(product(1) - byFeatures) <= 1e-13 * moduli)
      #expect(abs(product(0) - product(1) - product(2)) <= 1e-13 * moduli)
    }
    for result in results { result.keep() }
  }

  /// More seeds than go through the layers together, alone or with others.
  @Test(arguments: shapes)
  func seedsAreIndependent(_ size: (inputs: Int, hidden: [Int], outputs: Int)) {
    let item = Case(.tanh, size, count: 19)
    _ = item.forward()
    let (rows, slopes) = item.pull()
    let (all, one) = (Storage(19 * size.inputs), Storage(size.inputs))
    let row = Storage(item.parameterCount)
    defer { all.keep(one, row) }
    item.point.slopes(item.theta.vector, seeds: item.seeds.vector, count: 19, into: all.vector)
    #expect(all.vector.array == slopes)
    let width = item.parameterCount + 2
    for seed in 0..<19 {
      let part = item.seeds.vector.slice(seed * size.outputs, size.outputs)
      item.point.pull(
        item.theta.vector, seeds: part, count: 1, rows: row.vector, stride: item.parameterCount,
        slopes: one.vector)
      // The same products in the same order.
      #expect(one.vector.array == Array(slopes[seed * size.inputs..<(seed + 1) * size.inputs]))
      #expect(row.vector.array == Array(rows[seed * width..<seed * width + width - 2]))
    }
  }

  /// What a point that is not finite leaves in the workspaces is not seen by the next one.
  @Test(arguments: Activation.allCases, shapes)
  func forgetsWhatIsNotFinite(
    _ activation: Activation, _ size: (inputs: Int, hidden: [Int], outputs: Int)
  ) {
    let item = Case(activation, size)
    let before = (item.forward(), item.pull())
    let (features, result) = (item.x.vector.array, Storage(size.outputs))
    defer { result.keep() }
    item.x.vector.fill(.nan)
    let lost = item.forward().allSatisfy { $0.isNaN }
    #expect(lost)
    _ = item.pull()
    item.point.tangent(item.theta.vector, item.x.vector, item.dtheta.vector, into: result.vector)
    item.x.vector.assign(features)
    let after = (item.forward(), item.pull())
    #expect(after.0 == before.0 && after.1.rows == before.1.rows)
    #expect(after.1.slopes == before.1.slopes)
  }
}
