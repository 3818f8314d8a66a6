import Testing

@Suite(.tags(.endToEnd)) struct EnsembleTests {
  private let file = "\(Command.gallery)/lotka-volterra.yaml"

  /// Swept columns first, cases in order with the last name fastest, each as when solved alone.
  @Test func productOfSweepsAndInitialValues() throws {
    let place = Place()
    let run = place.cauchy(
      "solve", file, "--out", "run", "--set", "output.t=3", "--sweep", "alpha=1:2:3", "--sweep",
      "prey=1/2,pi")
    #expect(run.status == 0 && run.errors.isEmpty)
    let table = try #require(CSV(place("run/trajectory.csv")))
    #expect(table.columns == ["alpha", "prey0", "t", "prey", "predator", "invariant"])
    #expect(table.rows.count == 3 * 2 * 3)
    let cases = stride(from: 0, to: 18, by: 3).map { Array(table.rows[$0].prefix(2)) }
    #expect(
      cases
        == ["1", "1.5", "2"].flatMap { alpha in
          ["0.5", "3.141592653589793"].map { [alpha, $0] }
        })
    for row in stride(from: 0, to: 18, by: 3) {
      #expect(table.rows[row][2] == "0" && table.rows[row][3] == table.rows[row][1])
    }
    let alone = place.cauchy(
      "solve", file, "--out", "alone", "--set", "output.t=3", "--set", "parameters.alpha=2",
      "--set", "conditions=[prey = pi at t = 0, predator = 1 at t = 0]")
    #expect(alone.status == 0, "\(alone.errors)")
    let single = try #require(CSV(place("alone/trajectory.csv")))
    #expect(table.rows[15...].map { Array($0.dropFirst(2)) } == single.rows)
    let summary = try #require(Report(file: place("run/summary.json")))
    #expect(summary.message == "solved 6 of 6 cases")
    #expect(
      summary.files == [
        "trajectory.csv", "problem.yaml", "command.json", "summary.json", "lotka-volterra.csv",
      ])
  }

  @Test func logarithmicSpacing() throws {
    let place = Place()
    place.write(Problems.oscillator, to: "p.yaml")
    let run = place.cauchy(
      "solve", "p.yaml", "--out", "run", "--set", "output.t=2", "--sweep", "k=1e-3:1e3:7:log")
    #expect(run.status == 0)
    let swept = try #require(CSV(place("run/trajectory.csv")))["k"]
    #expect(swept.count == 14)
    #expect(swept.first == 1e-3 && swept.last == 1e3)
    for (index, value) in swept.enumerated() {
      // Two roundings of a power.
      let wanted = [1e-3, 1e-2, 1e-1, 1, 10, 100, 1e3][index / 2]
      #expect((value - wanted).magnitude <= 4 * wanted.ulp)
    }
  }

  @Test func sweepFileTimesSweep() throws {
    let place = Place()
    place.write("beta,predator\n1,2\n0.5,3\n", to: "cases.csv")
    let run = place.cauchy(
      "solve", file, "--out", "run", "--set", "output.t=2", "--sweep-file", "cases.csv", "--sweep",
      "alpha=1,2")
    #expect(run.status == 0, "\(run.errors)")
    let table = try #require(CSV(place("run/trajectory.csv")))
    #expect(Array(table.columns.prefix(4)) == ["beta", "predator0", "alpha", "t"])
    #expect(
      stride(from: 0, to: 8, by: 2).map { Array(table.rows[$0].prefix(3)) }
        == [["1", "2", "1"], ["1", "2", "2"], ["0.5", "3", "1"], ["0.5", "3", "2"]])
  }

  /// A case that fails is a row of failures.csv; its rows up to there, and all other cases, stay.
  @Test func failedCaseIsARow() throws {
    let place = Place()
    place.write(Problems.blowUp, to: "p.yaml")
    let run = place.cauchy("solve", "p.yaml", "--out", "run", "--sweep", "a=0.5,1,0.25")
    #expect(run.status == 0)
    let failures = try #require(CSV(place("run/failures.csv")))
    #expect(failures.columns == ["a", "t", "message"])
    #expect(failures.rows.count == 1 && failures.rows[0][0] == "1")
    // Within the tolerance of the pole at 1.
    #expect((failures["t"][0] - 1).magnitude < 1e-5)
    #expect(failures.rows[0][2].hasPrefix("the step size fell to the rounding of t at t = 1.0"))
    let table = try #require(CSV(place("run/trajectory.csv")))
    #expect(table["a"] == [0.5, 0.5, 0.5, 0.5, 1, 1, 1, 0.25, 0.25, 0.25, 0.25])
    let summary = try #require(Report(file: place("run/summary.json")))
    #expect(summary.outcome == "reached" && summary.message == "solved 2 of 3 cases")
    #expect(summary.warnings == ["1 of 3 cases failed: see failures.csv"])
    #expect(summary.files.contains("failures.csv"))

    let all = place.cauchy("solve", "p.yaml", "--out", "all", "--sweep", "a=1,2")
    #expect(all.status == 1)
    #expect(all.errors.hasPrefix("p.yaml: all 2 cases failed; the first: the step size fell"))
  }

  @Test func threadsChangeNoByte() throws {
    let place = Place()
    var bytes: [String] = []
    for threads in ["1", "2", "3"] {
      let run = place.cauchy(
        "solve", "\(Command.gallery)/bouncing-ball.yaml", "--out", threads, "--threads", threads,
        "--sweep", "kept=0.3:0.9:50", "--sweep", "h=10,50", "--sensitivity", "g", "--quiet")
      // Events that change the state have no sensitivities.
      #expect(run.status == 64)
      let plain = place.cauchy(
        "solve", "\(Command.gallery)/bouncing-ball.yaml", "--out", threads, "--threads", threads,
        "--sweep", "kept=0.3:0.7:50", "--sweep", "h=10,50", "--quiet")
      #expect(plain.status == 0 && plain.errors.isEmpty)
      let trajectory = try #require(Files.read(place("\(threads)/trajectory.csv")))
      let events = try #require(Files.read(place("\(threads)/events.csv")))
      #expect(events.hasPrefix("kept,h0,t,event,h,v\n"))
      bytes.append(trajectory + events)
    }
    #expect(bytes[0] == bytes[1] && bytes[1] == bytes[2])
  }

  @Test func sweptFrameIsRefused() {
    let place = Place()
    place.write(
      """
      variables: {t: [0, T]}
      unknowns: [x]
      parameters: {T: 2}
      equations: ["x' = -x"]
      conditions: [x = 1 at t = 0]
      """, to: "p.yaml")
    let run = place.cauchy("solve", "p.yaml", "--out", "run", "--sweep", "T=1,2")
    #expect(run.status == 64)
    #expect(
      run.errors == "'T' also sets an interval, a tolerance or the output grid, which all cases "
        + "share; write those as numbers, or solve case by case with --set\n")
  }
}
