import Discretizations
import Expressions
import Glibc
import Integrators
import Numerics
import Problems
import Testing

/// An integral in an equation, and its value where u = sin(2x + 1).
struct IntegralCase: Sendable, CustomTestStringConvertible {
  let text: String
  let value: @Sendable (Double) -> Double

  var testDescription: String { text }

  /// ∫ sin(2s + 1) from a to b.
  private static func wave(_ a: Double, _ b: Double) -> Double {
    (cos(2 * a + 1) - cos(2 * b + 1)) / 2
  }

  /// ∫ |x − s|·2 cos(2s + 1) from 0 to 1, by parts.
  private static func kinked(_ x: Double) -> Double {
    let ends: Double = (1 - x) * sin(3) - x * sin(1)
    return ends + wave(0, x) - wave(x, 1)
  }

  /// ∫ exp(x − s)·sin(2s + 1) from 0 to 1.
  private static func smooth(_ x: Double) -> Double {
    let upper: Double = exp(-1) * (sin(3) + 2 * cos(3))
    let lower: Double = sin(1) + 2 * cos(1)
    return exp(x) * (lower - upper) / 5
  }

  /// ∫ s·(∫ sin(2r + 1) dr from 0 to s) ds from 0 to 1.
  private static func nested(_ x: Double) -> Double {
    let inner: Double = sin(3) / 2 + cos(3) / 4 - cos(1) / 4
    return cos(1) / 4 - inner / 2
  }

  private static func cube(_ x: Double) -> Double { (pow(sin(3), 3) - pow(sin(1), 3)) / 3 }

  static let all: [IntegralCase] = [
    IntegralCase(text: "integral(u, x, 0, 1)") { _ in wave(0, 1) },
    IntegralCase(text: "integral(u, x, 0, x)") { x in wave(0, x) },
    IntegralCase(text: "integral(u, x, 1, 0)") { _ in wave(1, 0) },
    IntegralCase(text: "integral(exp(x - s)*u(s, t), s, 0, 1)") { x in smooth(x) },
    IntegralCase(text: "integral(abs(x - s)*u_x(s, t), s, 0, 1)") { x in kinked(x) },
    IntegralCase(text: "integral(u(1 - s, t), s, 0, x)") { x in wave(1 - x, 1) },
    IntegralCase(text: "integral(u^2*u_x, x, 0, 1)") { x in cube(x) },
    IntegralCase(text: "integral(u*u(s, t), s, 0, 1)") { x in sin(2 * x + 1) * wave(0, 1) },
    IntegralCase(text: "integral(s*integral(u(r, t), r, 0, s), s, 0, 1)") { x in nested(x) },
    IntegralCase(text: "integral(u*integral(u(s, t), s, 0, 1), x, 0, x)") { x in
      wave(0, x) * wave(0, 1)
    },
  ]
}

private func fieldProblem(_ text: String) throws -> Problem {
  try ProblemReader.read(bytes: Array(text.utf8), file: "p.yaml")
}

private func heat(with term: String) throws -> Problem {
  try fieldProblem(
    """
    variables: {x: [0, 1], t: [0, 1]}
    unknowns: [u]
    equations: ["u_t = u_xx + \(term)"]
    conditions: [u = sin(2*x + 1) at t = 0, u_x = 0 at x = 0, u_x = 0 at x = 1]
    """)
}

@Suite("Integrals of fields") struct GridIntegralTests {
  private func error(_ item: IntegralCase, _ scheme: Scheme, _ points: Int) throws -> Double {
    let problem = try heat(with: item.text)
    let source = try #require(try GridIntegralSource(problem))
    let grid = Grid([AxisSpec(name: "x", lower: 0, upper: 1, scheme: scheme, points: points)])
    let terms = try source.makeTerms(grid, components: [Symbol("u")], parameters: [:])
    let fields = Storage(grid.axes[0].nodes.map { sin(2 * $0 + 1) })
    let values = Storage(source.symbols.count * grid.count)
    defer { fields.keep(values) }
    terms.evaluate(
      0, fields.vector,
      into: source.symbols.indices.map { values.vector.slice($0 * grid.count, grid.count) })
    // The outermost integral comes last.
    let last = values.vector.slice((source.symbols.count - 1) * grid.count, grid.count)
    return grid.axes[0].nodes.indices.reduce(0) { worst, i in
      max(worst, abs(last[i] - item.value(grid.axes[0].nodes[i])))
    }
  }

  /// The interpolant of 20 Chebyshev points errs by 1e-15; the derivative of it by some 1e-13.
  @Test("agree with closed forms, spectrally", arguments: IntegralCase.all)
  func spectral(_ item: IntegralCase) throws {
    #expect(try error(item, .chebyshev, 20) < 2e-12)
  }

  /// Local interpolants have at least the scheme's order, and the panels end where they join.
  @Test(
    "agree with closed forms at the order of the differences", arguments: IntegralCase.all, [2, 4])
  func order(_ item: IntegralCase, _ order: Int) throws {
    let coarse = try error(item, .difference(order), 20)
    let fine = try error(item, .difference(order), 40)
    #expect(log2(coarse / fine) > Double(order) - 0.2 || fine < 1e-11, "\(coarse), \(fine)")
  }

  @Test("are computed once where they are equal, and are not where nothing is to be integrated")
  func sharing() throws {
    let problem = try heat(with: "integral(u, x, 0, 1) + x*integral(u, x, 0, 1)^2")
    #expect(try GridIntegralSource(problem)?.symbols.count == 1)
    #expect(try GridIntegralSource(heat(with: "u")) == nil)
  }
}

/// Terms of two fields: linear and not, nested, with the state at the point itself, moving limits.
private let slopeTexts = [
  "integral(u^2*v, x, 0, 1)", "integral(u*v(s, t), s, 0, x)",
  "integral(exp(-t*s)*u(s, t), s, 0, 1)",
  "integral(u_x^2/(1 + v^2), x, x/2, 1)", "integral(u*integral(v^2*r, r, 0, x)*v, x, 0, 1)",
  "integral(u(s, t)*integral(v(r, t)^2*s, r, 0, s), s, 0, x)",
  "v*integral(integral(u, x, 0, 1)*u(s, t)^2, s, 0, 1)",
  "integral(sin(u(1 - s, t) + t*x), s, 0, 1)",
]

@Suite("Slopes of integrals of fields") struct GridIntegralSlopeTests {
  private func setUp(_ text: String) throws -> (GridIntegralSource, any NonlocalTerms, Grid) {
    let problem = try fieldProblem(
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u, v]
      equations: ["u_t = u_xx + \(text)", "v_t = v_xx"]
      conditions: [u = 0 at t = 0, v = 0 at t = 0, u = 0 at boundary, v = 0 at boundary]
      """)
    let source = try #require(try GridIntegralSource(problem))
    let grid = Grid([AxisSpec(name: "x", lower: 0, upper: 1, scheme: .difference(4), points: 9)])
    return (
      source,
      try source.makeTerms(grid, components: [Symbol("u"), Symbol("v")], parameters: [:]), grid
    )
  }

  private func values(_ terms: any NonlocalTerms, _ t: Double, _ fields: [Double], _ n: Int)
    -> [Double]
  {
    let point = Storage(fields)
    let result = Storage(terms.columns.count * n)
    defer { point.keep(result) }
    terms.evaluate(
      t, point.vector,
      into: terms.columns.indices.map { result.vector.slice($0 * n, n) })
    return result.vector.array
  }

  private let fields = (0..<18).map { 0.5 + sin(Double($0 * $0)) }

  @Test(
    "∂/∂fields agrees with differences, and nothing is outside of the columns",
    arguments: slopeTexts)
  func jacobian(_ text: String) throws {
    let (_, terms, grid) = try setUp(text)
    let n = grid.count
    let sizes = terms.columns.map { $0.reduce(0) { $0 + $1.count } }
    let storage = sizes.map { Storage($0) }
    let point = Storage(fields)
    defer { point.keep(storage[0]) }
    terms.jacobian(0.3, point.vector, into: storage.map(\.vector))
    for column in fields.indices {
      let found = slope(1e-2) { shift in
        var moved = fields
        moved[column] += shift
        return values(terms, 0.3, moved, n)
      }
      for symbol in terms.columns.indices {
        var first = 0
        for node in 0..<n {
          let list = terms.columns[symbol][node]
          let exact =
            list.firstIndex(of: column).map { storage[symbol].vector[first + $0] } ?? 0
          // Differences of order 6 with h = 1e-2: h⁶ = 1e-12 times seventh derivatives of a
          // quotient, some hundreds.
          #expect(abs(found[symbol * n + node] - exact) < 2e-9, "\(node), \(column)")
          first += list.count
        }
      }
    }
  }

  @Test("∂/∂t agrees with differences", arguments: slopeTexts)
  func time(_ text: String) throws {
    let (_, terms, grid) = try setUp(text)
    let n = grid.count
    let point = Storage(fields)
    let result = Storage(terms.columns.count * n)
    defer { point.keep(result) }
    terms.timeDerivative(
      0.3, point.vector, into: terms.columns.indices.map { result.vector.slice($0 * n, n) })
    let found = slope(1e-2) { values(terms, 0.3 + $0, fields, n) }
    for (exact, found) in zip(result.vector.array, found) {
      #expect(abs(exact - found) < 1e-10)
    }
  }
}
