import Discretizations
import Testing

@Suite("Nodes of an axis") struct GridNodesTests {
  private func axis(
    _ points: Int, near: [Double], _ ratio: Double, isPeriodic: Bool = false
  ) -> Axis {
    Axis(
      AxisSpec(
        name: "x", lower: -1, upper: 3, scheme: .difference(4), points: points,
        isPeriodic: isPeriodic, grading: Grading(near: near, ratio: ratio)))
  }

  /// Spacings, around the period where there is one.
  private func spacings(_ axis: Axis) -> [Double] {
    let next = axis.nodes.dropFirst() + (axis.spec.isPeriodic ? [axis.spec.upper] : [])
    return zip(axis.nodes, next).map { $1 - $0 }
  }

  @Test(
    "graded nodes: ends, places and ratio; neighbouring spacings differ little",
    arguments: [[0.0], [-1], [3], [0.5, 2], [-1, 3]], [1.5, 10, 300])
  func graded(_ near: [Double], _ ratio: Double) throws {
    for isPeriodic in [false, true] {
      for points in [80, 81, 400] {
        let axis = axis(points, near: near, ratio, isPeriodic: isPeriodic)
        #expect(axis.nodes[0] == -1 && axis.count == points)
        #expect(isPeriodic || axis.nodes.last == 3)
        #expect(near.allSatisfy { axis.nodes.contains($0) || (isPeriodic && $0 == 3) })
        let spacings = spacings(axis)
        let (finest, coarsest) = (try #require(spacings.min()), try #require(spacings.max()))
        // The finest spacing spans a place where the density is highest: 80 nodes blur it.
        #expect(finest > 0 && (0.5...1.5).contains(coarsest / finest / ratio), "\(near) \(ratio)")
        let jumps = zip(spacings, spacings.dropFirst()).map { max($0 / $1, $1 / $0) }
        #expect((jumps.max() ?? 9) < 1.5, "\(near), \(ratio), \(points), \(isPeriodic)")
      }
    }
  }

  @Test("equally spaced nodes: both ends exact; of a period without the upper one")
  func uniform() {
    for (lower, upper) in [(-1.0, 1.0), (0.1, 0.7), (-1e-3, 5e8)] {
      let line = Axis(
        AxisSpec(name: "x", lower: lower, upper: upper, scheme: .difference(2), points: 31))
      #expect(line.nodes.first == lower && line.nodes.last == upper && line.count == 31)
      let ring = Axis(
        AxisSpec(
          name: "x", lower: lower, upper: upper, scheme: .fourier, points: 31, isPeriodic: true))
      #expect(ring.nodes.first == lower && (ring.nodes.last ?? upper) < upper)
      let spectral = Axis(
        AxisSpec(name: "x", lower: lower, upper: upper, scheme: .chebyshev, points: 31))
      #expect(spectral.nodes.first == lower && spectral.nodes.last == upper)
    }
  }

  @Test("functionals at the nodes are those of the derivative; periods repeat")
  func functionals() {
    for row in SchemeCatalog.all {
      let isPeriodic = row.scheme == .fourier
      let axis = Axis(
        AxisSpec(
          name: "x", lower: 0, upper: 2, scheme: row.scheme, points: 16, isPeriodic: isPeriodic))
      for m in 0...2 {
        let rows = axis.derivative(m).rows
        for (node, x) in axis.nodes.enumerated() {
          #expect(axis.row(derivative: m, at: x) == rows[node], "\(row.name)")
          if isPeriodic { #expect(axis.row(derivative: m, at: x + 2) == rows[node]) }
        }
      }
    }
  }
}
