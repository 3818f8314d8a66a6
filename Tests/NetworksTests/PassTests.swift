import Networks
import Numerics
import Testing

@Suite("Passes of networks", .tags(.property)) struct PassTests {
  static let sets = [
    JetIndices(dimension: 1, covering: []),
    JetIndices(dimension: 2, covering: [[2, 0], [0, 1]]),
    Sample.full(2),
    JetIndices(dimension: 3, covering: [[2, 1, 1]]),
  ]

  /// What the passes say of one sample, for random seeds and a random direction.
  struct Answers {
    var seeds, direction, gradient, rows, tangent: [Double]

    init(_ sample: Sample) {
      var generator = sample.generator
      let network = sample.run()
      let count = sample.shape.parameterCount
      seeds = generator.numbers(network.outputs.count)
      direction = generator.numbers(count)
      let (theta, weights) = (Storage(sample.parameters), Storage(seeds))
      let (along, sum) = (Storage(direction), Storage(count))
      let (result, matrix) = (Storage(seeds.count), Storage(sample.points * (count + 3)))
      defer { theta.keep(weights, along, sum, result, matrix) }
      network.addGradient(theta.vector, seeds: weights.vector, to: sum.vector)
      network.tangent(theta.vector, along.vector, into: result.vector)
      network.writeRows(
        theta.vector, seeds: weights.vector, into: matrix.vector, stride: count + 3)
      gradient = sum.vector.array
      tangent = result.vector.array
      rows = matrix.vector.array
    }
  }

  func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  static let networks = NetworkKind.allCases.flatMap { kind in
    Activation.allCases.map { ($0, kind) }
  }

  @Test(arguments: networks, sets)
  func transposeAndRows(_ network: (Activation, NetworkKind), _ jets: JetIndices) {
    let sample = Sample(network.0, jets, hidden: [9, 6, 6], points: 19, kind: network.1)
    let answers = Answers(sample)
    let count = sample.shape.parameterCount
    // <Jv, w> = <v, JTw> to 1e-13 of the sum of moduli: both are sums of some 1e4 products.
    let moduli = zip(answers.tangent, answers.seeds).reduce(0) { $0 + abs($1.0 * $1.1) }
    let gap = dot(answers.tangent, answers.seeds) - dot(answers.direction, answers.gradient)
    #expect(abs(gap) <= 1e-13 * moduli)
    // Rows add up to the gradient, and nothing is written between them.
    for parameter in 0..<count + 3 {
      let column = (0..<sample.points).map { answers.rows[$0 * (count + 3) + parameter] }
      guard parameter < count else {
        #expect(column.allSatisfy { $0 == 0 })
        continue
      }
      let size = column.reduce(0) { $0 + abs($1) }
      #expect(abs(column.reduce(0, +) - answers.gradient[parameter]) <= 1e-13 * (size + 1))
    }
  }

  @Test(arguments: networks, sets)
  func tangentIsTheDifference(_ network: (Activation, NetworkKind), _ jets: JetIndices) {
    let sample = Sample(network.0, jets, hidden: [5, 4, 4], points: 3, kind: network.1)
    let answers = Answers(sample)
    // Central differences of order 8.
    let h = 5e-3
    let weights = [0.8, -0.2, 4 / 105.0, -1 / 280.0]
    var difference = [Double](repeating: 0, count: answers.tangent.count)
    for (index, weight) in weights.enumerated() {
      for sign in [1.0, -1] {
        let step = sign * Double(index + 1) * h
        let moved = zip(sample.parameters, answers.direction).map { $0 + step * $1 }
        for (place, number) in sample.outputs(parameters: moved).enumerated() {
          difference[place] += sign * weight * number / h
        }
      }
    }
    let block = sample.points * sample.shape.outputs
    for jet in 0..<jets.count {
      let range = jet * block..<(jet + 1) * block
      let size = answers.tangent[range].reduce(0) { max($0, abs($1)) }
      for place in range {
        // Rounding 1e-16/h and truncation h^8 times the ninth derivative, of jets of order 4 too.
        #expect(abs(difference[place] - answers.tangent[place]) <= 1e-9 * max(size, 1))
      }
    }
  }

  /// What the passes fall back on where a processor has no tiles; whole numbers, so without rounding.
  @Test(arguments: [false, true], [false, true])
  func productsOfBLAS(_ left: Bool, _ right: Bool) {
    let (rows, inner, columns) = (3, 5, 4)
    var generator = SeededGenerator(state: 8)
    let a = generator.numbers(rows * inner, 9).map { $0.rounded() }
    let b = generator.numbers(inner * columns, 9).map { $0.rounded() }
    let (x, y, sum) = (Storage(a), Storage(b), Storage([Double](repeating: 2, count: 12)))
    defer { x.keep(y, sum) }
    BLAS.addProduct(
      x.vector, y.vector, to: sum.vector, rows: rows, inner: inner, columns: columns,
      leftTransposed: left, rightTransposed: right, alpha: -1, beta: 3)
    for i in 0..<rows {
      for j in 0..<columns {
        let product = (0..<inner).reduce(0.0) { total, k in
          total + a[left ? k * rows + i : i * inner + k]
            * b[right ? j * inner + k : k * columns + j]
        }
        #expect(sum.vector[i * columns + j] == 6 - product)
      }
    }
  }

  @Test(arguments: NetworkKind.allCases) func gradientsAddUp(_ kind: NetworkKind) {
    let sample = Sample(.tanh, Self.sets[1], kind: kind)
    let network = sample.run()
    let (theta, sum) = (Storage(sample.parameters), Storage(sample.shape.parameterCount))
    let seeds = Storage([Double](repeating: 1, count: network.outputs.count))
    defer { theta.keep(sum, seeds) }
    network.addGradient(theta.vector, seeds: seeds.vector, to: sum.vector)
    let once = sum.vector.array
    network.addGradient(theta.vector, seeds: seeds.vector, to: sum.vector)
    // Adding twice rounds once more.
    for (a, b) in zip(once, sum.vector.array) { #expect(abs(b - 2 * a) <= 1e-14 * (abs(a) + 1)) }
  }

  @Test(arguments: NetworkKind.allCases) func aNaNReachesItsRowAlone(_ kind: NetworkKind) {
    let sample = Sample(.gelu, Self.sets[1], points: 5, kind: kind)
    let network = sample.run()
    let count = sample.shape.parameterCount
    let (theta, rows) = (Storage(sample.parameters), Storage(5 * count))
    let seeds = Storage([Double](repeating: 1, count: network.outputs.count))
    defer { theta.keep(rows, seeds) }
    seeds.vector[2 * 2] = .nan
    network.writeRows(theta.vector, seeds: seeds.vector, into: rows.vector, stride: count)
    for point in 0..<5 {
      #expect(rows.vector.slice(point * count, count).isFinite == (point != 2))
    }
  }
}
