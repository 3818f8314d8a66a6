import Problems
import Reports

extension Measurements {
  /// What a summary says of the measurements: their file and its SHA-256, and how many rows are
  /// fitted, compared with while training, and kept for the test.
  ///
  /// - Parameter seed: of the split (`train.seed`).
  /// - Throws: `ReportError.cannotRead`. Cost: reads the file once more.
  package func record(seed: UInt64) throws(ReportError) -> JSONValue {
    let experiments = experiments(seed: seed)
    let roles = experiments.flatMap(\.roles)
    let counts = Experiment.Role.allCases.map { role in
      (key: role.rawValue, value: JSONValue.integer(roles.count { $0 == role }))
    }
    return .object(
      [
        ("file", .text(file)), ("sha256", .text(try FileDigest.sha256(of: file))),
        ("experiments", .integer(experiments.count)),
      ] + counts)
  }
}
