import Discretizations
import Glibc
import Testing

@Suite("Spectral schemes") struct GridSpectralTests {
  /// sin 2x + cos(3x + 1): entire, and periodic.
  private let smooth: Smooth = { m, x in
    let quarter = Double(m) * Double.pi / 2
    return pow(2, Double(m)) * sin(2 * x + quarter) + pow(3, Double(m)) * cos(3 * x + 1 + quarter)
  }

  private func chebyshev(_ points: Int) -> Axis {
    Axis(AxisSpec(name: "x", lower: -1, upper: 2, scheme: .chebyshev, points: points))
  }

  private func fourier(_ points: Int) -> Axis {
    Axis(
      AxisSpec(
        name: "x", lower: -Double.pi, upper: Double.pi, scheme: .fourier, points: points,
        isPeriodic: true))
  }

  @Test("first and second derivatives to ten digits", arguments: [24, 25, 32, 33, 48])
  func accuracy(_ points: Int) {
    for axis in [chebyshev(points), fourier(points)] {
      for m in 1...2 {
        #expect(largestError(m, smooth, axis) < 1e-10, "\(axis.spec.scheme.name), m = \(m)")
      }
    }
  }

  @Test("third and fourth derivatives to their conditioning", arguments: [24, 25, 33])
  func higher(_ points: Int) {
    for axis in [chebyshev(points), fourier(points)] {
      let values = axis.nodes.map { smooth(0, $0) }
      for m in 3...4 {
        for (x, row) in zip(axis.nodes, axis.derivative(m).rows) {
          // Rounding alone of values of size 2 leaves this much.
          let size = row.weights.reduce(0) { $0 + abs($1) }
          #expect(abs(row(values) - smooth(m, x)) < 1e-14 * size)
        }
      }
    }
  }

  @Test("values and derivatives between nodes", arguments: [25, 32])
  func between(_ points: Int) {
    for axis in [chebyshev(points), fourier(points)] {
      let values = axis.nodes.map { smooth(0, $0) }
      for place in stride(from: -0.99, to: 2, by: 0.37) {
        for m in 0...2 {
          let row = axis.row(derivative: m, at: place)
          #expect(
            abs(row(values) - smooth(m, place)) < 1e-10, "\(axis.spec.scheme.name), \(m), \(place)")
        }
      }
    }
  }

  @Test("integrals to rounding", arguments: [25, 32])
  func quadrature(_ points: Int) {
    let antiderivative = { (x: Double) in -cos(2 * x) / 2 + sin(3 * x + 1) / 3 }
    for axis in [chebyshev(points), fourier(points)] {
      let sum = zip(axis.weights, axis.nodes).reduce(0) { $0 + $1.0 * smooth(0, $1.1) }
      let exact = antiderivative(axis.spec.upper) - antiderivative(axis.spec.lower)
      #expect(abs(sum - exact) < 1e-14)
    }
  }

  @Test("n Chebyshev nodes differentiate polynomials of degree n - 1, n up to 6, m up to n - 1")
  func polynomials() {
    for points in 3...6 {
      let axis = chebyshev(points)
      for m in 1..<points {
        for degree in 0..<points {
          #expect(largestError(m, power(degree), axis) < 1e-11, "\(points), \(m), \(degree)")
        }
      }
    }
  }

  @Test("an even number of Fourier points: the highest wave has odd derivatives 0 on the nodes")
  func highestWave() {
    let axis = fourier(8)
    let values = (0..<8).map { $0 % 2 == 0 ? 1.0 : -1.0 }
    for (m, factor) in [(1, 0.0), (2, -16), (3, 0), (4, 256)] {
      for (node, row) in axis.derivative(m).rows.enumerated() {
        #expect(abs(row(values) - factor * values[node]) < 1e-11)
      }
    }
  }
}

@Suite("Structure of operators") struct GridStructureTests {
  private let periodic = SchemeCatalog.all.map(\.scheme).filter { $0 != .chebyshev }

  private func matrix(_ axis: Axis, _ m: Int) -> [[Double]] {
    axis.derivative(m).rows.map { row in
      var full = [Double](repeating: 0, count: axis.count)
      for (column, weight) in zip(row.columns, row.weights) { full[column] += weight }
      return full
    }
  }

  @Test("on equally spaced nodes of a period, odd derivatives are skew and even ones symmetric")
  func symmetry() {
    for scheme in periodic {
      for points in [15, 16] {
        let axis = Axis(
          AxisSpec(
            name: "x", lower: 0, upper: 3, scheme: scheme, points: points, isPeriodic: true))
        for m in 1...4 {
          let entries = matrix(axis, m)
          let sign: Double = m % 2 == 0 ? 1 : -1
          let isExact = (0..<points).allSatisfy { i in
            (0..<points).allSatisfy { entries[i][$0] == sign * entries[$0][i] }
          }
          #expect(isExact, "\(scheme.name), m = \(m), to the bit")
        }
      }
    }
  }

  @Test("a mirrored field has the mirrored derivative, to the bit")
  func mirror() {
    for scheme in SchemeCatalog.all.map(\.scheme) where scheme != .fourier {
      let axis = Axis(AxisSpec(name: "x", lower: -1, upper: 1, scheme: scheme, points: 16))
      for m in 1...4 {
        let entries = matrix(axis, m)
        let sign: Double = m % 2 == 0 ? 1 : -1
        let isExact = (0..<16).allSatisfy { i in
          (0..<16).allSatisfy { entries[i][$0] == sign * entries[15 - i][15 - $0] }
        }
        #expect(isExact, "\(scheme.name), m = \(m)")
      }
    }
  }

  @Test("names read back; other names are none")
  func names() {
    for row in SchemeCatalog.all {
      #expect(Scheme(name: row.name) == row.scheme)
      #expect(!row.summary.isEmpty && !row.source.isEmpty && !row.order.isEmpty)
    }
    #expect(Scheme(name: "difference3") == nil && Scheme(name: "") == nil)
  }
}
