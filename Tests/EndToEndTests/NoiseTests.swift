import Testing

/// Solutions with noise, which stand for measurements.
@Suite(.tags(.endToEnd)) struct NoiseTests {
  private static let dense =
    Problems.oscillator.replacing("output: {t: 11}", with: "") + """

      observables: {energy: x^2 + v^2}
      output: {t: 4001}
      """

  private func solve(_ place: Place, _ out: String, _ arguments: String...) throws -> CSV {
    let run = place.start(["solve", "p.yaml", "--out", out, "--quiet"] + arguments).wait()
    #expect(run.status == 0, "\(run.errors)")
    return try #require(CSV(place("\(out)/trajectory.csv")))
  }

  private func mean(_ numbers: [Double]) -> Double {
    numbers.reduce(0, +) / Double(numbers.count)
  }

  private func noise(_ place: Place, _ out: String) throws -> [String: Double] {
    let summary = try #require(Report(file: place("\(out)/summary.json")))
    return try #require(summary.values["noise"] as? [String: Double])
  }

  /// Mean, standard deviation, kurtosis and correlations of what was added, over 4001 rows.
  @Test func noiseIsNormalAndIndependent() throws {
    let place = Place()
    place.write(Self.dense, to: "p.yaml")
    let clean = try solve(place, "clean")
    let noisy = try solve(place, "noisy", "--noise", "x=0.1,v=0.02", "--seed", "7")
    #expect(noisy.columns == clean.columns)
    #expect(noisy["t"] == clean["t"] && noisy["energy"] == clean["energy"])
    let added: [[Double]] = ["x", "v"].map { name in
      zip(noisy[name], clean[name]).map { $0 - $1 }
    }
    for (drawn, sigma) in zip(added, [0.1, 0.02]) {
      let scaled = drawn.map { $0 / sigma }
      let squares = scaled.map { $0 * $0 }
      // Five standard errors of each: 1, √2 and √96 over √4001 = 63.
      #expect(mean(scaled).magnitude < 0.08)
      #expect((mean(squares) - 1).magnitude < 0.112)
      #expect((mean(squares.map { $0 * $0 }) - 3).magnitude < 0.78)
      // From one row to the next.
      #expect(mean(zip(scaled, scaled.dropFirst()).map { $0 * $1 }).magnitude < 0.08)
    }
    let product = mean(zip(added[0], added[1]).map { $0 * $1 })
    #expect(product.magnitude < 0.08 * 0.1 * 0.02)
    let summary = try #require(Report(file: place("noisy/summary.json")))
    #expect(summary.values["seed"] as? Int == 7)
    #expect(try noise(place, "noisy") == ["x": 0.1, "v": 0.02])
  }

  @Test func percentOfDeviationAndOfMean() throws {
    let place = Place()
    place.write(
      Problems.oscillator.replacing("x = 1 at", with: "x = 3 at")
        .replacing("-k*x", with: "1-k*x"), to: "p.yaml")
    let clean = try solve(place, "clean", "--sweep", "k=1,2")
    for (name, text) in [("plain", "4%"), ("sd", "4%sd"), ("mean", "4%mean")] {
      _ = try solve(place, name, "--noise", text, "--sweep", "k=1,2")
      let found = try noise(place, name)
      for unknown in ["x", "v"] {
        let column = clean[unknown]
        let center = mean(column)
        let deviation = mean(column.map { ($0 - center) * ($0 - center) }).squareRoot()
        let wanted = 0.04 * (name == "mean" ? center.magnitude : deviation)
        // Sums of 22 numbers, in another order.
        #expect(abs((found[unknown] ?? 0) - wanted) < 1e-13, "\(name) of \(unknown)")
      }
    }
  }

  /// Same seed, same bytes, whatever the threads; another seed, other noise; the noise of a column
  /// does not depend on that of another.
  @Test func seeds() throws {
    let place = Place()
    place.write(Problems.oscillator, to: "p.yaml")
    let arguments = ["--sweep", "k=1:2:20", "--noise"]
    func run(_ out: String, _ more: String...) throws -> CSV {
      let run = place.start(["solve", "p.yaml", "--out", out, "--quiet"] + arguments + more).wait()
      #expect(run.status == 0, "\(run.errors)")
      return try #require(CSV(place("\(out)/trajectory.csv")))
    }
    let first = try run("a", "0.1", "--threads", "1")
    #expect(try run("b", "0.1", "--seed", "1", "--threads", "2").rows == first.rows)
    let other = try run("c", "0.1", "--seed", "2")
    #expect(zip(first["x"], other["x"]).allSatisfy { $0 != $1 })
    let one = try run("d", "v=0.1")
    #expect(one["v"] == first["v"] && zip(one["x"], first["x"]).allSatisfy { $0 != $1 })
  }

  /// A sweep with `--noise 0` is a table that a problem can name as its data.
  @Test func casesAreExperiments() throws {
    let place = Place()
    place.write(Problems.oscillator, to: "p.yaml")
    let table = try solve(place, "run", "--sweep", "x=1,2", "--sweep", "k=1,3", "--noise", "0")
    #expect(table.columns == ["trajectory", "x0", "k", "t", "x", "v"])
    let labels: [Double] = (0..<44).map { Double($0 / 11 + 1) }
    #expect(table["trajectory"] == labels)
    let plain = try solve(place, "plain", "--sweep", "x=1,2", "--sweep", "k=1,3")
    #expect(table.rows.map { Array($0.dropFirst()) } == plain.rows)
    place.write(
      Problems.oscillator.replacing("x = 1 at", with: "x = data at") + """

        data: {file: run/trajectory.csv, split: {test: [4], validation: {time: 9}}}
        """, to: "fit.yaml")
    let check = place.cauchy("check", "fit.yaml")
    // Trajectory 4 has rows at t ≥ 9, too.
    #expect(
      check.status == 2 && check.errors.contains("validation and test hold out the same"))
    let sound = place.cauchy("check", "fit.yaml", "--set", "data.split.test=0.25")
    #expect(sound.status == 0 && sound.errors.isEmpty, "\(sound.errors)")
  }

  @Test func onlyInitialValueProblemsAreMeasured() {
    let place = Place()
    for name in ["heat", "bratu"] {
      let run = place.cauchy("solve", "\(Command.gallery)/\(name).yaml", "--noise", "0.1")
      #expect(run.status == 64)
      #expect(
        run.errors == "--noise: measurements are made of initial-value problems of ordinary "
          + "differential equations; leave it out\n")
      #expect(!Files.names(in: place.path).contains("outputs"))
    }
  }

  /// A trajectory that was kept out starts where it is met best: what is left over is its noise.
  @Test func startsOfHeldOutTrajectoriesAreSought() throws {
    let place = Place()
    let spring = """
      variables: {t: [0, 10]}
      unknowns: [x, v]
      parameters: {a: 1, k: 1}
      equations: ["x' = v", "v' = -k*x"]
      conditions: [x = a at t = 0, v = 0 at t = 0]
      output: {t: 41}
      """
    place.write(spring, to: "spring.yaml")
    let made = ["--sweep", "a=1,2,3", "--noise", "0.1", "--out", "run", "--quiet"]
    #expect(place.start(["solve", "spring.yaml"] + made).wait().status == 0)
    place.write(
      """
      variables: {t: [0, 10]}
      unknowns: [x, v]
      estimate: {k: {start: 0.9}}
      equations: ["x' = v", "v' = -k*x"]
      data: {file: run/trajectory.csv, noise: 0.1, split: {test: [3]}}
      output: {t: 41}
      """, to: "fit.yaml")
    let ran = place.cauchy("train", "fit.yaml", "--json", "--quiet")
    #expect(ran.status == 0, "\(ran.errors)")
    let summary = try #require(Report(ran.output))
    let chi = try #require(summary.values["chi2_per_point_test"] as? Double)
    // 82 numbers: the deviation of χ² a number is (2/82)^½ = 0.16. From the first row alone the
    // trajectory would be off by its noise all along: about 2.
    #expect((chi - 1).magnitude < 0.5, "\(chi)")
  }
}
