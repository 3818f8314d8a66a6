import Testing

/// `cauchy compare`: its table is made of the very runs that `solve` and `train` make.
@Suite(.tags(.endToEnd)) struct CompareTests {
  private static let columns = [
    "kind", "name", "method", "error", "error_against", "error_bound", "estimated_error", "seconds",
    "steps", "rejected", "evaluations", "jacobians", "factorizations", "energy_joules",
    "energy_source", "loss", "parameters", "outcome", "message",
  ]
  private static let counts = ["steps", "rejected", "evaluations", "jacobians", "factorizations"]

  /// The texts of a column.
  private static func texts(_ table: CSV, _ column: String) -> [String] {
    guard let place = table.columns.firstIndex(of: column) else { return [] }
    return table.rows.map { $0[place] }
  }

  @Test(arguments: [("bump", Problems.bump), ("decay", Problems.decay)])
  func rowsAreThoseRuns(_ name: String, _ text: String) throws {
    let place = Place()
    place.write(text, to: "p.yaml")
    for verb in ["solve", "train", "compare"] {
      let run = place.cauchy(verb, "p.yaml", "--out", verb, "--quiet", "--threads", "1")
      #expect(run.status == 0 && run.output.isEmpty && run.errors.isEmpty, "\(run.errors)")
    }
    let table = try #require(CSV(place("compare/comparison.csv")))
    #expect(table.columns == CompareTests.columns)
    #expect(CompareTests.texts(table, "kind") == ["classical", "learned"])
    #expect(CompareTests.texts(table, "name") == ["classical", "gradient/lie2/descent"])
    #expect(CompareTests.texts(table, "error_against") == ["truth", "truth"])
    for (row, verb) in ["solve", "train"].enumerated() {
      let summary = try #require(Report(file: place("\(verb)/summary.json")))
      // A problem on its whole domain may count no steps; nothing of it may differ.
      for key in CompareTests.counts {
        #expect(table[key][row] == Double(summary.values[key] as? Int ?? -1), "\(verb): \(key)")
      }
      // The reader of JSON may be off in the last digit.
      let error = try #require(summary.worstError)
      #expect((table["error"][row] / error - 1).magnitude < 1e-14, "\(verb)")
    }
    // Both problems are linear: there is a bound, and it holds.
    #expect(table["error_bound"][1] >= table["error"][1])
    let files = Files.names(in: place("compare"))
    #expect(files == ["command.json", "comparison.csv", "problem.yaml", "summary.json"])
    let summary = try #require(Report(file: place("compare/summary.json")))
    #expect(summary.files.sorted() == files && summary.values["verb"] as? String == "compare")
  }

  /// Energies are differences of one meter: the rows cannot take more than the run.
  @Test func everyRowHasAnEnergy() throws {
    let place = Place()
    place.write(Problems.bump, to: "bump.yaml")
    let run = place.cauchy(
      "compare", "bump.yaml", "--out", "run", "--json", "--flows", "gradient,gauss-newton/tsit5",
      "--set", "train.stop.steps=40")
    #expect(run.status == 0, "\(run.errors)")
    let table = try #require(CSV(place("run/comparison.csv")))
    let summary = try #require(Report(run.output))
    let sources = Set(CompareTests.texts(table, "energy_source"))
    #expect(sources == [summary.values["energy_source"] as? String ?? ""])
    #expect(sources.isSubset(of: ["rapl", "estimate"]))
    let joules = table["energy_joules"]
    #expect(joules.count == 3 && joules.allSatisfy { $0 >= 0 } && joules[1] > 0)
    // The processor's clock ticks in microseconds; RAPL's counters in milliseconds.
    let whole = summary.values["energy_joules"] as? Double ?? 0
    #expect(joules.reduce(0, +) <= 1.01 * whole + 0.1)
  }

  /// Without a truth the learned rows are compared with the classical one.
  @Test func withoutATruth() throws {
    let place = Place()
    place.write(Problems.rod, to: "rod.yaml")
    let run = place.cauchy("compare", "rod.yaml", "--out", "run")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("errors are differences to the classical answer"))
    let table = try #require(CSV(place("run/comparison.csv")))
    #expect(CompareTests.texts(table, "error_against") == ["", "classical"])
    #expect(CompareTests.texts(table, "error")[0].isEmpty)
    let estimates = table["estimated_error"]
    #expect(estimates[0] > 0 && table["error"][1] > 0)
    // The difference and what the classical answer says of itself; one rounding.
    #expect((estimates[1] - table["error"][1] - estimates[0]).magnitude <= 1e-15)
  }

  /// Every training stops by the same rule, whatever its flow.
  @Test func namedTrainingsAndMethods() throws {
    let place = Place()
    place.write(Problems.decay, to: "decay.yaml")
    let flows = ["gradient/lie2/pair", "gradient/residual/identity", "gauss-newton"]
    let run = place.cauchy(
      "compare", "decay.yaml", "--out", "run", "--quiet", "--flows",
      flows.joined(separator: ","), "--with", "tsit5,rodas5p", "--set", "train.stop.steps=5")
    #expect(run.status == 0, "\(run.errors)")
    let table = try #require(CSV(place("run/comparison.csv")))
    #expect(
      CompareTests.texts(table, "name")
        == ["classical", "classical tsit5", "classical rodas5p"] + flows)
    #expect(
      CompareTests.texts(table, "method").dropFirst() == [
        "tsit5", "rodas5p", "gradient/lie2/pair/more", "gradient/lie2/residual/identity",
        "gauss-newton/tsit5/more",
      ])
    #expect(table["steps"].suffix(3) == [5, 5, 5])
    #expect(Set(table["loss"].suffix(3)).count == 3)
  }

  /// `--seconds` stands in the place of every other rule, and is part of what was run.
  @Test func secondsAreTheRule() throws {
    let place = Place()
    place.write(Problems.rod, to: "rod.yaml")
    let run = place.cauchy("compare", "rod.yaml", "--out", "run", "--quiet", "--seconds", "0.2")
    #expect(run.status == 0, "\(run.errors)")
    let table = try #require(CSV(place("run/comparison.csv")))
    #expect(CompareTests.texts(table, "message")[1] == "the limit of 0.2 s was used up")
    #expect(Files.read(place("run/problem.yaml"))?.contains("seconds: 0.2") == true)
  }

  /// What a file says of flows is for its own training alone.
  @Test func aChoiceIsWhatItsNameSays() throws {
    let place = Place()
    place.write(Problems.decay, to: "plain.yaml")
    let settings = "train: {flow: gradient, control: residual, rtol: 0.05, scaling: identity, "
    place.write(Problems.decay.replacing("train: {", with: settings), to: "set.yaml")
    let flows = [
      "gradient", "adam", "gradient/tsit5", "gradient/lie2/residual", "gradient/identity",
    ]
    let methods = [
      "gradient/lie2/descent/more", "adam/adam", "gradient/tsit5/more",
      "gradient/lie2/residual/more", "gradient/lie2/descent/identity",
    ]
    var losses: [[Double]] = []
    for file in ["plain", "set"] {
      let run = place.cauchy(
        "compare", "\(file).yaml", "--out", file, "--quiet", "--threads", "1", "--flows",
        flows.joined(separator: ","), "--set", "train.stop.steps=6")
      #expect(run.status == 0, "\(run.errors)")
      let table = try #require(CSV(place("\(file)/comparison.csv")))
      #expect(CompareTests.texts(table, "method").dropFirst() == methods[...])
      losses.append(Array(table["loss"].dropFirst()))
    }
    #expect(losses[0] == losses[1] && Set(losses[0]).count == flows.count)
    // A tolerance of the command line is no default.
    let run = place.cauchy(
      "compare", "plain.yaml", "--out", "own", "--quiet", "--threads", "1", "--flows", flows[3],
      "--set", "train.stop.steps=6", "--set", "train.rtol=0.05")
    #expect(run.status == 0, "\(run.errors)")
    let table = try #require(CSV(place("own/comparison.csv")))
    #expect(table["loss"].count == 2 && table["loss"][1] != losses[0][3])
  }

  /// A training that missed its goal is not the best, however small its error.
  @Test func failedTrainings() throws {
    let place = Place()
    place.write(Problems.decay.replacing("hidden: [8]", with: "hidden: [1]"), to: "decay.yaml")
    let run = place.cauchy(
      "compare", "decay.yaml", "--out", "run", "--set", "train.stop={loss: 1e-30}")
    #expect(run.status == 1)
    #expect(run.errors.contains("no training came to its end: 1 of 2 rows failed"))
    let table = try #require(CSV(place("run/comparison.csv")))
    #expect(CompareTests.texts(table, "outcome") == ["reached", "failed"])
    #expect(table["error"].allSatisfy { $0 > 0 })
    // Too many parameters for one of the two.
    let part = place.cauchy(
      "compare", "decay.yaml", "--out", "part", "--flows",
      "gradient/exponential-rosenbrock,gradient",
      "--set", "network.hidden=[30, 30]", "--set", "train.stop.steps=2")
    #expect(part.status == 0, "\(part.errors)")
    #expect(part.output.contains("; best training: gradient, "))
    #expect(part.output.contains("; 1 of 3 rows failed\n"))
  }

  /// What was sought is told of every training, as `train` tells it.
  @Test func whatWasSought() throws {
    let place = Place()
    let rows = (1...8).map { "\(Double($0) / 2),\(20 + 70 * exponential(-0.4 * Double($0)))" }
    place.write("t,T\n" + rows.joined(separator: "\n") + "\n", to: "cooling.csv")
    place.write(
      """
      variables: {t: [0, 4]}
      unknowns: [T]
      estimate: {k: {start: 0.2, bounds: [0.01, 5]}}
      equations: ["T' = -k*(T - 20)"]
      conditions: [T = 90 at t = 0]
      data: {file: cooling.csv, noise: 0.5}
      network: {hidden: [8]}
      train: {stop: {steps: 60}}
      """, to: "cooling.yaml")
    let train = place.cauchy("train", "cooling.yaml", "--out", "train", "--json", "--threads", "1")
    let run = place.cauchy("compare", "cooling.yaml", "--out", "run", "--threads", "1")
    #expect(train.status == 0 && run.status == 0, "\(train.errors)\(run.errors)")
    let alone = try #require(Report(train.output))
    let summary = try #require(Report(file: place("run/summary.json")))
    let row = try #require((summary.values["rows"] as? [[String: Any]])?.last)
    let found = [row, alone.values].map { values in
      let k = (values["estimates"] as? [String: [String: Any]])?["k"] ?? [:]
      return [k["value"], k["standard_error"], values["chi2_per_point"]].map { $0 as? Double }
    }
    #expect(found[0] == found[1] && found[0].allSatisfy { $0 != nil })
    #expect(((found[0][0] ?? 0) - 0.8).magnitude < 0.01, "without noise it is 0.8")
    #expect(run.output.contains("\n    k = 0.") && run.output.contains(" ± "))
  }

  /// The rows that came to their end are kept, and the one under way is no result.
  @Test func interruptedComparison() throws {
    let place = Place()
    place.write(Problems.decay, to: "decay.yaml")
    let running = Running(
      place, "cd \"$PLACE\" && exec \"$CAUCHY\" \"$@\" > out.txt",
      [
        "compare", "decay.yaml", "--out", "run", "--flows", "gradient,adam", "--seconds", "100",
        "--set", "train.windows=4",
      ])
    func lines() -> Int { (Files.read(place("out.txt")) ?? "").split(separator: "\n").count }
    // Heading and first row; a minute is ample.
    for _ in 0..<6000 where lines() < 2 { Pause.microseconds(10_000) }
    Pause.microseconds(200_000)
    running.interrupt()
    let run = running.wait()
    #expect(run.status == 130)
    let table = try #require(CSV(place("run/comparison.csv")))
    let outcomes = CompareTests.texts(table, "outcome")
    // On a slow machine the second row may not have begun.
    #expect(outcomes.first == "reached" && outcomes.dropFirst().allSatisfy { $0 == "stopped" })
    #expect(outcomes.count <= 2)
    // No window after the first was learned: there is no error of the whole.
    #expect(CompareTests.texts(table, "error").dropFirst().allSatisfy { $0.isEmpty })
    let summary = try #require(Report(file: place("run/summary.json")))
    #expect(summary.outcome == "stopped" && summary.message == "stopped after 1 of 3 rows")
    let output = try #require(Files.read(place("out.txt")))
    #expect(output.contains("  stopped\n") == (outcomes.count == 2))
    #expect(!output.contains("best training"))
  }

  /// What has no classical answer is still learned, and the reason is said.
  @Test func withoutAClassicalAnswer() throws {
    let place = Place()
    place.write(Problems.decay, to: "decay.yaml")
    let run = place.cauchy(
      "compare", "decay.yaml", "--out", "run", "--set", "solve.method=symplectic4", "--quiet")
    #expect(run.status == 0, "\(run.errors)")
    let table = try #require(CSV(place("run/comparison.csv")))
    #expect(CompareTests.texts(table, "kind") == ["learned"] && table["error"][0] > 0)
    let summary = try #require(Report(file: place("run/summary.json")))
    #expect(
      summary.warnings == [
        "classical: not solved: symplectic4 has no error estimate; give a fixed step (solve.step)"
      ])
  }

  private static let refusals = [
    Refusal("compare", 64, "Error: Missing expected argument '<file>'"),
    Refusal(
      "compare rod.yaml --seconds 0", 64,
      "Error: --seconds 0.0 is not a time; write a number above 0"),
    Refusal(
      "compare rod.yaml --flows gradient,", 64,
      "Error: --flows 'gradient,' lacks a name; see 'cauchy methods'"),
    Refusal(
      "compare rod.yaml --flows gradiant/lie2", 64,
      "--flows gradiant/lie2: there is no flow 'gradiant'; did you mean 'gradient'? use one of "),
    Refusal(
      "compare rod.yaml --flows gradient/lie3", 64,
      "--flows gradient/lie3: there is no stepper, control or scaling 'lie3'; did you mean 'lie2'? "
        + "use one of "),
    Refusal(
      "compare rod.yaml --flows gauss-newton/lie2", 64,
      "--flows gauss-newton/lie2: the stepper 'lie2' does not go with the flow 'gauss-newton'; use "
    ),
    Refusal(
      "compare rod.yaml --flows gradient/tsit5/pair", 64,
      "--flows gradient/tsit5/pair: the control 'pair' is for the stepper lie2, not for 'tsit5'; "
        + "leave it out"),
    Refusal(
      "compare rod.yaml --flows adam/identity", 64,
      "--flows adam/identity: the flow 'adam' has a scaling of its own; leave out 'identity'"),
    Refusal(
      "compare rod.yaml --flows gradient/pair/state", 64,
      "--flows gradient/pair/state: 'gradient/pair/state' names two of a kind; leave out 'state'"),
    Refusal(
      "compare rod.yaml --with tsit6", 64,
      "--with tsit6: there is no method 'tsit6'; did you mean 'tsit5'? use one of "),
    Refusal(
      "compare rod.yaml --set output.t=steps", 2,
      "--set output.t=steps: a learned solution has no steps in 't'; write a number of points"),
    Refusal(
      "compare none.yaml", 3,
      "none.yaml: cannot be read: No such file or directory; check the path"),
  ]

  @Test(arguments: refusals) func refusalIsSaid(_ refusal: Refusal) {
    let place = Place()
    place.write(Problems.rod, to: "rod.yaml")
    let run = place.shell("exec \"$CAUCHY\" \(refusal.arguments)")
    #expect(run.status == refusal.status)
    #expect(run.output.isEmpty)
    let said = run.errors.split(separator: "\n").first.map(String.init) ?? ""
    // A list grows with its catalog.
    let isList = refusal.sentence.hasSuffix(" ")
    #expect(
      said == refusal.sentence
        || isList && said.hasPrefix(refusal.sentence) && said.count > refusal.sentence.count,
      "\(said)")
    #expect(!Files.names(in: place.path).contains("outputs"))
  }
}
