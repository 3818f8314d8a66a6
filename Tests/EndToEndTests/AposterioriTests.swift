import Testing

/// What a training says of its own error without knowing the truth.
@Suite("A-posteriori bound", .tags(.endToEnd)) struct AposterioriTests {
  /// The summary's bound, beside the error that the closed form tells.
  @Test(arguments: [("bump", Problems.bump, ["u"]), ("decay", Problems.decay, ["y", "z"])])
  func bound(_ name: String, _ text: String, _ unknowns: [String]) throws {
    let place = Place()
    place.write(text, to: "\(name).yaml")
    let run = place.cauchy("train", "\(name).yaml", "--out", "run")
    let summary = try #require(Report(file: place("run/summary.json")))
    let posterior = try #require(summary.values["a_posteriori"] as? [String: Any])
    let bounds = try #require(posterior["error_bound"] as? [String: [String: Any]])
    let errors = try #require(summary.values["errors"] as? [String: [String: Double]])
    #expect(bounds.keys.sorted() == unknowns)
    for unknown in unknowns {
      let (bound, error) = (try #require(bounds[unknown]), try #require(errors[unknown]))
      #expect(bound["kind"] as? String == "sampled")
      #expect((bound["method"] as? String)?.contains("functions") == true)
      for (key, other) in [("l2_relative", "relative_l2"), ("max", "max")] {
        let (most, least) = (try #require(bound[key] as? Double), try #require(error[other]))
        #expect(most >= least && most <= 30 * least, "\(unknown) \(key)")
      }
      #expect(run.output.contains("error of \(unknown) at most: relative "))
    }
  }

  @Test func noBound() throws {
    let place = Place()
    place.write(Problems.bump, to: "bump.yaml")
    let run = place.cauchy(
      "train", "bump.yaml", "--out", "run", "--set", "exact=null", "--set",
      "equations=[\"-u'' = k*exp(u)\"]")
    let summary = try #require(Report(file: place("run/summary.json")))
    let posterior = try #require(summary.values["a_posteriori"] as? [String: Any])
    let reason = try #require(posterior["no_error_bound"] as? String)
    #expect(posterior["error_bound"] == nil && reason.contains("nonlinear"))
    #expect(run.output.contains("no bound of the error: \(reason)"))
  }
}
