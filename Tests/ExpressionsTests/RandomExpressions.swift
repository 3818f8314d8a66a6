import Expressions

/// A seeded stream of numbers (SplitMix64): the same seed, the same tests.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &self)]
  }
}

/// Makes random expressions over a fixed set of names.
struct RandomExpressions {
  enum Kind {
    /// Every operation, also those that jump.
    case any
    /// Only operations with derivatives everywhere in their domain.
    case smooth
    /// `any`, with integrals and unknowns at other places.
    case nonlocal
  }

  static let scope = Scope(
    variables: ["x", "t"], marching: "t", unknowns: ["u", "v"], values: ["k", "gamma", "θ"])
  static let inputs = Inputs(
    point: [Symbol("x"), Symbol("t")],
    state: [Symbol("u"), Symbol("v"), Symbol("u", ["x"]), Symbol("u", ["x", "x"])],
    parameters: [Symbol("k"), Symbol("gamma"), Symbol("θ")])
  static let leaves = inputs.point + inputs.state + inputs.parameters

  var generator: SeededGenerator
  let kind: Kind

  init(seed: UInt64, kind: Kind) {
    generator = SeededGenerator(seed)
    self.kind = kind
  }

  private static let numbers: [Double] = [
    0, 1, 2, 3, -1, -2, 0.5, 10, -0.25, 1e-3, 28, 1.5e10, 8.0 / 3,
  ]
  private static let smooth = [
    "sin", "cos", "exp", "tanh", "atan", "erf", "sinh", "cosh", "bessel_J0", "Si",
  ]
  private static let rough = [
    "abs", "sign", "heaviside", "floor", "ceil", "min", "max", "mod", "sqrt", "log", "log10",
    "tan", "asin", "acos", "atan2", "cbrt", "erfc", "gamma", "airy_Ai", "bessel_Jn", "hyperg_1F1",
    "hyperg_2F1", "lambert_W0",
  ]

  mutating func next(depth: Int) -> Expression {
    if depth == 0 || Int.random(in: 0..<12, using: &generator) == 0 { return leaf() }
    let a = next(depth: depth - 1)
    switch Int.random(in: 0..<(kind == .smooth ? 9 : 16), using: &generator) {
    case 0, 1: return a + next(depth: depth - 1)
    case 2: return a - next(depth: depth - 1)
    case 3, 4: return a * next(depth: depth - 1)
    case 5:
      return kind == .smooth
        ? a / (2 + .pow(next(depth: depth - 1), 2)) : a / next(depth: depth - 1)
    case 6: return -a
    case 7: return .pow(a, exponent(depth))
    case 8: return call(a, RandomExpressions.smooth, depth)
    case 9, 10: return call(a, RandomExpressions.rough, depth)
    case 11: return .logical(comparison(), a, next(depth: depth - 1))
    case 12: return .logical(generator.pick([.and, .or]), a, next(depth: depth - 1))
    case 13: return .not(a)
    case 14: return .select(a, next(depth: depth - 1), next(depth: depth - 1))
    default: return kind == .nonlocal ? nonlocal(a, depth) : a
    }
  }

  private mutating func leaf() -> Expression {
    if Bool.random(using: &generator) { return .symbol(generator.pick(RandomExpressions.leaves)) }
    // Differences cannot follow what a large factor makes oscillate.
    let numbers = RandomExpressions.numbers.filter { kind != .smooth || abs($0) <= 3 }
    return .number(generator.pick(numbers))
  }

  private mutating func exponent(_ depth: Int) -> Expression {
    if kind == .smooth { return .number(generator.pick([2, 3, 4])) }
    if Bool.random(using: &generator) {
      return .number(generator.pick([2, 3, 4, 5, 7, 16, 17, -1, -2, -3, 0.5, 1.5, -0.5]))
    }
    return next(depth: depth - 1)
  }

  private mutating func comparison() -> Expressions.Operation {
    generator.pick([.less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual])
  }

  private mutating func call(_ first: Expression, _ names: [String], _ depth: Int) -> Expression {
    guard let function = Function(named: generator.pick(names)) else { return first }
    var arguments = [first]
    while arguments.count < function.row.argumentCount {
      arguments.append(next(depth: depth - 1))
    }
    return .call(function, arguments)
  }

  private mutating func nonlocal(_ a: Expression, _ depth: Int) -> Expression {
    guard a.integralDepth == 0 else { return a }
    let place = Expression.place(Symbol("u"), variables: ["x", "t"], [.symbol("s"), .symbol("t")])
    let limit = Expression.symbol(generator.pick(["x", "t", "k"]))
    return .integral(a * place + .symbol("s"), "s", .zero, limit)
  }

  /// Values for the leaves: ordinary ones, and now and then what breaks arithmetic.
  mutating func values(rough: Bool) -> [Double] {
    let strange: [Double] = [
      0, -0.0, 1, -1, .infinity, -.infinity, .nan, 1e300, .leastNonzeroMagnitude, -1e-300,
    ]
    return RandomExpressions.leaves.map { _ in
      rough && Int.random(in: 0..<4, using: &generator) == 0
        ? generator.pick(strange) : Double.random(in: -2...2, using: &generator)
    }
  }
}

/// Whether two doubles have the same bits; all NaNs are one.
func sameBits(_ a: Double, _ b: Double) -> Bool {
  a.bitPattern == b.bitPattern || a.isNaN && b.isNaN
}
