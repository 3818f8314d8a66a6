import Reports
import Testing

@Suite("Summaries") struct SummaryTests {
  static let machine = MachineDescription(
    cpu: "CPU", cores: 2, memory: 1 << 33, system: "Linux", blas: nil)

  @Test("escape what JSON asks for, and have no infinity", .tags(.unit))
  func json() {
    #expect(JSONValue.text("a\"\\\n\t\u{1}/é😀").rendered == #""a\"\\\n\t\u0001/é😀""#)
    #expect(
      JSONValue.list([.number(.nan), .number(.infinity)]).rendered == "[\n  null,\n  null\n]")
    #expect(
      JSONValue.object([
        ("b", .number(0.1)), ("a", .object([("n", .integer(-3))])), ("c", .list([])),
        ("d", .bool(true)),
      ]).rendered == """
        {
          "b": 0.1,
          "a": {"n": -3},
          "c": [],
          "d": true
        }
        """)
  }

  @Test("have the contract's keys in its order", .tags(.unit))
  func keys() {
    var summary = Summary(problem: "p.yaml", verb: "solve", machine: Self.machine)
    let keys = [
      "problem", "verb", "outcome", "message", "seconds", "version", "machine", "seed", "threads",
      "method", "steps", "rejected", "evaluations", "jacobians", "factorizations",
      "energy_joules", "energy_source", "errors", "estimated_error", "estimates",
      "chi2_per_point", "loss", "parameters", "warnings", "files",
    ]
    func keysFound() -> [String] {
      guard case .object(let members) = summary.json else { return [] }
      return members.map(\.key)
    }
    #expect(keysFound() == keys.filter { $0 != "errors" })
    summary.errors = [("x", Summary.ErrorNorms(relativeL2: nil, max: 1e-9))]
    #expect(keysFound() == keys)
    #expect(summary.json.rendered.contains(#""x": {"relative_l2": null, "max": 1e-9}"#))
    summary.more = [("choices", .list([]))]
    #expect(keysFound() == keys + ["choices"])
  }

  @Test("say in a few lines what happened", .tags(.unit))
  func lines() {
    var summary = Summary(problem: "lorenz.yaml", verb: "solve", machine: Self.machine)
    summary.message = "reached t = 20"
    summary.seconds = 0.01234
    summary.method = "tsit5"
    summary.steps = 120
    summary.evaluations = 721
    summary.errors = [("x", Summary.ErrorNorms(relativeL2: 1.2345e-9, max: 5e-8))]
    summary.remarks = ["residual of x' = y: rms 1e-9"]
    summary.warnings = ["the orbit is chaotic"]
    #expect(
      summary.text(folder: "outputs/lorenz/solve-001") == """
        lorenz.yaml: reached t = 20
          0.0123 s, tsit5, 120 steps, 721 evaluations
          error of x: relative 1.23e-9, max 5e-8
          residual of x' = y: rms 1e-9
          warning: the orbit is chaotic
          results: outputs/lorenz/solve-001
        """)
  }

  @Test("end with the contract's exit codes", .tags(.unit))
  func exitCodes() {
    #expect(Outcome.allCases.map(\.rawValue) == ["reached", "failed", "stopped"])
    #expect(Outcome.allCases.map(\.exitStatus.rawValue) == [0, 1, 130])
    #expect(ExitStatus.allCases.map(\.rawValue) == [0, 1, 2, 3, 64, 130])
  }
}
