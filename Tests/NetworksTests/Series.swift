import Glibc
import Networks

/// Power series in several variables, cut off above total order 4: the independent truth for jets.
///
/// Coefficients of monomials, not derivatives; an activation is composed by Horner's rule with its
/// own series in one variable, which comes from arithmetic with the series of exp, sin and 1/x, and
/// not from formulas for its derivatives.
struct Series {
  static let order = 4
  let dimension: Int
  var coefficients: [[Int]: Double]

  init(_ constant: Double, dimension: Int) {
    self.dimension = dimension
    coefficients = [[Int](repeating: 0, count: dimension): constant]
  }

  /// a + t in one variable.
  static func variable(at a: Double) -> Series {
    var series = Series(a, dimension: 1)
    series.coefficients[[1]] = 1
    return series
  }

  var constant: Double { coefficients[[Int](repeating: 0, count: dimension)] ?? 0 }

  static func + (a: Series, b: Series) -> Series {
    var sum = a
    for (index, value) in b.coefficients { sum.coefficients[index, default: 0] += value }
    return sum
  }

  static func * (a: Series, b: Series) -> Series {
    var product = Series(0, dimension: a.dimension)
    for (i, x) in a.coefficients {
      for (j, y) in b.coefficients {
        let index = zip(i, j).map { $0 + $1 }
        guard index.reduce(0, +) <= order else { continue }
        product.coefficients[index, default: 0] += x * y
      }
    }
    return product
  }

  static func * (a: Double, b: Series) -> Series { Series(a, dimension: b.dimension) * b }

  /// Σ c_k·(self − constant)^k.
  func composed(_ c: [Double]) -> Series {
    var small = self
    small.coefficients[[Int](repeating: 0, count: dimension)] = 0
    return c.reversed().reduce(Series(0, dimension: dimension)) {
      $0 * small + Series($1, dimension: dimension)
    }
  }

  func exponential() -> Series {
    composed([1, 1, 1 / 2.0, 1 / 6.0, 1 / 24.0].map { $0 * exp(constant) })
  }

  func reciprocal() -> Series {
    composed((0...Self.order).map { pow(-1, Double($0)) / pow(constant, Double($0 + 1)) })
  }

  func logarithm() -> Series {
    composed(
      [log(constant)]
        + (1...Self.order).map { k in
          -pow(-1 / constant, Double(k)) / Double(k)
        })
  }

  /// The series of an activation about a number: coefficients of the powers up to 4.
  static func expansion(of activation: Activation, at a: Double) -> [Double] {
    let x = variable(at: a)
    let one = Series(1, dimension: 1)
    let series: Series
    switch activation {
    case .tanh:
      // (1 - e)/(1 + e) with e = exp(-2x).
      let e = (-2 * x).exponential()
      series = (one + -1 * e) * (one + e).reciprocal()
    case .sin: series = x.composed([sin(a), cos(a), -sin(a) / 2, -cos(a) / 6, sin(a) / 24])
    case .softplus: series = (one + x.exponential()).logarithm()
    case .swish: series = x * (one + (-1 * x).exponential()).reciprocal()
    case .rbf: series = (-1 * (x * x)).exponential()
    case .gelu:
      // The normal distribution function is the integral of its density.
      let density = (1 / (2 * Double.pi).squareRoot()) * (-0.5 * (x * x)).exponential()
      var normal = Series(0.5 * erfc(-a / 2.0.squareRoot()), dimension: 1)
      for k in 0..<order {
        normal.coefficients[[k + 1]] = (density.coefficients[[k]] ?? 0) / Double(k + 1)
      }
      series = x * normal
    }
    return (0...order).map { series.coefficients[[$0]] ?? 0 }
  }
}

extension Sample {
  /// Jets of the outputs at a point, `[jet][output]`, by power series.
  func truth(at point: Int) -> [[Double]] {
    let factorial = [1.0, 1, 2, 6, 24]
    func scale(_ index: [Int]) -> Double { index.reduce(1) { $0 * factorial[$1] } }
    var values = (0..<shape.inputs).map { feature in
      var series = Series(0, dimension: jets.dimension)
      for (jet, index) in jets.indices.enumerated() {
        let number = features[(jet * points + point) * shape.inputs + feature]
        series.coefficients[index] = number / scale(index)
      }
      return series
    }
    let one = Series(1, dimension: jets.dimension)
    let given = values
    let gates = shape.hidden.isEmpty || shape.kind != .gated ? [] : ["gates.0", "gates.1"]
    let ends: [[Series]] = gates.map { layer($0, given, true) }
    for index in 0...shape.hidden.count {
      let isHidden = index < shape.hidden.count
      let new: [Series] = layer("layers.\(index)", values, isHidden)
      switch shape.kind {
      case .residual where isHidden && index > 0:
        let share = 1 / Double(shape.hidden.count - 1).squareRoot()
        values = zip(values, new).map { $0 + share * $1 }
      case .gated where isHidden:
        values = new.indices.map { (one + -1 * new[$0]) * ends[0][$0] + new[$0] * ends[1][$0] }
      default: values = new
      }
    }
    return jets.indices.map { index in
      values.map { ($0.coefficients[index] ?? 0) * scale(index) }
    }
  }

  /// What a layer makes of series, by the names of its numbers.
  private func layer(_ name: String, _ values: [Series], _ isActive: Bool) -> [Series] {
    func numbers(_ part: String) -> [Double]? {
      let block = shape.blocks.first { $0.name == "\(name).\(part)" }
      return block.map { Array(parameters[$0.offset..<$0.offset + $0.count]) }
    }
    let biases = numbers("bias") ?? []
    let scales = numbers("scale")?.map { exp($0) } ?? biases.map { _ in 1 }
    let weights = numbers("weight") ?? numbers("direction") ?? []
    return biases.indices.map { out in
      var sum = Series(biases[out], dimension: jets.dimension)
      for (input, value) in values.enumerated() {
        let weight: Double = scales[out] * weights[out * values.count + input]
        sum = sum + weight * value
      }
      return isActive
        ? sum.composed(Series.expansion(of: shape.activation, at: sum.constant)) : sum
    }
  }
}
