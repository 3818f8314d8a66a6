import Problems
import Residuals
import Testing

/// Sensitivities of stiff systems, published and among themselves.
///
/// The discrete adjoint is not among them: it follows explicit steps alone.
@Suite("gradients of stiff trajectories")
struct StiffAdjointTests {
  /// Robertson's kinetics with the integral of y₃ as a fourth component.
  static func robertson(end: String, data: String) -> TrajectorySample {
    TrajectorySample(
      "Robertson",
      """
      variables: {t: [0, \(end)]}
      unknowns: [a, b, c, total]
      estimate: {k1: {start: 0.04}, k2: {start: 1e4}, k3: {start: 3e7}}
      equations:
        - a' = -k1*a + k2*b*c
        - b' = k1*a - k2*b*c - k3*b^2
        - c' = k3*b^2
        - total' = c
      conditions: [a = 1 at t = 0, b = 0 at t = 0, c = 0 at t = 0, total = 0 at t = 0]
      data: {file: data.csv, noise: 1}
      train: {unknowns: trajectory}
      """, data: data)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let method: String
    let gradient: TrajectoryGradient
    let rtol: String

    var testDescription: String { "\(method), \(gradient.rawValue)" }
  }

  static let cases: [Case] = [("rodas5p", "1e-9"), ("bdf", "1e-8")].flatMap { method in
    [TrajectoryGradient.forward, .interpolatingAdjoint].map {
      Case(method: method.0, gradient: $0, rtol: method.1)
    }
  }

  /// Derivatives of the last measurement by the constants themselves.
  private func slopes(_ sample: TrajectorySample, _ test: Case) throws -> [Double] {
    let all = try sample.residuals([
      "solve.method=\(test.method)", "train.gradient=\(test.gradient.rawValue)",
      "solve.rtol=\(test.rtol)",
    ])
    let theta = all.initialParameters(seed: 1)
    var weights = [Double](repeating: 0, count: all.residualCount)
    // Residuals are divided by the root of their count.
    weights[weights.count - 1] = Double(weights.count).squareRoot()
    let gradient = all.pulled(theta, weights)
    return zip(gradient, all.layout.values(theta)).map { $0 / $1.slope }
  }

  @Test("Robertson at t = 40: CVODES's digits", .tags(.property), arguments: cases)
  func forty(_ test: Case) throws {
    // cvsRoberts_FSA of CVODES; itself at rtol 1e-4, it cuts the last digit.
    let expected = [-4.2475, 1.3731e-5, -2.2883e-9]
    let sample = Self.robertson(end: "40", data: "t,a\n10,0.84\n40,0.7158\n")
    let found = try slopes(sample, test)
    for (a, b) in zip(found, expected) { #expect(abs(a / b - 1) < 3e-5, "\(found)") }
    // Each other they meet closer: local errors of 1e-9 and 1e-8, gathered.
    let all = try Self.cases.map { try slopes(sample, $0) }
    for other in all { #expect(distance([1, 1, 1], zip(found, other).map { $0 / $1 }) < 1e-6) }
  }

  @Test("the integral of y3 up to 4e7: CVODES's digits", .tags(.property), arguments: cases)
  func integral(_ test: Case) throws {
    // cvsRoberts_ASAi of CVODES, itself at rtol 1e-6: a fourth digit is its own error.
    let expected = [7.6842e5, -3.0691, 5.1144e-4]
    let sample = Self.robertson(
      end: "4e7", data: "t,total\n1e6,9.7e5\n4e7,3.9983e7\n")
    let found = try slopes(sample, test)
    for (a, b) in zip(found, expected) { #expect(abs(a / b - 1) < 2e-4, "\(found)") }
  }

  @Test("an algebraic constraint holds for the adjoint, too", .tags(.property))
  func algebraic() throws {
    let sample = TrajectorySample(
      "constrained",
      """
      variables: {t: [0, 1]}
      unknowns: [x, z]
      estimate: {k: {start: 1.2}, begin: {start: 0.8}}
      networks:
        u: {inputs: [x, z], outputs: [U], hidden: [4], activation: tanh}
      equations: [x' = -k*x*z + U, "0 = z + z^3 - k*x"]
      conditions: [x = begin at t = 0]
      data: {file: data.csv, noise: 0.1}
      """, data: "t,x,z\n0,0.8,0.6\n0.3,0.6,\n0.7,,0.4\n1,0.4,0.3\n")
    let settings = ["solve.method=rodas5p", "solve.rtol=1e-10", "solve.atol=1e-12"]
    let forward = try sample.residuals(settings + ["train.gradient=forward"], pieces: 2)
    let adjoint = try sample.residuals(
      settings + ["train.gradient=interpolating-adjoint"], pieces: 2)
    let theta = forward.someParameters()
    var numbers = Numbers(9)
    let weights = numbers.array(forward.residualCount)
    let direction = numbers.array(forward.parameterCount)
    #expect(distance(forward.pulled(theta, weights), adjoint.pulled(theta, weights)) < 1e-8)
    #expect(distance(forward.pushed(theta, direction), adjoint.pushed(theta, direction)) < 1e-8)
  }
}
