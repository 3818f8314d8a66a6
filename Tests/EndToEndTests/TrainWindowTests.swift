import Testing

/// Trainings in windows of time, and with causal weights.
@Suite(.tags(.endToEnd)) struct TrainWindowTests {
  private static let arguments = ["train", "rod.yaml", "--quiet", "--set", "train.windows=3"]

  private static func place() -> Place {
    let place = Place()
    place.write(Problems.rod, to: "rod.yaml")
    return place
  }

  private static func rows(_ run: String) -> [[String]] {
    guard let table = CSV("\(run)/training.csv"),
      let seconds = table.columns.firstIndex(of: "seconds")
    else { return [] }
    return table.rows.map { row in row.enumerated().filter { $0.offset != seconds }.map(\.element) }
  }

  private static func isSame(_ place: Place, _ a: String, _ b: String, _ files: [String]) -> Bool {
    files.allSatisfy { file in
      let bytes = Files.read(place("\(a)/\(file)"))
      return bytes != nil && bytes == Files.read(place("\(b)/\(file)"))
    }
  }

  @Test func windowsGoOn() throws {
    let place = TrainWindowTests.place()
    let steps = TrainWindowTests.arguments + ["--set", "train.stop.steps=[9, 7, 8]"]
    for name in ["a", "b"] {
      #expect(place.start(steps + ["--out", name]).wait().status == 0)
    }
    #expect(TrainWindowTests.isSame(place, "a", "b", ["trajectory.csv", "model.safetensors"]))
    let training = try #require(CSV(place("a/training.csv")))
    let accepted = zip(training["accepted"], training["step"]).filter { $0.0 == 1 }.map(\.1)
    #expect(accepted == (1...24).map(Double.init))
    #expect(training["evaluations"] == training["evaluations"].sorted())
    let summary = try #require(Report(file: place("a/summary.json")))
    #expect(summary.values["steps"] as? Int == 24)
    // Three networks of 2-10-1.
    #expect(summary.values["parameters"] as? Int == 3 * 41)
    #expect(summary.message.hasPrefix("window 3 of 3: "))

    // The model of a run gives its rows, and goes on at the seams.
    let own = place.cauchy("predict", "a", "--at", "a/trajectory.csv")
    #expect(own.status == 0 && own.output == Files.read(place("a/trajectory.csv")))
    let (left, right) = (0.5 / 3, (0.5 / 3).nextUp)
    place.write(
      "x,t\n" + [0.0, 0.3, 0.9, 1].flatMap { ["\($0),\(left)\n", "\($0),\(right)\n"] }.joined(),
      to: "seam.csv")
    #expect(place.cauchy("predict", "a", "--at", "seam.csv", "--out", "u.csv").status == 0)
    let u = try #require(CSV(place("u.csv")))["u"]
    for index in stride(from: 0, to: 8, by: 2) {
      #expect((u[index] - u[index + 1]).magnitude < 1e-15)
    }
    #expect(u[0] == 0 && u[2].magnitude > 0.5)
  }

  /// Cut in the last window; the windows before are those of the whole run.
  @Test(arguments: [("[9, 7, 6]", "train.causal=off"), ("[9, 7, 5]", "train.causal=3")])
  func resumedRunIsTheWholeRun(_ cut: String, _ causal: String) throws {
    let place = TrainWindowTests.place()
    let arguments = TrainWindowTests.arguments + ["--set", causal]
    let whole = ["--set", "train.stop.steps=[9, 7, 23]"]
    #expect(place.start(arguments + whole + ["--out", "whole"]).wait().status == 0)
    let part = arguments + ["--set", "train.stop.steps=\(cut)", "--out", "part"]
    #expect(place.start(part).wait().status == 0)
    let rest = place.start(arguments + whole + ["--resume", "part", "--out", "rest"]).wait()
    #expect(rest.status == 0, "\(rest.errors)")
    #expect(
      TrainWindowTests.isSame(
        place, "whole", "rest", ["trajectory.csv", "model.safetensors", "problem.yaml"]))
    #expect(TrainWindowTests.rows(place("rest")) == TrainWindowTests.rows(place("whole")))
    #expect(TrainWindowTests.rows(place("rest")).count >= 39)
  }

  /// Walls that are built in are asked of every window before: what is known is not asked again.
  @Test func manyWindows() {
    let place = TrainWindowTests.place()
    let run = place.start(
      [
        "train", "rod.yaml", "--quiet", "--set", "train.windows=60", "--set", "train.stop.steps=1",
        "--out", "run",
      ]
    ).wait()
    #expect(run.status == 0, "\(run.errors)")
  }

  /// Windows that time ended made different numbers of steps: `problem.yaml` has them all.
  @Test func resolvedProblemIsTheRun() throws {
    let place = TrainWindowTests.place()
    let timed = TrainWindowTests.arguments + ["--set", "train.stop={seconds: 0.6}"]
    #expect(place.start(timed + ["--out", "a"]).wait().status == 0)
    let text = try #require(Files.read(place("a/problem.yaml")))
    #expect(text.contains("steps: [") && !text.contains("seconds"))
    #expect(place.cauchy("train", "a/problem.yaml", "--out", "b", "--quiet").status == 0)
    #expect(
      TrainWindowTests.isSame(
        place, "a", "b", ["trajectory.csv", "model.safetensors", "problem.yaml"]))
  }

  /// An interrupted run has the windows it came to, and goes on in the last of them.
  @Test func interruptedInAWindow() throws {
    let place = TrainWindowTests.place()
    let arguments = TrainWindowTests.arguments
    let running = place.start(
      arguments + ["--set", "train.stop.steps=[3, 1000000, 2]", "--out", "run"])
    #expect(running.waitForFile(place("run/training.csv.partial"), larger: 0))
    Pause.microseconds(300_000)
    running.interrupt()
    #expect(running.wait().status == 130)
    let summary = try #require(Report(file: place("run/summary.json")))
    let steps = try #require(summary.values["steps"] as? Int)
    #expect(steps > 3)
    let table = try #require(CSV(place("run/trajectory.csv")))
    // Nothing is said of the third window.
    for row in table.rows { #expect((row.last == "") == (row[1] == "0.5"), "\(row)") }
    place.write("x,t\n0.4,0.25\n0.4,0.5\n", to: "points.csv")
    let own = place.cauchy("predict", "run", "--at", "points.csv")
    let known = try #require(table.rows.first { $0[0] == "0.4" && $0[1] == "0.25" }?.last)
    #expect(own.output == "x,t,u\n0.4,0.25,\(known)\n0.4,0.5,\n")
    #expect(
      own.errors == "run: warning: 2 of 3 windows were learned; there is nothing beyond\n")
    let more = "train.stop.steps=[3, \(steps), 2]"
    let rest = place.start(arguments + ["--set", more, "--resume", "run", "--out", "rest"]).wait()
    #expect(rest.status == 0, "\(rest.errors)")
    let after = try #require(Report(file: place("rest/summary.json")))
    #expect(after.values["steps"] as? Int == 3 + steps + 2)
    let rows = TrainWindowTests.rows(place("rest"))
    #expect(rows.starts(with: TrainWindowTests.rows(place("run"))))
  }

  /// What causal weights hold back is said.
  @Test func causalWeightsAreTold() throws {
    let place = TrainWindowTests.place()
    for (name, epsilon) in [("open", "1e-9"), ("shut", "1e9")] {
      let run = place.cauchy(
        "train", "rod.yaml", "--quiet", "--out", name, "--set", "train.causal=\(epsilon)", "--set",
        "train.stop.steps=4")
      #expect(run.status == 0)
      let summary = try #require(Report(file: place("\(name)/summary.json")))
      let least = try #require(summary.values["smallest_causal_weight"] as? Double)
      let warnings = summary.values["warnings"] as? [String] ?? []
      let isTold = warnings.contains {
        $0.hasPrefix("causal weights have not reached the end: the smallest is ")
      }
      #expect(isTold == (name == "shut") && (least > 0.99) == (name == "open"))
    }
  }
}
