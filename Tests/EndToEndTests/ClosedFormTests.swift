import Glibc
import Testing

/// Closed forms of the gallery, written once more by hand, inserted into their equations with
/// central differences of order 8: a check that shares nothing with the expressions' derivatives.
@Suite(.tags(.endToEnd)) struct ClosedFormTests {
  /// Points in the middle of what happens; the third coordinate is time.
  private static let points: [(Double, Double)] = [
    (-1.3, -0.4), (0.2, 0.1), (0.7, 0.9), (-0.35, 0.6), (1.9, 0.3),
  ]

  @Test func solitonsOvertake() {
    let (k1, k2) = (1.2, 1.8)
    let a = pow((k2 - k1) / (k2 + k1), 2)
    func logarithm(_ x: Double, _ t: Double) -> Double {
      let (e1, e2) = (exp(k1 * x - k1 * k1 * k1 * t), exp(k2 * x - k2 * k2 * k2 * t))
      return log(1 + (e1 + e2) / sqrt(a) + e1 * e2)
    }
    // With w = 2 (log F)' and u = w', w_t + 3 w_x² + w_xxx = 0 needs one difference less.
    for (x, t) in Self.points {
      func u(_ x: Double) -> Double { 2 * Difference.second({ logarithm($0, t) }, x, 0.08) }
      func w(_ t: Double) -> Double { 2 * Difference.first({ logarithm($0, t) }, x, 0.08) }
      let flux = Difference.first(w, t, 0.03)
      let third: Double = Difference.second(u, x, 0.08) + 3 * u(x) * u(x)
      // Differences of differences: rounding 1e-16/h⁴, truncation h⁸ times a tenth derivative.
      #expect(abs(flux + third) <= 2e-5)
    }
  }

  @Test func boundSolitonsBreathe() {
    func part(_ wave: @escaping (Double) -> Double, _ x: Double, _ t: Double) -> Double {
      let below: Double = cosh(4 * x) + 4 * cosh(2 * x) + 3 * cos(4 * t)
      let above: Double = cosh(3 * x) * wave(t / 2) + 3 * cosh(x) * wave(9 * t / 2)
      return 4 * above / below
    }
    for (x, t) in Self.points {
      let u: (Double, Double) -> Double = { part(Problems.cosine, $0, $1) }
      let v: (Double, Double) -> Double = { part(Problems.sine, $0, $1) }
      let modulus = u(x, t) * u(x, t) + v(x, t) * v(x, t)
      let uRate = Difference.first({ u(x, $0) }, t, 0.01)
      let vRate = Difference.first({ v(x, $0) }, t, 0.01)
      let uBend = Difference.second({ u($0, t) }, x, 0.01)
      let vBend = Difference.second({ v($0, t) }, x, 0.01)
      #expect(abs(uRate + vBend / 2 + modulus * v(x, t)) <= 1e-7)
      #expect(abs(vRate - uBend / 2 - modulus * u(x, t)) <= 1e-7)
    }
  }

  @Test func breatherSwings() {
    let (omega, k) = (0.6, 0.8)
    func u(_ x: Double, _ t: Double) -> Double {
      4 * atan(k * cos(omega * t) / (omega * cosh(k * x)))
    }
    for (x, t) in Self.points {
      let rate = Difference.second({ u(x, $0) }, t, 0.03)
      let bend = Difference.second({ u($0, t) }, x, 0.03)
      #expect(abs(rate - bend + sin(u(x, t))) <= 1e-9)
    }
  }

  @Test func frontTravels() {
    let root = 6.0.squareRoot()
    func u(_ x: Double, _ t: Double) -> Double { pow(1 + exp((x - 5 * t / root) / root), -2) }
    for (x, t) in Self.points {
      let rate = Difference.first({ u(x, $0) }, t, 0.05)
      let bend = Difference.second({ u($0, t) }, x, 0.05)
      #expect(abs(rate - bend - u(x, t) * (1 - u(x, t))) <= 1e-10)
    }
  }

  @Test func cloudSpreads() {
    let (a, b, c, s) = (0.08, 0.035, 0.03, 0.1)
    func u(_ x: Double, _ y: Double, _ t: Double) -> Double {
      let (sx, sxy, sy) = (s + 2 * a * t, 2 * b * t, s + 2 * c * t)
      let det = sx * sy - sxy * sxy
      let form: Double = sy * x * x - 2 * sxy * x * y + sx * y * y
      return s / sqrt(det) * exp(-form / (2 * det))
    }
    for (x, y) in Self.points {
      let t = 0.2
      let rate = Difference.first({ u(x, y, $0) }, t, 0.01)
      let xx = Difference.second({ u($0, y, t) }, x, 0.02)
      let yy = Difference.second({ u(x, $0, t) }, y, 0.02)
      let xy = Difference.first({ s in Difference.first({ u($0, s, t) }, x, 0.02) }, y, 0.02)
      #expect(abs(rate - a * xx - 2 * b * xy - c * yy) <= 1e-9)
    }
  }

  /// The mean over the habitat by the trapezoidal rule, exact for cosines of low order.
  @Test func crowdLevelsOff() {
    let (d, m0) = (0.02, 0.1)
    func u(_ x: Double, _ t: Double) -> Double {
      let m = 1 / (1 + (1 / m0 - 1) * exp(-t))
      let decay = d * Double.pi * Double.pi * t
      let first: Double = cos(Double.pi * x) * exp(-decay) / 2
      let third: Double = cos(3 * Double.pi * x) * exp(-9 * decay) / 4
      return m * (1 + first + third)
    }
    for (x, t) in [(0.1, 0.5), (0.45, 1.5), (0.8, 3.0)] {
      let nodes: [Double] = (0...16).map { u(Double($0) / 16, t) }
      let ends: Double = (nodes[0] + nodes[16]) / 2
      let mean: Double = (nodes[1..<16].reduce(ends, +)) / 16
      let rate = Difference.first({ u(x, $0) }, t, 0.05)
      let bend = Difference.second({ u($0, t) }, x, 0.01)
      #expect(abs(rate - d * bend - u(x, t) * (1 - mean)) <= 1e-10)
    }
  }
}

/// Central differences of order 8.
enum Difference {
  private static let slopes: [Double] = [4.0 / 5, -1.0 / 5, 4.0 / 105, -1.0 / 280]
  private static let bends: [Double] = [8.0 / 5, -1.0 / 5, 8.0 / 315, -1.0 / 560]

  static func first(_ f: (Double) -> Double, _ x: Double, _ h: Double) -> Double {
    var sum = 0.0
    for (index, weight) in slopes.enumerated() {
      let shift: Double = Double(index + 1) * h
      sum += weight * (f(x + shift) - f(x - shift))
    }
    return sum / h
  }

  static func second(_ f: (Double) -> Double, _ x: Double, _ h: Double) -> Double {
    let middle: Double = 2 * f(x)
    var sum = 0.0
    for (index, weight) in bends.enumerated() {
      let shift: Double = Double(index + 1) * h
      sum += weight * (f(x + shift) + f(x - shift) - middle)
    }
    return sum / (h * h)
  }
}
