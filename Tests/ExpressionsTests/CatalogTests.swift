import Expressions
import Testing

@Suite("Function catalog") struct CatalogTests {
  /// Arguments inside the domain of nearly every function, away from whole numbers and 1.
  static let places: [[Double]] = [
    [0.37, 0.61, 0.43, 0.29], [0.83, 0.52, 0.71, 0.45], [2.0, 1.6, 0.7, 0.3], [3, 2, 2.4, 0.4],
    [3, 0.45, 0.55, 0.2], [-0.42, -0.31, -0.6, -0.2], [2.6, 3.4, 1.3, 0.6], [2, 3, 0.4, 0.5],
    [-0.21, 0.35, 0.4, 0.3], [3, 2, 0.4, 0.5], [1.8, 0.9, -0.4, -0.3],
  ]

  /// Fourteen digits in, about ten out of a difference of order 8: 1e-7 leaves GSL's own rounding
  /// (some of its functions hold ten digits) room.
  @Test("every derivative rule agrees with differences", arguments: FunctionCatalog.all.map(\.name))
  func rules(_ name: String) throws {
    let function = try #require(Function(named: name))
    let names = ["a", "b", "c", "d"].prefix(function.row.argumentCount)
    let call = Expression.call(function, names.map { .symbol($0) })
    for (index, name) in names.enumerated() {
      guard let slope = try? call.derivative(by: Symbol(name)) else { continue }
      var compared = 0
      for numbers in CatalogTests.places {
        var values = Dictionary(uniqueKeysWithValues: zip(names.map { Symbol($0) }, numbers))
        let exact = try slope.evaluate(values)
        let center = numbers[index]
        func value(_ x: Double) throws -> Double {
          values[Symbol(name)] = x
          return try call.evaluate(values)
        }
        let size = abs(try value(center))
        let coarse = try difference(value, at: center, step: 0.004)
        let fine = try difference(value, at: center, step: 0.002)
        guard coarse.isFinite, abs(coarse - fine) <= 1e-8 * (size + abs(fine)) else { continue }
        // GSL's psi_n, the slope of psi_1, wants a positive argument.
        if function.name == "psi_1", numbers[0] < 0 { continue }
        compared += 1
        #expect(
          abs(exact - fine) <= 1e-7 * (size + abs(fine)),
          "\(function.name) by argument \(index + 1) at \(numbers): \(exact), differences \(fine)")
      }
      #expect(
        compared > 0, "\(function.name): no point to compare the rule for argument \(index + 1)")
    }
  }

  /// A loop over the size of an argument would not end at 1e300.
  @Test("every function returns, whatever the numbers", arguments: FunctionCatalog.all.map(\.name))
  func returns(_ name: String) throws {
    let function = try #require(Function(named: name))
    let numbers: [Double] = [
      0, -0.0, 1, -1, 0.5, -2.5, 3, 40, -1e5, 1e5, 1e16, -1e300, 1e300, .infinity, -.infinity, .nan,
      .leastNonzeroMagnitude,
    ]
    let counts = function.row.argumentCount
    // Every tuple where there are few, else a seeded choice.
    var generator = SeededGenerator(7)
    for _ in 0..<min(300, Int(numbers.count) * numbers.count) {
      let arguments = (0..<counts).map { _ in Expression.number(generator.pick(numbers)) }
      let value = try Expression.call(function, arguments).evaluate()
      #expect(value.isFinite || !value.isFinite)
    }
  }

  @Test("most functions have a rule, and rules belong to functions")
  func coverage() {
    var bare: [String] = []
    for row in FunctionCatalog.all {
      let arguments = (0..<row.argumentCount).map { Expression.symbol("a\($0)") }
      if arguments.indices.allSatisfy({ row.slope(arguments, $0) == nil }) { bare.append(row.name) }
    }
    let known: Set = [
      "ellint_RD", "ellint_RJ", "ellint_Pcomp", "zeta", "eta", "zetam1", "pochrel", "exprel_2",
      "exprel_n", "psi_1piy", "fermi_dirac_mhalf", "legendre_sphPlm",
    ]
    #expect(Set(bare) == known)
    #expect(FunctionCatalog.all.count > 185)
  }

  @Test(
    "values at corners follow the format",
    arguments: [
      ("heaviside(0)", 1), ("heaviside(-1e-300)", 0), ("sign(0)", 0), ("sign(-3)", -1),
      ("mod(-1, 3)", 2), ("mod(1, -3)", -2), ("mod(5.5, 2)", 1.5), ("mod(-6, 3)", 0),
      ("2 >= 2", 1), ("2 != 2", 0), ("1 == 1", 1), ("3 and 0", 0), ("3 or 0", 1), ("not 3", 0),
      ("if(0, 1, 2)", 2), ("if(-1, 1, 2)", 1), ("cbrt(-8)", -2), ("gamma(5)", 24),
      ("floor(-0.5)", -1), ("ceil(0.2)", 1), ("min(2, -3)", -3),
      ("atan2(1, -1)", 2.356194490192345),
      ("log10(1000)", 3), ("sqrt(9)", 3), ("0^0", 1), ("2^0.5", 1.4142135623730951),
    ])
  func corners(_ text: String, _ value: Double) throws {
    let expression = try #require(Scope().resolve(text).expression)
    #expect(try expression.evaluate() == value)
  }

  /// Digits from the NIST Digital Library and Abramowitz & Stegun; 1e-14 relative.
  @Test(
    "special functions are GSL's",
    arguments: [
      ("bessel_J0(1)", 0.7651976865579666), ("bessel_Kn(2, 1.5)", 0.5836559632566508),
      ("airy_Ai(0)", 0.355028053887817239), ("ellint_Kcomp(0.5)", 1.685750354812596),
      ("dawson(1)", 0.5380795069127684), ("lambert_W0(1)", 0.5671432904097838),
      ("zeta(3)", 1.2020569031595942), ("psi(1)", -0.5772156649015329),
      ("beta(2, 3)", 1.0 / 12), ("hyperg_2F1(1, 1, 2, 0.5)", 1.3862943611198906),
      ("legendre_Pl(3, 0.5)", -0.4375), ("hermite(3, 2)", 40),
      ("expint_E1(1)", 0.21938393439552029),
    ])
  func values(_ text: String, _ value: Double) throws {
    let expression = try #require(Scope().resolve(text).expression)
    #expect(abs(try expression.evaluate() - value) <= 1e-14 * abs(value))
  }

  @Test("an order that is no whole number, or a place outside the domain, gives NaN")
  func domains() throws {
    let scope = Scope(variables: ["x"])
    for text in [
      "bessel_Jn(x, 1)", "log(x - 3)", "airy_Ai((x - x)/(x - x))", "lambert_W0(-x)",
      "hyperg_1F1(1e6*x, 1, 1)", "hermite(x, 1)",
    ] {
      let expression = try #require(scope.resolve(text).expression)
      #expect(try expression.evaluate([Symbol("x"): 2.5]).isNaN, "\(text)")
    }
  }
}
