import Testing

/// A reentrant corner, learned with a singular function of unknown strength, and without.
@Suite(.tags(.endToEnd)) struct CornerTests {
  private func train(_ name: String) throws -> (report: Report, table: CSV) {
    let place = Place()
    let run = place.cauchy(
      "train", "\(Command.gallery)/\(name).yaml", "--set", "train.stop.steps=100", "--threads", "1",
      "--out", "run", "--quiet")
    #expect(run.status == 0, "\(run.errors)")
    return (
      try #require(Report(file: place("run/summary.json"))),
      try #require(CSV(place("run/trajectory.csv")))
    )
  }

  /// The closed form of w holds K: the error is that beside the K that was found.
  @Test func strengthIsFound() throws {
    let (report, table) = try train("corner-singularity")
    let estimates = try #require(report.values["estimates"] as? [String: [String: Any]])
    let strength = try #require(estimates["K"]?["value"] as? Double)
    // 100 steps leave 3e-5 of K and 1e-5 of w; the goal for such corners is 1e-4.
    #expect(abs(strength - 1) <= 1e-3, "\(strength)")
    let error = try #require(report.worstError)
    #expect(error <= 1e-4)
    // u = w + K*singular misses its truth by as much as w does.
    let misses = table["u_error"].map { $0 * $0 }.reduce(0, +)
    let size = table["w"].map { $0 * $0 }.reduce(0, +)
    #expect(abs((misses / size).squareRoot() / error - 1) <= 1e-3)
  }

  /// What the singular function is there for: a smooth network alone does not follow r^(2/3).
  @Test func smoothNetworksMiss() throws {
    let error = try #require(try train("corner-plain").report.worstError)
    #expect(error >= 0.01)
  }
}
