import Foundation
import Integrators
import Residuals
import Testing
import Workbench

/// Intervals of estimates over many simulated data sets.
@Suite struct CoverageTests {
  private static let sets = 400

  private static let epidemic = """
    variables: {t: [0, 15]}
    unknowns: [S, I]
    parameters: {N: 763}
    equations: ["S' = -beta*S*I/N", "I' = beta*S*I/N - gamma*I"]
    conditions: ["S = N - 1 at t = 0", "I = 1 at t = 0"]
    solve: {rtol: 1e-8}
    output: {t: 31}
    """

  /// 95 % intervals of both rates cover in 92 to 98 % of 400 data sets with normal noise of 10 persons:
  /// by chance a right method leaves that range in one of 140 cases.
  @Test("intervals of an epidemic's rates", .tags(.property))
  func epidemic() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "coverage-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let truth = folder.appending(path: "truth.yaml")
    try (Self.epidemic + "\nestimate: {beta: {start: 1.66}, gamma: {start: 1/2.2}}\n").write(
      to: truth, atomically: true, encoding: .utf8)
    let exact = try solve(problemFile: truth.path)
    let file = folder.appending(path: "fit.yaml")
    try
      (Self.epidemic
      + "\nestimate: {beta: {start: 1, bounds: [0, 10]}, gamma: {start: 1, bounds: [0, 5]}}\n"
      + "data: {file: data.csv, noise: 10}\n").write(to: file, atomically: true, encoding: .utf8)
    var generator = NormalNumbers(seed: 1)
    var covered = ["beta": 0, "gamma": 0]
    for _ in 0..<Self.sets {
      var table = "t,S,I\n"
      for (t, state) in zip(exact.times, exact.states) {
        table += "\(t),\(state[0] + 10 * generator.next()),\(state[1] + 10 * generator.next())\n"
      }
      try table.write(
        to: folder.appending(path: "data.csv"), atomically: true, encoding: .utf8)
      let model = try fit(problemFile: file.path, threads: 1)
      for estimate in model.estimates {
        let error = try #require(estimate.standardError)
        let value = estimate.name == "beta" ? 1.66 : 1 / 2.2
        if (estimate.value - value).magnitude < 1.96 * error {
          covered[estimate.name, default: 0] += 1
        }
      }
    }
    for (name, count) in covered {
      #expect((368...392).contains(count), "\(name): \(count) of \(Self.sets)")
    }
  }
}

/// Normal numbers by Box and Muller, the same on every machine.
private struct NormalNumbers {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  private mutating func uniform() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return (Double((z ^ (z >> 31)) >> 11) + 0.5) / 9_007_199_254_740_992
  }

  mutating func next() -> Double {
    let (a, b) = (uniform(), uniform())
    return (-2 * log(a)).squareRoot() * cos(2 * .pi * b)
  }
}
