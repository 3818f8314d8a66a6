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
    #expect(files == ["comparison.csv", "problem.yaml", "summary.json"])
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
