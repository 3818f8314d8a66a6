import Testing

/// Partial differential equations and boundary-value problems from the command.
@Suite(.tags(.endToEnd)) struct FieldTests {
  private static func solve(_ problem: String, _ arguments: String...) throws -> (
    run: Ran, summary: Report, table: CSV
  ) {
    let place = Place()
    place.write(problem, to: "p.yaml")
    let run = place.start(["solve", "p.yaml", "--out", "run"] + arguments).wait()
    let summary = try #require(Report(file: place("run/summary.json")), "\(run.errors)")
    return (run, summary, try #require(CSV(place("run/trajectory.csv"))))
  }

  /// Every kind meets the accuracy, by its own estimate and by the truth.
  @Test(arguments: [
    ("heat", FieldProblems.heat, "reached t = 0.1 on "),
    ("heat, t first", FieldProblems.heatTimeFirst, "reached t = 0.1 on "),
    ("periodic", FieldProblems.wave, "reached t = 1 on "),
    ("elliptic", FieldProblems.poisson, "solved on "),
    ("boundary values", FieldProblems.boundary, "solved on "),
    ("Volterra", FieldProblems.volterra, "solved on "),
  ])
  func everyKindMeetsItsAccuracy(_ name: String, _ problem: String, _ start: String) throws {
    let (run, summary, _) = try Self.solve(problem)
    #expect(run.status == 0, "\(run.errors)")
    #expect(summary.outcome == "reached")
    #expect(summary.message.hasPrefix(start) && summary.message.contains(", estimated error "))
    let estimates = try #require(summary.values["estimated_error"] as? [String: Double])
    #expect(estimates.values.allSatisfy { $0 <= 1e-6 } && !estimates.isEmpty)
    let error = try #require(summary.worstError)
    #expect(error <= 1e-6)
    #expect(run.output.contains("  estimated error of ") && run.output.contains("  error of "))
    #expect(run.errors.isEmpty)
  }

  @Test func rowsAreInTheOrderOfTheVariables() throws {
    let (_, _, table) = try Self.solve(FieldProblems.heat)
    #expect(table.columns == ["x", "t", "u", "flux"])
    #expect(table["x"] == [0, 0.25, 0.5, 0.75, 1].flatMap { [$0, $0, $0] })
    #expect(table["t"] == (0..<5).flatMap { _ in [0, 0.05, 0.1] })
    // Accuracy 1e-6 of a field of size 1; its derivative at the wall loses a digit or two.
    for (row, flux) in table["flux"].enumerated() {
      let (x, t) = (table["x"][row], table["t"][row])
      let truth = -Double.pi * exponential(-Double.pi * .pi * t) * Problems.cosine(.pi * x)
      #expect(abs(flux - truth) < 1e-4)
    }
    let (_, _, first) = try Self.solve(FieldProblems.heatTimeFirst)
    #expect(first.columns == ["t", "x", "u"])
    #expect(first["t"] == [0, 0, 0.1, 0.1] && first["x"] == [0.25, 0.5, 0.25, 0.5])
  }

  /// The start is written as declared, not as a grid sees it.
  @Test func kinksOfTheStartAreExact() throws {
    let kinked = FieldProblems.heat.replacing("sin(pi*x) at", with: "abs(x - 0.25) - 0.25 at")
    let (_, _, table) = try Self.solve(
      kinked, "--set", "exact=null", "--set", "solve.accuracy=1e-3")
    let starts = table.rows.indices.filter { table["t"][$0] == 0 }.map { table["u"][$0] }
    #expect(starts.dropFirst().dropLast() == [-0.25, 0, 0.25])
  }

  @Test func fixedGridIsNotRefined() throws {
    let (run, summary, _) = try Self.solve(
      FieldProblems.heat, "--set", "solve.grid=41", "--set", "solve.scheme=difference2")
    #expect(run.status == 0)
    #expect(
      summary.message.hasPrefix("reached t = 0.1 on 41 points (difference2), estimated error "))
    let error = try #require(summary.worstError)
    let estimates = try #require(summary.values["estimated_error"] as? [String: Double])
    let estimate = try #require(estimates["u"])
    // Order 2: π²/12·h² of each second derivative, by Richardson's rule to a factor of 2.
    #expect(error > 1e-5 && error < 1e-3 && estimate > error / 2 && estimate < 4 * error)
    #expect(summary.warnings.contains { $0.hasSuffix("remove it, or write more points") })
    let levels = try #require(summary.values["levels"] as? [[String: Any]])
    #expect(
      levels.map { $0["grid"] as? String } == [
        "21 points (difference2)", "41 points (difference2)",
      ])
  }

  @Test func everyStepIsARow() throws {
    let (_, summary, table) = try Self.solve(FieldProblems.heat, "--set", "output.t=steps")
    #expect(summary.outcome == "reached")
    let times = Array(table["t"].prefix(table.rows.count / 5))
    #expect(times.count > 5 && times == times.sorted())
    #expect(times.first == 0 && times.last == 0.1)
  }

  @Test func accuracyThatIsNotMetIsPartial() throws {
    let (run, summary, table) = try Self.solve(FieldProblems.kink)
    #expect(run.status == 1)
    #expect(summary.outcome == "failed")
    #expect(summary.message.hasPrefix("accuracy 1e-6 is not met: the estimated error on "))
    #expect(summary.message.contains("; loosen solve.accuracy to "))
    #expect(summary.message.contains("; partial: the rows are those of "))
    #expect(table.rows.count == 9 * 5)
    // Progress lines stand before it where the run takes seconds.
    #expect(run.errors.contains("p.yaml: \(summary.message)\n"))
  }

  /// u² makes u infinite before the end: rows up to there are written.
  @Test func blowUpKeepsItsRows() throws {
    let blowUp = FieldProblems.heat.replacing("k*u_xx", with: "k*u_xx + 400*u^2")
    let (run, summary, table) = try Self.solve(
      blowUp, "--set", "exact=null", "--set", "output.t=21")
    #expect(run.status == 1 && summary.outcome == "failed")
    #expect(summary.message.contains("; partial: rows up to there were written, of "))
    let last = try #require(table["t"].max())
    #expect(last < 0.1)
    #expect(table.rows.count % 5 == 0)
  }

  @Test func sweepSolvesEachCase() throws {
    let (run, summary, table) = try Self.solve(FieldProblems.heat, "--sweep", "k=1,2")
    #expect(run.status == 0, "\(run.errors)")
    #expect(summary.message == "solved 2 of 2 cases")
    #expect(table.columns == ["k", "x", "t", "u", "flux"])
    #expect(table["k"] == [1, 2].flatMap { k in (0..<15).map { _ in Double(k) } })
    for row in table.rows.indices {
      let decay = exponential(-table["k"][row] * Double.pi * .pi * table["t"][row])
      let truth = decay * Problems.sine(.pi * table["x"][row])
      #expect(abs(table["u"][row] - truth) < 1e-6)
    }
  }

  @Test(
    arguments: [
      (
        ["--sensitivity", "k"], 64,
        "--sensitivity k: sensitivities are those of initial-value problems of ordinary differential "
          + "equations; sweep k over two near values instead\n"
      ),
      (
        ["--sweep", "u=1,2"], 64,
        "--sweep u: its initial values are a field; sweep a parameter that the condition uses\n"
      ),
      (
        ["--sweep", "k=1,2", "--resume", "old"], 64,
        "--resume goes on with a single run; leave out the sweep\n"
      ),
    ] as [([String], Int32, String)])
  func refusals(_ arguments: [String], _ status: Int32, _ sentence: String) {
    let place = Place()
    place.write(FieldProblems.heat, to: "p.yaml")
    let run = place.start(["solve", "p.yaml"] + arguments).wait()
    #expect(run.status == status)
    #expect(run.errors == sentence)
    #expect(Files.names(in: place.path).filter { !$0.hasPrefix(".") } == ["p.yaml"])
  }

  @Test(arguments: [
    (
      FieldProblems.heat, "solve.scheme=fourier",
      "'fourier' needs a period, and 'x' has none; choose chebyshev, or declare: periodic in x"
    ),
    (
      FieldProblems.wave, "solve.scheme=chebyshev",
      "'chebyshev' cannot close the period of 'x'; choose fourier"
    ),
    (
      FieldProblems.heat, "solve.grid=2",
      "2 points of 'x' are too few for chebyshev here; "
        + "write at least 3"
    ),
  ])
  func schemesThatDoNotFit(_ problem: String, _ setting: String, _ sentence: String) {
    let place = Place()
    place.write(problem, to: "p.yaml")
    let run = place.cauchy("check", "p.yaml", "--set", setting)
    #expect(run.status == 2)
    #expect(run.errors.contains(sentence), "\(run.errors)")
  }

  @Test func sameBytesTwice() throws {
    let place = Place()
    place.write(FieldProblems.wave, to: "p.yaml")
    for name in ["a", "b"] {
      #expect(place.cauchy("solve", "p.yaml", "--quiet", "--out", name).status == 0)
    }
    let isSame = Files.read(place("a/trajectory.csv")) == Files.read(place("b/trajectory.csv"))
    #expect(isSame)
  }

  /// However far it had come, a run that goes on writes the bytes of one that was never interrupted.
  @Test(arguments: [20_000, 150_000, 600_000] as [UInt32])
  func resumedRunIsTheWholeRun(_ microseconds: UInt32) throws {
    let place = Place()
    place.write(FieldProblems.long, to: "p.yaml")
    #expect(place.cauchy("solve", "p.yaml", "--quiet", "--out", "whole").status <= 1)
    let running = place.start(["solve", "p.yaml", "--out", "part", "--quiet"])
    #expect(running.waitForFile(place("part"), larger: 0))
    Pause.microseconds(microseconds)
    running.interrupt()
    // Where the run was over before there is nothing to resume.
    guard running.wait().status == 130 else { return }
    let summary = try #require(Report(file: place("part/summary.json")))
    #expect(summary.outcome == "stopped")
    #expect(summary.message.hasPrefix("stopped at level "))
    #expect(summary.message.hasSuffix("; go on with --resume part"))
    #expect(summary.files.contains("checkpoint.json"))
    let resumed = place.cauchy("solve", "p.yaml", "--quiet", "--resume", "part", "--out", "rest")
    #expect(resumed.status <= 1, "\(resumed.errors)")
    let isSame =
      Files.read(place("rest/trajectory.csv")) == Files.read(place("whole/trajectory.csv"))
    #expect(isSame)
  }

  /// Rows of a reference between those of the trajectory are compared where they are.
  @Test func referenceAnywhereIsCompared() throws {
    let place = Place()
    place.write(
      FieldProblems.heat.replacing("exact:", with: "reference: {file: r.csv, accuracy: 1e-9}\n#"),
      to: "p.yaml")
    let decay = exponential(-Double.pi * .pi * 0.03)
    let u = decay * Problems.sine(.pi * 0.4)
    place.write("x,t,u\n0.5,0,1\n0.4,0.03,\(u)\n", to: "r.csv")
    let run = place.cauchy("solve", "p.yaml", "--out", "run")
    #expect(run.status == 0, "\(run.errors)")
    let summary = try #require(Report(file: place("run/summary.json")))
    let errors = try #require(summary.values["errors"] as? [String: [String: Double]])
    let largest = try #require(errors["u"]?["max"])
    #expect(largest > 0 && largest < 1e-6)
  }

  @Test func observablesIntegrateOverOrdinarySolutions() throws {
    let problem = Problems.oscillator + "\nobservables: {area: \"integral(x(s), s, 0, t)\"}\n"
    let (run, _, table) = try Self.solve(problem, "--set", "solve.rtol=1e-10")
    #expect(run.status == 0, "\(run.errors)")
    for (t, area) in zip(table["t"], table["area"]) {
      // rtol 1e-10, ten units of time.
      #expect(abs(area - Problems.sine(t)) < 1e-8)
    }
  }
}
