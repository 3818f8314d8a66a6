import Testing

/// Trainings that cannot succeed end with a sentence, an exit code, and files without NaN.
@Suite(.tags(.endToEnd)) struct TrainFailureTests {
  private static func files(_ place: Place) -> String {
    ["trajectory.csv", "training.csv", "summary.json"].compactMap { Files.read(place("run/\($0)")) }
      .joined().lowercased()
  }

  /// A residual that has no value where the training starts: the network as it began is kept.
  @Test func noStart() throws {
    let place = Place()
    place.write(
      """
      variables: {t: [0, 1]}
      unknowns: [u]
      equations: ["u' = sqrt(u - 100)"]
      conditions: [u = 1 at t = 0]
      observables: {root: sqrt(u - 100)}
      train: {points: {interior: 20}, stop: {steps: 5}}
      output: {t: 3}
      """, to: "root.yaml")
    let run = place.cauchy("train", "root.yaml", "--out", "run", "--quiet")
    #expect(run.status == 1 && run.output.isEmpty)
    #expect(
      run.errors.hasPrefix(
        "root.yaml: the residual of 'equation 1' is not finite at the initial parameters (row 0); "
          + "look for a division by zero or a logarithm there, or start from another seed; partial: "
          + "the last good parameters were written\n"), "\(run.errors)")
    let summary = try #require(Report(file: place("run/summary.json")))
    #expect(summary.outcome == "failed")
    #expect(Files.names(in: place("run")) == summary.files.sorted())
    let table = try #require(CSV(place("run/trajectory.csv")))
    #expect(table["u"].allSatisfy { $0.isFinite })
    // The observable has no value: its fields are empty.
    #expect(table.rows.allSatisfy { $0.last == "" })
    let text = TrainFailureTests.files(place)
    #expect(!text.contains("nan") && !text.contains("inf"))
  }

  /// A target that no network of this size meets: the limit that the tool sets itself, or the rest of
  /// the flow, ends the run as a failure.
  @Test func targetMissed() throws {
    let place = Place()
    place.write(Problems.bump, to: "bump.yaml")
    let run = place.cauchy(
      "train", "bump.yaml", "--out", "run", "--quiet", "--set", "network.hidden=[2]", "--set",
      "train.points.refresh=0", "--set", "train.stop={loss: 1e-60}")
    // Seconds of one's own do not make rest a success.
    let limited = place.cauchy(
      "train", "bump.yaml", "--out", "limited", "--quiet", "--set", "network.hidden=[2]", "--set",
      "train.points.refresh=0", "--set", "train.stop={gradient_norm: 1e-60, seconds: 20}")
    #expect(limited.status == 1 && limited.errors.contains("1e-60 was not reached; "))
    #expect(run.status == 1)
    #expect(run.errors.contains("; train.stop.loss: 1e-60 was not reached; "), "\(run.errors)")
    let summary = try #require(Report(file: place("run/summary.json")))
    #expect(summary.outcome == "failed" && summary.worstError != nil)
    let text = TrainFailureTests.files(place)
    #expect(!text.contains("nan") && !text.contains("inf"))
  }

  /// A size limit stands for a full disk; the rows that got there are whole.
  @Test func fullDisk() throws {
    let place = Place()
    place.write(Problems.bump, to: "bump.yaml")
    let run = place.shell(
      "ulimit -f 16; exec \"$CAUCHY\" train bump.yaml --out run --quiet --set train.stop.steps=400 "
        + "--set train.points.refresh=0")
    #expect(run.status == 3 && run.output.isEmpty)
    #expect(
      run.errors == "cannot write run/training.csv: File too large; raise the limit (ulimit -f), "
        + "or ask for fewer rows under output\n")
    let table = try #require(CSV(place("run/training.csv")), "a row is cut off")
    #expect(table.rows.count > 10)
    #expect(Files.names(in: place("run")) == ["command.json", "problem.yaml", "training.csv"])
  }
}
