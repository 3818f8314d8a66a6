import Glibc
import Numerics
import Residuals

/// Values along a trajectory of the predators and their prey, by the classical Runge-Kutta method.
struct Prey {
  let x: [Double]
  let y: [Double]

  /// 301 points on 0...end, three steps of order 4 between them.
  init(end: Double = 3, count: Int = 301) {
    var (x, y) = ([0.44249296], [4.6280594])
    let h = end / Double(count - 1) / 3
    func rate(_ a: Double, _ b: Double) -> (Double, Double) {
      (1.3 * a - 0.9 * a * b, 0.8 * a * b - 1.8 * b)
    }
    var (a, b) = (x[0], y[0])
    for _ in 1..<count {
      for _ in 0..<3 {
        let k1 = rate(a, b)
        let k2 = rate(a + h / 2 * k1.0, b + h / 2 * k1.1)
        let k3 = rate(a + h / 2 * k2.0, b + h / 2 * k2.1)
        let k4 = rate(a + h * k3.0, b + h * k3.1)
        a += h / 6 * (k1.0 + 2 * k2.0 + 2 * k3.0 + k4.0)
        b += h / 6 * (k1.1 + 2 * k2.1 + 2 * k3.1 + k4.1)
      }
      x.append(a)
      y.append(b)
    }
    self.x = x
    self.y = y
  }

  /// Monomials up to a degree, 1 first, by degree and falling power of x; `names` as `x2y1`.
  func monomials(_ degree: Int) -> (names: [String], columns: [[Double]]) {
    var (names, columns): ([String], [[Double]]) = ([], [])
    for total in 0...degree {
      for power in (0...total).reversed() {
        names.append("x\(power)y\(total - power)")
        columns.append(
          zip(x, y).map { pow($0, Double(power)) * pow($1, Double(total - power)) })
      }
    }
    return (names, columns)
  }
}

/// Normal numbers from a seed (Box and Muller).
struct NormalNumbers {
  private var source: SplitMix64

  init(_ seed: UInt64) { source = SplitMix64(seed: seed) }

  mutating func next() -> Double {
    let radius = (-2 * log(1 - source.unit())).squareRoot()
    return radius * cos(2 * .pi * source.unit())
  }

  mutating func array(_ count: Int, size: Double = 1) -> [Double] {
    (0..<count).map { _ in size * next() }
  }
}

func rootMeanSquare(_ a: [Double]) -> Double { (dot(a, a) / Double(a.count)).squareRoot() }
