import Testing

@Suite(.tags(.endToEnd)) struct SummaryTests {
  private let keys = [
    "problem", "verb", "outcome", "message", "seconds", "version", "machine", "seed", "threads",
    "method", "steps", "rejected", "evaluations", "jacobians", "factorizations", "energy_joules",
    "energy_source", "errors", "estimated_error", "estimates", "chi2_per_point", "loss",
    "parameters", "warnings", "files",
  ]

  @Test func keysComeInTheOrderOfTheContract() throws {
    let place = Place()
    let run = place.cauchy("solve", "\(Command.gallery)/robertson.yaml", "--out", "run", "--json")
    #expect(run.status == 0 && run.errors.isEmpty)
    let written = try #require(Files.read(place("run/summary.json")))
    // --json prints the file, and nothing else.
    #expect(run.output == written)
    let summary = try #require(Report(written))
    #expect(summary.keys == keys)
    for key in ["problem", "verb", "outcome", "message", "version", "method", "energy_source"] {
      #expect(summary.values[key] is String, "\(key)")
    }
    for key in ["threads", "steps", "rejected", "evaluations", "jacobians", "factorizations"] {
      #expect(summary.values[key] is Int, "\(key)")
    }
    #expect((summary.values["seconds"] as? Double ?? -1) > 0)
    #expect((summary.values["jacobians"] as? Int ?? 0) > 0)
    for key in ["seed", "estimated_error", "estimates", "chi2_per_point", "loss", "parameters"] {
      #expect("\(summary.values[key] ?? "")" == "<null>", "\(key)")
    }
    let errors = try #require(summary.values["errors"] as? [String: [String: Double]])
    #expect(Set(errors.keys) == ["y1", "y2", "y3"])
    #expect(errors["y1"]?.keys.sorted() == ["max", "relative_l2"])
    #expect(summary.values["machine"] is [String: Any])
  }

  /// The errors say how far the rows are from the closed form.
  @Test func errorsAreThoseOfTheRows() throws {
    let place = Place()
    place.write(
      """
      variables: {t: [0, 2]}
      unknowns: [u, zero]
      equations: ["u' = -u", "zero' = zero"]
      conditions: [u = 1 at t = 0, zero = 0 at t = 0]
      exact: {u: exp(-t), zero: 0*t}
      solve: {method: rkf45, rtol: 1e-4}
      output: {t: 21}
      """, to: "decay.yaml")
    #expect(place.cauchy("solve", "decay.yaml", "--out", "run").status == 0)
    let table = try #require(CSV(place("run/trajectory.csv")))
    let summary = try #require(Report(file: place("run/summary.json")))
    let errors = try #require(summary.values["errors"] as? [String: [String: Any]])
    var (squares, truth, largest) = (0.0, 0.0, 0.0)
    for (t, u) in zip(table["t"], table["u"]) {
      let exact = exponential(-t)
      squares += (u - exact) * (u - exact)
      truth += exact * exact
      largest = max(largest, (u - exact).magnitude)
    }
    // The sums differ in their rounding alone.
    let relative = try #require(errors["u"]?["relative_l2"] as? Double)
    #expect((relative - (squares / truth).squareRoot()).magnitude <= 1e-12 * relative)
    let maximum = try #require(errors["u"]?["max"] as? Double)
    #expect((maximum - largest).magnitude <= 1e-12 * largest)
    #expect("\(errors["zero"]?["relative_l2"] ?? 0)" == "<null>")
    #expect(errors["zero"]?["max"] as? Double == 0)
  }

  @Test func withoutATruthThereAreNoErrors() throws {
    let place = Place()
    place.write(Problems.oscillator, to: "oscillator.yaml")
    #expect(place.cauchy("solve", "oscillator.yaml", "--out", "run").status == 0)
    let summary = try #require(Report(file: place("run/summary.json")))
    #expect(summary.keys == keys.filter { $0 != "errors" })
  }

  /// Asking for more rows never changes a step, and costs no evaluation a row.
  @Test(arguments: ["auto", "tsit5", "dop853", "rodas5p", "bdf", "rkf45", "rk8pd", "msbdf"])
  func rowsCostNothing(_ method: String) throws {
    let place = Place()
    place.write(Problems.oscillator, to: "oscillator.yaml")
    var steps: [Int] = []
    var evaluations: [Int] = []
    for rows in [2, 201, 20001] {
      let run = place.cauchy(
        "solve", "oscillator.yaml", "--out", "\(rows)", "--set", "output.t=\(rows)", "--set",
        "solve.method=\(method)")
      #expect(run.status == 0, "\(run.errors)")
      let summary = try #require(Report(file: place("\(rows)/summary.json")))
      steps.append(summary.values["steps"] as? Int ?? -1)
      evaluations.append(summary.evaluations)
    }
    #expect(Set(steps).count == 1)
    // An interpolant is made at most once a step; the costliest, of order 8, takes 3 stages and at
    // most 6 sweeps of 9 evaluations.
    let extra = evaluations[2] - evaluations[0]
    #expect(extra <= 57 * (steps[0] + 1), "\(extra) more evaluations in \(steps[0]) steps")
  }
}
