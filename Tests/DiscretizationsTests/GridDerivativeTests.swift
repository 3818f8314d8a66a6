import Discretizations
import Numerics
import Testing

/// A grid to test on: schemes, periods and gradings by axis.
struct GridCase: Sendable, CustomStringConvertible {
  var description: String
  var axes: [AxisSpec]

  static func axis(
    _ scheme: Scheme, _ points: Int, isPeriodic: Bool = false, near: [Double] = []
  ) -> AxisSpec {
    AxisSpec(
      name: "x", lower: 0, upper: 2, scheme: scheme, points: points, isPeriodic: isPeriodic,
      grading: near.isEmpty ? nil : Grading(near: near, ratio: 3))
  }

  static let all: [GridCase] =
    [2, 4, 6].flatMap { p -> [GridCase] in
      [
        GridCase(description: "line, order \(p)", axes: [axis(.difference(p), 40)]),
        GridCase(
          description: "graded line, order \(p)", axes: [axis(.difference(p), 1500, near: [0.5])]),
        GridCase(
          description: "ring, order \(p)", axes: [axis(.difference(p), 41, isPeriodic: true)]),
        GridCase(
          description: "box, order \(p)",
          axes: [axis(.difference(p), 20), axis(.difference(p), 31, near: [2])]),
        GridCase(
          description: "torus, order \(p)",
          axes: [
            axis(.difference(p), 17, isPeriodic: true, near: [1]),
            axis(.difference(p), 64, isPeriodic: true),
          ]),
      ]
    } + [
      GridCase(description: "Chebyshev", axes: [axis(.chebyshev, 17)]),
      GridCase(description: "Fourier", axes: [axis(.fourier, 300, isPeriodic: true)]),
      GridCase(
        description: "Chebyshev and differences",
        axes: [axis(.chebyshev, 12), axis(.difference(4), 25)]),
      GridCase(
        description: "limited, Fourier and Chebyshev",
        axes: [axis(.limited, 12), axis(.fourier, 10, isPeriodic: true), axis(.chebyshev, 9)]),
      GridCase(
        description: "three differences",
        axes: [
          axis(.difference(2), 13, near: [0]), axis(.difference(4), 15, isPeriodic: true),
          axis(.difference(6), 20),
        ]),
    ]
}

@Suite("Derivatives of fields") struct GridDerivativeTests {
  /// Multi-indices of total order up to 4, mixed ones included.
  private func orders(_ axes: Int) -> [[Int]] {
    switch axes {
    case 1: (0...4).map { [$0] }
    case 2: [[0, 0], [1, 0], [0, 1], [2, 0], [0, 2], [1, 1], [2, 2], [0, 4], [3, 1]]
    default: [[1, 0, 0], [0, 2, 0], [0, 0, 2], [1, 1, 1], [2, 0, 1], [0, 1, 3]]
    }
  }

  @Test("the sweep is the functional at each node, and is linear", arguments: GridCase.all)
  func functionals(_ layout: GridCase) {
    let grid = Grid(layout.axes)
    var random = SeededGenerator(state: 7)
    let values = (0..<grid.count).map { _ in Double.random(in: -1...1, using: &random) }
    let (field, result) = (Storage(values), Storage(grid.count))
    defer { field.keep(result) }
    for orders in orders(grid.axes.count) {
      GridDerivative(grid, orders).apply(field.vector, into: result.vector)
      let rows = grid.rows(orders)
      for node in 0..<grid.count {
        let row = rows[node]
        let size = row.weights.reduce(0) { $0 + abs($1) }
        // The same products in another order: rounding of numbers up to 1.
        #expect(abs(result.vector[node] - row(values)) < 1e-14 * size, "\(orders), \(node)")
      }
      for node in [0, grid.count / 3, grid.count - 1] {
        #expect(grid.row(orders, node: node) == rows[node])
        let point = grid.axes.indices.map { grid.coordinates($0)[node] }
        #expect(grid.row(orders, at: point) == rows[node])
      }
    }
  }

  @Test("a product of powers is differentiated exactly in each variable")
  func products() {
    let grid = Grid([GridCase.axis(.chebyshev, 6), GridCase.axis(.difference(4), 12)])
    let (x, y) = (grid.coordinates(0), grid.coordinates(1))
    let field = Storage((0..<grid.count).map { x[$0] * x[$0] * x[$0] * y[$0] * y[$0] })
    let result = Storage(grid.count)
    defer { field.keep(result) }
    GridDerivative(grid, [2, 1]).apply(field.vector, into: result.vector)
    for node in 0..<grid.count {
      #expect(abs(result.vector[node] - 12 * x[node] * y[node]) < 1e-11)
    }
  }

  @Test("numbering: last axis fastest; faces and layers")
  func numbering() {
    let grid = Grid([
      GridCase.axis(.difference(2), 5), GridCase.axis(.difference(2), 6),
      GridCase.axis(.difference(2), 7),
    ])
    #expect(grid.shape == [5, 6, 7] && grid.count == 210)
    #expect((0..<210).allSatisfy { grid.index(grid.place($0)) == $0 })
    #expect(grid.index([1, 2, 3]) == 1 * 42 + 2 * 7 + 3)
    for axis in 0..<3 {
      for (upper, layer) in [(false, 0), (true, 0), (false, 1), (true, 2)] {
        let place = upper ? grid.shape[axis] - 1 - layer : layer
        let expected = (0..<210).filter { grid.place($0)[axis] == place }
        #expect(grid.nodes(onFace: axis, upper: upper, layer: layer) == expected)
      }
    }
    let volume = grid.weights.reduce(0, +)
    #expect(abs(volume - 8) < 1e-13, "the box measures 2 × 2 × 2")
  }
}

struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
