import Discretizations
import Glibc
import Testing

/// Nodes of each kind, for the difference schemes.
struct AxisCase: Sendable, CustomStringConvertible {
  var name: String
  var isPeriodic = false
  var grading: Grading?

  var description: String { name }

  static let all = [
    AxisCase(name: "uniform"),
    AxisCase(name: "graded", grading: Grading(near: [0], ratio: 3)),
    AxisCase(name: "periodic", isPeriodic: true),
    AxisCase(
      name: "periodic, graded", isPeriodic: true, grading: Grading(near: [0], ratio: 2)),
  ]

  func axis(_ scheme: Scheme, _ cells: Int) -> Axis {
    Axis(
      AxisSpec(
        name: "x", lower: isPeriodic ? -Double.pi : -1, upper: isPeriodic ? Double.pi : 1,
        scheme: scheme, points: isPeriodic ? cells : cells + 1, isPeriodic: isPeriodic,
        grading: grading))
  }
}

/// The m-th derivative at x of a function with known derivatives.
typealias Smooth = @Sendable (_ m: Int, _ x: Double) -> Double

/// (0.7 + x/2)^degree: differentiated by a formula of order p and derivative m, degree m + p leaves
/// the leading error term alone.
func power(_ degree: Int) -> Smooth {
  { m, x in
    if m > degree { return 0 }
    return (0..<m).reduce(pow(0.7 + x / 2, Double(degree - m))) { $0 * Double(degree - $1) / 2 }
  }
}

/// sin(2x + 0.3).
let wave: Smooth = { m, x in
  pow(2, Double(m)) * sin(2 * x + 0.3 + Double(m) * Double.pi / 2)
}

func derivative(_ m: Int, _ f: Smooth, on axis: Axis) -> [Double] {
  let values = axis.nodes.map { f(0, $0) }
  return axis.derivative(m).rows.map { $0(values) }
}

func largestError(
  _ m: Int, _ f: Smooth, _ axis: Axis, where isMeant: (Double) -> Bool = { _ in true }
) -> Double {
  zip(axis.nodes, derivative(m, f, on: axis)).filter { isMeant($0.0) }
    .map { abs($0.1 - f(m, $0.0)) }.max() ?? 0
}

let differences = SchemeCatalog.all.map(\.scheme).filter { !$0.isSpectral }

extension Scheme {
  /// Its nominal order as a difference formula.
  var nominalOrder: Int {
    if case .difference(let order) = self { order } else { 2 }
  }
}

@Suite("Difference formulas", .tags(.convergence)) struct GridSchemeTests {
  @Test(
    "observed orders", arguments: differences, AxisCase.all)
  func orders(_ scheme: Scheme, _ layout: AxisCase) {
    let p = scheme.nominalOrder
    for m in 1...4 {
      let f = layout.isPeriodic ? wave : power(m + p)
      // Rows at graded ends differ in spacing from level to level: `exactness` is about them.
      // Fine enough for the leading term to rule, coarse enough that rounding, ε/hᵐ, does not.
      let isGraded = layout.grading != nil
      let cells = layout.isPeriodic ? (isGraded ? 96 : 48) : (isGraded ? 32 : 24)
      let common = layout.axis(scheme, cells).nodes.filter {
        layout.name != "graded" || abs($0) < 0.4
      }
      let errors = [cells, 2 * cells].map {
        largestError(m, f, layout.axis(scheme, $0)) { x in common.contains { abs($0 - x) < 1e-12 } }
      }
      let order = log2(errors[0] / errors[1])
      #expect(abs(order - Double(p)) < 0.1, "\(scheme.name), \(layout), m = \(m): \(order)")
    }
  }

  @Test(
    "formulas of order p differentiate polynomials of degree p + m - 1 exactly, ends included",
    arguments: differences, AxisCase.all.filter { !$0.isPeriodic })
  func exactness(_ scheme: Scheme, _ layout: AxisCase) {
    let p = scheme.nominalOrder
    let axis = layout.axis(scheme, 20)
    let values = { (degree: Int) in axis.nodes.map { power(degree)(0, $0) } }
    for m in 1...4 {
      for (node, row) in axis.derivative(m).rows.enumerated() {
        // Inside, a graded formula of even order has one node less than it would need off centre.
        let isClosure = row.columns.count == p + m && (node < p + m || node > axis.count - p - m)
        let degree = isClosure || layout.grading == nil ? p + m - 1 : p + m - 2
        let exact = power(degree)(m, axis.nodes[node])
        let size = row.weights.reduce(0) { $0 + abs($1) }
        // Rounding of n products of size ‖row‖ and of the nodes themselves.
        #expect(
          abs(row(values(degree)) - exact) < 1e-14 * size,
          "\(scheme.name), \(layout), m = \(m), node \(node)")
      }
    }
  }

  @Test("quadrature has the scheme's order", arguments: differences)
  func quadrature(_ scheme: Scheme) {
    let p = scheme.nominalOrder
    for layout in AxisCase.all where layout.name != "periodic" {
      // On even nodes the leading term alone: ∫(0.7 + x/2)ᵖ. A period: ∫ exp(sin x) is 2π·I₀(1).
      let f: (Double) -> Double = layout.isPeriodic ? { exp(sin($0)) } : { power(p)(0, $0) }
      let powers = (pow(1.2, Double(p + 1)) - pow(0.2, Double(p + 1))) * 2 / Double(p + 1)
      let exact = layout.isPeriodic ? 7.954926521012845844 : powers
      // Of graded nodes the terms from ends and middle cancel in part on coarse ones.
      let errors = (layout.grading == nil ? [48, 96] : [192, 384]).map { cells in
        let axis = layout.axis(scheme, cells)
        return abs(zip(axis.weights, axis.nodes).reduce(-exact) { $0 + $1.0 * f($1.1) })
      }
      let order = log2(errors[0] / errors[1])
      let isMet = layout.grading == nil ? abs(order - Double(p)) < 0.1 : order > Double(p) - 0.4
      #expect(isMet || errors[1] < 1e-13, "\(scheme.name), \(layout): \(order), \(errors)")
    }
  }

  @Test("values between nodes gain an order or two on the scheme", arguments: differences)
  func interpolation(_ scheme: Scheme) {
    let p = scheme.nominalOrder
    for m in 0...2 {
      // The polynomial has an even number of nodes, at least p + m + 1.
      let width = scheme == .limited && m == 0 ? 2 : (m + p + 2) / 2 * 2
      let f = power(width)
      let errors = [24, 48].map { cells in
        let axis = AxisCase.all[0].axis(scheme, cells)
        let values = axis.nodes.map { f(0, $0) }
        return (0..<cells).map { cell in
          let x = axis.nodes[cell] + 0.3 * 2 / Double(cells)
          return abs(axis.row(derivative: m, at: x)(values) - f(m, x))
        }.max() ?? 0
      }
      let order = log2(errors[0] / errors[1])
      #expect(abs(order - Double(width - m)) < 0.1, "\(scheme.name), m = \(m): \(order)")
    }
  }
}

extension Tag {
  @Tag static var convergence: Self
}
