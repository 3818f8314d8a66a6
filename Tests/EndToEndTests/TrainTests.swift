import Testing

@Suite(.tags(.endToEnd)) struct TrainTests {
  /// What every training leaves behind, and what its files say.
  @Test(arguments: [
    ("bump", Problems.bump, ["x", "u", "twice"], 11), ("rod", Problems.rod, ["x", "t", "u"], 18),
    ("decay", Problems.decay, ["t", "y", "z"], 5),
  ])
  func filesOfARun(_ name: String, _ text: String, _ columns: [String], _ rows: Int) throws {
    let place = Place()
    place.write(text, to: "\(name).yaml")
    let run = place.cauchy("train", "\(name).yaml", "--out", "run", "--json", "--threads", "1")
    #expect(run.status == 0, "\(run.errors)")
    let summary = try #require(Report(run.output))
    #expect(summary.outcome == "reached" && summary.values["verb"] as? String == "train")
    #expect(
      Files.names(in: place("run"))
        == ["checkpoint.json", "command.json"] + (text.contains("exact") ? ["errors.csv"] : [])
        + [
          "model.safetensors", "points.csv", "problem.yaml", "summary.json", "training.csv",
          "trajectory.csv",
        ])
    #expect(Files.names(in: place("run")) == summary.files.sorted())
    let table = try #require(CSV(place("run/trajectory.csv")))
    #expect(table.columns == columns && table.rows.count == rows)
    for column in columns { #expect(table[column].allSatisfy { $0.isFinite }) }
    let training = try #require(CSV(place("run/training.csv")))
    #expect(
      training.columns.prefix(9) == [
        "step", "accepted", "tau", "h", "error", "loss", "gradient_norm", "evaluations", "seconds",
      ])
    let accepted = training["accepted"].count { $0 == 1 }
    #expect(accepted == summary.values["steps"] as? Int)
    #expect(training.rows.count - accepted == summary.values["rejected"] as? Int)
    #expect(training["step"] == training["step"].sorted())
    #expect(training["tau"] == training["tau"].sorted())
    for key in ["loss", "gradient_norm"] {
      let numbers = zip(training["accepted"], training[key]).filter { $0.0 == 1 }.map(\.1)
      #expect(numbers.allSatisfy { $0.isFinite && $0 >= 0 }, "\(key)")
    }
    #expect(summary.values["loss"] is Double && summary.values["seed"] is Int)
    #expect(summary.values["threads"] as? Int == 1)
    #expect((summary.values["parameters"] as? Int ?? 0) > 20)
  }

  /// errors.csv ends with the errors of the answer, whatever was measured on the way.
  @Test func errorsAreMeasuredOnTheWay() throws {
    let place = Place()
    place.write(Problems.decay, to: "decay.yaml")
    let run = place.cauchy("train", "decay.yaml", "--out", "run", "--json")
    let summary = try #require(Report(run.output))
    let table = try #require(CSV(place("run/errors.csv")))
    #expect(table.columns == ["step", "tau", "seconds", "y", "z"])
    let steps = table["step"]
    #expect(steps.first == 0 && steps.last == 15 && zip(steps, steps.dropFirst()).allSatisfy(<))
    for unknown in ["y", "z"] {
      let errors = table[unknown]
      let last = try #require(errors.last)
      // The same sums over the same rows.
      let told = summary.values["errors"] as? [String: [String: Double]]
      #expect(last == told?[unknown]?["relative_l2"], "\(errors)")
      #expect(last < 0.1 * (errors.first ?? 0), "a network that is trained comes nearer")
    }
    // The last row is measured after the last checkpoint.
    let lines = try #require(Files.read(place("run/errors.csv"))).split(separator: "\n")
    let first = lines.dropLast().joined(separator: "\n")
    let more = ["--resume", "run", "--out", "more", "--set", "train.stop.steps=20", "--quiet"]
    #expect(place.start(["train", "decay.yaml"] + more).wait().status == 0)
    let whole = try #require(Files.read(place("more/errors.csv")))
    #expect(whole.hasPrefix(first), "rows of the run that is gone on with stay")
    let further = try #require(CSV(place("more/errors.csv")))["step"]
    #expect(further.last == 20 && zip(further, further.dropFirst()).allSatisfy(<))
  }

  /// A block's losses add up to the loss.
  @Test func lossIsTheSumOfItsBlocks() throws {
    let place = Place()
    place.write(Problems.rod, to: "rod.yaml")
    #expect(place.cauchy("train", "rod.yaml", "--out", "run", "--quiet").status == 0)
    let training = try #require(CSV(place("run/training.csv")))
    let blocks = training.columns.dropFirst(9)
    #expect(!blocks.isEmpty)
    for (row, loss) in training["loss"].enumerated() where loss.isFinite {
      let sum = blocks.reduce(0) { $0 + training[$1][row] }
      // Rounding of a sum of some hundred terms.
      #expect((sum - loss).magnitude <= 1e-12 * loss)
    }
  }

  @Test func sameSeedSameBytes() {
    let place = Place()
    place.write(Problems.bump, to: "bump.yaml")
    for (name, seed) in [("a", "3"), ("b", "3"), ("c", "4")] {
      let run = place.cauchy("train", "bump.yaml", "--out", name, "--seed", seed, "--quiet")
      #expect(run.status == 0 && run.output.isEmpty && run.errors.isEmpty)
    }
    for file in ["trajectory.csv", "model.safetensors"] {
      let bytes = ["a", "b", "c"].map { Files.read(place("\($0)/\(file)")) }
      #expect(bytes[0] == bytes[1] && bytes[0] != bytes[2], "\(file)")
    }
  }

  /// `problem.yaml` of a run that time ended says how many steps it made: it is the same run.
  @Test(arguments: ["train.stop={seconds: 0.3}", "train.stop={steps: 6, loss: 0}"])
  func resolvedProblemIsTheRun(_ stop: String) throws {
    let place = Place()
    place.write(Problems.bump, to: "bump.yaml")
    let first = place.cauchy("train", "bump.yaml", "--out", "a", "--quiet", "--set", stop)
    #expect(first.status == 0, "\(first.errors)")
    let text = try #require(Files.read(place("a/problem.yaml")))
    #expect(text.contains("steps") && !text.contains("seconds"))
    let second = place.cauchy("train", "a/problem.yaml", "--out", "b", "--quiet")
    #expect(second.status == 0, "\(second.errors)")
    for file in ["trajectory.csv", "model.safetensors", "problem.yaml"] {
      let isSame = Files.read(place("a/\(file)")) == Files.read(place("b/\(file)"))
      #expect(isSame, "\(file)")
    }
    // Time may have ended the first run between two attempts of a step.
    let whole = TrainTests.rows(place("b"))
    let rows = TrainTests.rows(place("a"))
    #expect(whole.count > 6 && Array(rows.prefix(whole.count)) == whole)
    #expect(rows.dropFirst(whole.count).allSatisfy { $0[1] == "0" })
  }

  /// Rows of training.csv without the seconds, the one column that clocks.
  private static func rows(_ run: String) -> [[String]] {
    guard let table = CSV("\(run)/training.csv"),
      let seconds = table.columns.firstIndex(of: "seconds")
    else { return [] }
    return table.rows.map { row in row.enumerated().filter { $0.offset != seconds }.map(\.element) }
  }

  /// Estimates, a coefficient network and the noise go on, too.
  @Test func resumedInverseRun() throws {
    let place = Place()
    place.write(Problems.cooling, to: "cooling.yaml")
    place.write("t,T\n" + Problems.coolingRows, to: "cooling.csv")
    let arguments = ["train", "cooling.yaml", "--quiet"]
    for (name, steps, more) in [
      ("whole", 60, []), ("part", 33, []), ("rest", 60, ["--resume", "part"]),
    ] {
      let run = place.start(
        arguments + ["--set", "train.stop.steps=\(steps)", "--out", name] + more
      ).wait()
      #expect(run.status == 0, "\(run.errors)")
    }
    let whole = try #require(Files.read(place("whole/model.safetensors")))
    #expect(Files.read(place("rest/model.safetensors")) == whole)
    let estimate = try #require(Report(file: place("rest/summary.json"))?.values["estimates"])
    #expect("\(estimate)".contains("k"))
  }

  /// New points are drawn at steps 4, 8, …: the run is cut between two of these, and at one.
  @Test(arguments: ["6", "8"]) func resumedRunIsTheWholeRun(_ cut: String) throws {
    let place = Place()
    place.write(Problems.bump, to: "bump.yaml")
    let arguments = ["train", "bump.yaml", "--quiet"]
    #expect(place.start(arguments + ["--out", "whole"]).wait().status == 0)
    let part = arguments + ["--out", "part", "--set", "train.stop.steps=\(cut)"]
    #expect(place.start(part).wait().status == 0)
    let rest = place.start(arguments + ["--resume", "part", "--out", "rest"]).wait()
    #expect(rest.status == 0, "\(rest.errors)")
    for file in ["trajectory.csv", "model.safetensors", "problem.yaml"] {
      let isSame = Files.read(place("rest/\(file)")) == Files.read(place("whole/\(file)"))
      #expect(isSame, "\(file)")
    }
    #expect(TrainTests.rows(place("rest")) == TrainTests.rows(place("whole")))
    #expect(!TrainTests.rows(place("rest")).isEmpty)
  }

  /// Every name that `cauchy methods` prints for `network` and `train` is taken.
  @Test func catalogsAreThoseThatTrain() throws {
    let place = Place()
    place.write(Problems.bump, to: "bump.yaml")
    // Points that are nodes of rules are never drawn anew, and steps go with the time.
    place.write(Problems.decay, to: "decay.yaml")
    let table = place.cauchy("methods", "--json")
    let catalogs = try #require(Report(table.output)?.values["training"] as? [String: Any])
    #expect(
      catalogs.keys.sorted() == [
        "network.activation", "network.init", "network.kind", "train.control", "train.flow",
        "train.gradient", "train.points.refine", "train.points.sampler", "train.regularize",
        "train.residual", "train.scaling", "train.shooting",
      ])
    // Those of trajectories, and of measurements, are looked at elsewhere.
    let elsewhere = ["train.gradient", "train.regularize", "train.shooting"]
    for (key, rows) in catalogs where !elsewhere.contains(key) {
      let rows = try #require(rows as? [[String: Any]])
      #expect(rows.count > 1)
      for name in rows.compactMap({ $0["name"] as? String }) {
        let run = place.cauchy(
          "train", key == "train.residual" ? "decay.yaml" : "bump.yaml", "--out",
          "\(key)-\(name)", "--set", "\(key)=\(name)", "--set", "train.stop.steps=3", "--quiet")
        #expect(run.status == 0, "\(key)=\(name): \(run.errors)")
      }
      for row in rows {
        for stepper in row["steppers"] as? [String] ?? [] {
          let flow = row["name"] as? String ?? ""
          let run = place.cauchy(
            "train", "bump.yaml", "--out", "\(flow)-\(stepper)", "--set", "train.flow=\(flow)",
            "--set", "train.stepper=\(stepper)", "--set", "train.stop.steps=2", "--quiet")
          #expect(run.status == 0, "\(flow), \(stepper): \(run.errors)")
        }
      }
    }
  }

  @Test func interruptedTrainingGoesOn() throws {
    let place = Place()
    place.write(Problems.rod, to: "rod.yaml")
    let arguments = [
      "train", "rod.yaml", "--set", "train.stop={steps: 1000000}", "--set",
      "network.hidden=[20,20]",
    ]
    let running = place.start(arguments + ["--out", "run"])
    #expect(running.waitForFile(place("run/training.csv.partial"), larger: 0))
    Pause.microseconds(300_000)
    running.interrupt()
    let run = running.wait()
    #expect(run.status == 130)
    #expect(run.errors.contains("stopping after this step; press Ctrl-C again to end at once\n"))
    let summary = try #require(Report(file: place("run/summary.json")))
    #expect(summary.outcome == "stopped")
    #expect(summary.message.hasSuffix("; go on with --resume run"))
    #expect(Files.names(in: place("run")) == summary.files.sorted())
    let steps = try #require(summary.values["steps"] as? Int)
    let more = "train.stop={steps: \(steps + 3)}"
    let resumed = place.start(arguments + ["--resume", "run", "--out", "rest", "--set", more])
      .wait()
    #expect(resumed.status == 0, "\(resumed.errors)")
    let after = try #require(Report(file: place("rest/summary.json")))
    #expect(after.values["steps"] as? Int == steps + 3)
    let rows = TrainTests.rows(place("rest"))
    #expect(rows.starts(with: TrainTests.rows(place("run"))) && rows.count >= steps + 3)
  }
}
