import Glibc
import Numerics
import Testing

/// The reference tables of fields, each against something that had no part in computing it.
@Suite(.tags(.endToEnd)) struct ReferenceTests {
  /// Cole and Hopf's quotient of integrals over z, y = x − √(4νt) z, by a Gauss-Hermite rule; the
  /// largest exponent is taken out, since they lie between -50 and 50.
  @Test func burgersByColeHopf() throws {
    let table = try Self.table("burgers")
    let rule = try QuadratureRule.gaussHermite(120)
    let nu = 0.01 / Double.pi
    var worst = 0.0
    for row in table.rows.indices {
      let (x, t, u) = (table["x"][row], table["t"][row], table["u"][row])
      guard t > 0 else {
        worst = max(worst, abs(u + sin(Double.pi * x)))
        continue
      }
      let places = rule.nodes.map { x - sqrt(4 * nu * t) * $0 }
      let exponents: [Double] = zip(places, rule.weights).map { y, weight in
        log(weight) - cos(Double.pi * y) / (2 * Double.pi * nu)
      }
      let largest = exponents.max() ?? 0
      var (above, below) = (0.0, 0.0)
      for (y, exponent) in zip(places, exponents) {
        above += sin(Double.pi * y) * exp(exponent - largest)
        below += exp(exponent - largest)
      }
      worst = max(worst, abs(u + above / below))
    }
    // Exponents of 50 lose two digits of sixteen, and the front's slope of 152 two more.
    #expect(worst <= 1e-12)
  }

  /// ∫u, ∫u² and ∫(u³/6 − μ²u_x²/2) stay 0, 1 and −μ²π²/2, the values of cos πx.
  ///
  /// The trapezoidal rule on a period sums products up to twice the table's highest mode, 100, whose
  /// size is 3e-8: mass and momentum are right to its square, energy to 1e-12 of its 4e4·(3e-8)².
  @Test func kdvKeepsItsIntegrals() throws {
    let table = try Self.table("kdv")
    let mu = 0.022
    for time in stride(from: 0.0, through: 1, by: 0.1) {
      let u = Self.profile(table, "u", at: time)
      #expect(u.count == 201)
      #expect(abs((u.last ?? 1) - (u.first ?? 0)) <= 1e-12)
      let ring = Array(u.dropLast())
      let slope = Self.periodicDerivative(ring, period: 2)
      let h = 0.01
      #expect(abs(h * ring.reduce(0, +)) <= 1e-12)
      #expect(abs(h * ring.reduce(0) { $0 + $1 * $1 } - 1) <= 1e-11)
      var energy = 0.0
      for (u, ux) in zip(ring, slope) { energy += h * (u * u * u / 6 - mu * mu * ux * ux / 2) }
      #expect(abs(energy + mu * mu * Double.pi * Double.pi / 2) <= 3e-12)
    }
  }

  /// The mean of a periodic field stays what it was, 0.
  @Test func kuramotoSivashinskyKeepsItsMean() throws {
    let table = try Self.table("kuramoto-sivashinsky")
    for time in stride(from: 0.0, through: 1, by: 0.1) {
      let u = Self.profile(table, "u", at: time)
      #expect(abs(u.dropLast().reduce(0, +)) / 100 <= 1e-8)
    }
  }

  /// ∫(u² + v²) stays 8 tanh 5, and the field stays even.
  ///
  /// The jump of 0.054 in the slope at x = 5 leaves modes of 0.014/k², so that a sum of 100 values
  /// knows the integral to 1e-4.
  @Test func schrodingerKeepsItsMass() throws {
    let table = try Self.table("schrodinger")
    for index in 0...10 {
      let time = Double(index) * Double.pi / 20
      let u = Self.profile(table, "u", at: time)
      let v = Self.profile(table, "v", at: time)
      #expect(u.count == 101 && v.count == 101)
      var mass = 0.0
      for (u, v) in zip(u, v).dropLast() { mass += 0.1 * (u * u + v * v) }
      #expect(abs(mass - 8 * tanh(5.0)) <= 1e-4)
      for (left, right) in zip(u + v, Array(u.reversed()) + Array(v.reversed())) {
        #expect(abs(left - right) <= 1e-9)
      }
    }
  }

  /// No value leaves the range of −1 to 1 and of the initial values; the kinked field stays even.
  @Test(arguments: ["allen-cahn", "allen-cahn-smooth"])
  func allenCahnObeysTheMaximumPrinciple(_ name: String) throws {
    let table = try Self.table(name)
    let start = Self.profile(table, "u", at: 0).map(abs).max() ?? 0
    for time in stride(from: 0.0, through: 1, by: 0.1) {
      let u = Self.profile(table, "u", at: time)
      #expect(u.allSatisfy { abs($0) <= max(1, start) + 1e-12 })
      guard name == "allen-cahn" else { continue }
      for (left, right) in zip(u, u.reversed()) { #expect(abs(left - right) <= 1e-10) }
    }
  }

  /// Extremes of velocity along the centre lines at a Reynolds number of 100.
  ///
  /// O. Botella and R. Peyret, Benchmark spectral results on the lid-driven cavity flow, Comput.
  /// Fluids 27 (1998) 421. Derivatives of ψ are those of polynomials through eleven values
  /// 0.05 apart: right to 3e-6.
  @Test func cavityMeetsPublishedExtremes() throws {
    let table = try Self.table("lid-cavity")
    let across = Self.values(table, "psi", where: "x", is: 0.5)
    let along = Self.values(table, "psi", where: "y", is: 0.5)
    #expect(across.count == 21 && along.count == 21)
    func least(_ values: [Double], _ sign: Double, _ range: ClosedRange<Double>) -> Double {
      stride(from: range.lowerBound, through: range.upperBound, by: 1e-4)
        .map { sign * Self.slope(values, spacing: 0.05, at: $0) }.min() ?? 0
    }
    #expect(abs(least(across, 1, 0.3...0.6) + 0.2140424) <= 5e-6)
    #expect(abs(least(along, -1, 0.7...0.9) + 0.2538030) <= 5e-6)
    #expect(abs(least(along, 1, 0.1...0.4) + 0.1795728) <= 5e-6)
  }
}

extension ReferenceTests {
  static func table(_ name: String) throws -> CSV {
    try #require(CSV("\(Command.gallery)/reference/\(name).csv"))
  }

  /// The values of a column at one time, in the order of x.
  static func profile(_ table: CSV, _ column: String, at time: Double) -> [Double] {
    values(table, column, where: "t", is: time)
  }

  static func values(_ table: CSV, _ column: String, where name: String, is place: Double)
    -> [Double]
  {
    zip(table[name], table[column]).filter { abs($0.0 - place) < 1e-9 }.map(\.1)
  }

  /// u_x by the derivative of the trigonometric polynomial through an even number of values.
  static func periodicDerivative(_ values: [Double], period: Double) -> [Double] {
    let count = values.count
    let weights: [Double] = (0..<count).map { shift in
      if shift == 0 { return 0 }
      let sign: Double = shift % 2 == 0 ? 1 : -1
      return sign * Double.pi / period / tan(Double.pi * Double(shift) / Double(count))
    }
    return (0..<count).map { place in
      var sum = 0.0
      for other in 0..<count { sum += weights[(place - other + count) % count] * values[other] }
      return sum
    }
  }

  /// The slope at x of the polynomial through the eleven nearest of equally spaced values from 0.
  static func slope(_ values: [Double], spacing: Double, at x: Double) -> Double {
    let first = min(max(Int((x / spacing).rounded()) - 5, 0), values.count - 11)
    let nodes = (0..<11).map { Double(first + $0) * spacing - x }
    var sum = 0.0
    for (index, node) in nodes.enumerated() {
      let others = nodes.indices.filter { $0 != index }
      let below: Double = others.reduce(1) { $0 * (node - nodes[$1]) }
      // The derivative at 0 of Π (x − xⱼ): all products that leave one factor out.
      var above = 0.0
      for left in others {
        above += others.reduce(1.0) { $1 == left ? $0 : $0 * -nodes[$1] }
      }
      sum += values[first + index] * above / below
    }
    return sum
  }
}
