import Testing

@Suite(.tags(.endToEnd)) struct InterruptTests {
  @Test func interruptedRunKeepsItsRows() throws {
    let place = Place()
    place.write(Problems.endless, to: "endless.yaml")
    let running = place.start(["solve", "endless.yaml", "--out", "run"])
    #expect(running.waitForFile(place("run/trajectory.csv.partial"), larger: 0))
    running.interrupt()
    let run = running.wait()
    #expect(run.status == 130)
    #expect(run.errors == "\nstopping after this step; press Ctrl-C again to end at once\n")
    let summary = try #require(Report(file: place("run/summary.json")))
    #expect(summary.outcome == "stopped")
    #expect(summary.message.hasPrefix("stopped at t = "))
    #expect(summary.message.hasSuffix(" of 1e7; go on with --resume run"))
    #expect(run.output.hasPrefix("endless.yaml: \(summary.message)\n"))
    let table = try #require(CSV(place("run/trajectory.csv")))
    #expect(table.rows.count > 1000)
    #expect(Files.names(in: place("run")) == summary.files.sorted())
    #expect(summary.files.contains("checkpoint.json"))
  }

  /// An interrupted run that goes on writes the bytes of one that was never interrupted.
  @Test(arguments: ["auto", "dop853", "rodas5p", "rk8pd"])
  func resumedRunIsTheWholeRun(_ method: String) throws {
    let place = Place()
    place.write(Problems.endless, to: "endless.yaml")
    let arguments = [
      "solve", "endless.yaml", "--quiet", "--set", "solve.method=\(method)", "--set",
      "variables.t=[0, 30000]", "--set", "output.t=30001", "--set", "solve.rtol=1e-4",
    ]
    #expect(place.start(arguments + ["--out", "whole"]).wait().status == 0)
    let running = place.start(arguments + ["--out", "part"])
    #expect(running.waitForFile(place("part/trajectory.csv.partial"), larger: 0))
    running.interrupt()
    // Where the machine was too slow to interrupt it in time there is nothing to resume.
    guard running.wait().status == 130 else { return }
    let resumed = place.start(arguments + ["--resume", "part", "--out", "rest"]).wait()
    #expect(resumed.status == 0, "\(resumed.errors)")
    let part = try #require(CSV(place("part/trajectory.csv")))
    #expect(part.rows.count < 30001)
    let isSame =
      Files.read(place("rest/trajectory.csv")) == Files.read(place("whole/trajectory.csv"))
    #expect(isSame)
  }

  @Test func onlyAnInterruptedRunIsResumed() {
    let place = Place()
    place.write(Problems.oscillator, to: "p.yaml")
    #expect(place.cauchy("solve", "p.yaml", "--out", "run").status == 0)
    let resumed = place.cauchy("solve", "p.yaml", "--resume", "run", "--out", "rest")
    #expect(resumed.status == 64)
    #expect(
      resumed.errors == "run has no checkpoint.json; only a run that was interrupted can be "
        + "resumed\n")
  }

  @Test func interruptedSweepKeepsItsCases() throws {
    let place = Place()
    place.write(Problems.endless, to: "endless.yaml")
    let running = place.start([
      "solve", "endless.yaml", "--out", "run", "--sweep", "k=1:2:100000", "--set",
      "variables.t=[0, 100]", "--set", "output.t=101", "--set", "solve.max_steps=1e6",
    ])
    #expect(running.waitForFile(place("run/trajectory.csv.partial"), larger: 0))
    running.interrupt()
    let run = running.wait()
    #expect(run.status == 130)
    let summary = try #require(Report(file: place("run/summary.json")))
    #expect(summary.outcome == "stopped")
    let words = summary.message.split(separator: " ")
    #expect(words.count == 6 && summary.message.hasSuffix(" of 100000 cases"))
    let done = try #require(Int(words[2]))
    let table = try #require(CSV(place("run/trajectory.csv")))
    // Whole cases, in their order.
    #expect(done > 0 && table.rows.count == 101 * done)
    let swept = table["k"]
    #expect(swept == swept.sorted())
    #expect(table["t"].suffix(101).elementsEqual((0...100).map(Double.init)))
  }

  /// What was measured is printed, and nothing is left behind.
  @Test func interruptedBench() throws {
    let place = Place()
    let running = Running(
      place,
      "cd \"$PLACE\" && mkdir tmp && ln -s \"$1\" problems && TMPDIR=\"$PLACE/tmp\" exec \"$CAUCHY\" "
        + "bench train memory --json", [Command.gallery])
    func folders() -> [String] { Files.names(in: place("tmp")) }
    // A whole command works in a folder of its own; a minute is ample.
    for _ in 0..<6000 where folders().isEmpty { Pause.microseconds(10_000) }
    #expect(folders().count == 1 && folders()[0].hasPrefix("cauchy-bench-"))
    Pause.microseconds(200_000)
    running.interrupt()
    let run = running.wait()
    #expect(run.status == 130 && folders().isEmpty)
    let report = try #require(Report(run.output))
    let tables = try #require(report.values["tables"] as? [[String: Any]])
    #expect(report.outcome == "stopped" && tables.map { $0["table"] as? String } == ["train-cost"])
    #expect((tables[0]["rows"] as? [Any])?.isEmpty == true)
  }

  @Test func secondInterruptEndsAtOnce() {
    let place = Place()
    place.write(Problems.endless, to: "endless.yaml")
    let running = place.start(["solve", "endless.yaml", "--out", "run", "--json"])
    #expect(running.waitForFile(place("run/trajectory.csv.partial"), larger: 0))
    running.interrupt()
    running.interrupt()
    let run = running.wait()
    #expect(run.status == 130)
  }
}
