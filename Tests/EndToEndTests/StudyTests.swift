import Testing

/// `cauchy study`: the claims hold, and the tables say so.
@Suite(.tags(.endToEnd)) struct StudyTests {
  /// Rows of a curve and an estimator in the order of the table.
  private static func risks(_ table: CSV, _ curve: String, _ estimator: String) -> [Double] {
    let places = ["curve", "estimator"].map { table.columns.firstIndex(of: $0) ?? 0 }
    return zip(table.rows, table["risk"]).filter { row, _ in
      row[places[0]] == curve && row[places[1]] == estimator
    }.map(\.1)
  }

  @Test func doubleDescent() throws {
    let place = Place()
    let run = place.cauchy("study", "double-descent", "--json")
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    let folder = place("outputs/study-double-descent/latest")
    let summary = try #require(Report(run.output))
    #expect(summary.outcome == "reached" && summary.values["holds"] as? Bool == true)
    #expect(summary.values["energy_joules"] is Double && summary.values["energy_source"] is String)
    #expect(Files.names(in: folder) == summary.files.sorted())
    let table = try #require(CSV("\(folder)/study.csv"))
    let samples = Array(
      zip(table.rows, table["samples"]).filter { $0.0[0] == "samples" }.map(\.1).prefix(13))
    let norm = StudyTests.risks(table, "samples", "min-norm")
    let ridge = StudyTests.risks(table, "samples", "ridge-optimal")
    let square = try #require(samples.firstIndex(of: 100))
    #expect(norm.count == samples.count && norm.max() == norm[square])
    for curve in ["samples", "features"] {
      let risks = StudyTests.risks(table, curve, "ridge-optimal")
      #expect(risks == risks.sorted(by: >) && risks.count > 10, "\(curve)")
      let tenth = StudyTests.risks(table, curve, "ridge-tenth")
      #expect(tenth != tenth.sorted(by: >), "\(curve)")
    }
    // The best ridge is better than none at every place.
    #expect(zip(ridge, norm).allSatisfy { $0 <= $1 })
    // Means of Gaussian designs, d = 100, σ² = 1/4 (Hastie et al., Ann. Statist. 50 (2022) 949): the
    // bias 1 − n/d and the variances; 5 % is four standard errors of 40 trials.
    let theory = [
      (25.0, 0.75 + 0.25 * 25 / 74 + 0.25), (50, 0.5 + 0.25 * 50 / 49 + 0.25),
      (200, 0.25 * 100 / 99 + 0.25), (400, 0.25 * 100 / 299 + 0.25),
    ]
    for (n, risk) in theory {
      let found = norm[try #require(samples.firstIndex(of: n))]
      #expect((found / risk - 1).magnitude < 0.05, "\(n): \(found), not \(risk)")
    }
    let figure = try #require(CSV("\(folder)/figure.csv"))
    #expect(
      figure.columns == ["curve", "place", "min-norm", "ridge-tenth", "ridge-optimal"]
        && figure.rows.count == 25)
    #expect(figure["ridge-optimal"].prefix(13) == ridge[...])
  }

  @Test func sameSeedSameBytes() {
    let place = Place()
    for (name, seed) in [("a", "3"), ("b", "3"), ("c", "4")] {
      let run = place.cauchy(
        "study", "double-descent", "--out", name, "--seed", seed, "--quiet")
      #expect(run.status == 0 && run.output.isEmpty && run.errors.isEmpty, "\(run.errors)")
    }
    for file in ["study.csv", "figure.csv"] {
      let bytes = ["a", "b", "c"].map { Files.read(place("\($0)/\(file)")) }
      #expect(bytes[0] == bytes[1] && bytes[0] != bytes[2], "\(file)")
    }
    let again = place.cauchy("study", "double-descent", "--out", "a")
    #expect(again.status != 0 && again.errors.contains("--force"))
  }

  /// Every flow of the catalog, from three starts: the bounds are those of the claim.
  @Test func independence() throws {
    let place = Place()
    let run = place.cauchy("study", "independence", "--out", "run", "--json")
    #expect(run.status == 0, "\(run.errors)")
    let summary = try #require(Report(run.output))
    #expect(summary.values["holds"] as? Bool == true)
    let table = try #require(CSV(place("run/study.csv")))
    let optimisers = Set(table.rows.map { $0[0] })
    #expect(optimisers.count >= 4 && table.rows.count == 6 * optimisers.count)
    let rows = zip(table["ridge"], zip(table["test_error"], table["objective"]))
    let with = rows.filter { $0.0 > 0 }.map(\.1)
    let without = rows.filter { $0.0 == 0 }.map(\.1)
    func spread(_ errors: [Double]) -> Double {
      ((errors.max() ?? 0) - (errors.min() ?? 0)) / (errors.reduce(0, +) / Double(errors.count))
    }
    #expect(with.count == without.count && spread(with.map(\.0)) <= 0.1)
    #expect(spread(without.map(\.0)) >= 5 * spread(with.map(\.0)))
    let objectives = with.map(\.1)
    let least = try #require(objectives.min())
    #expect(((objectives.max() ?? 0) - least) / least <= 5e-3)
    let figure = try #require(CSV(place("run/figure.csv")))
    #expect(figure["with_ridge"] == with.map(\.0) && figure["without_ridge"] == without.map(\.0))
  }

  @Test(arguments: [
    Refusal("study", 64, "Error: Missing expected argument '<name>'"),
    Refusal(
      "study independance", 64,
      "there is no study 'independance'; did you mean 'independence'?"),
    Refusal(
      "study x", 64, "there is no study 'x'; the studies are independence, double-descent"),
  ]) func refusalIsSaid(_ refusal: Refusal) {
    let place = Place()
    let run = place.shell("exec \"$CAUCHY\" \(refusal.arguments)")
    #expect(run.status == refusal.status && run.output.isEmpty)
    #expect(run.errors.split(separator: "\n").first.map(String.init) == refusal.sentence)
    #expect(!Files.names(in: place.path).contains("outputs"))
  }
}
