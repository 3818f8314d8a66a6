import Foundation
import Integrators
import Problems
import Reports

/// What an interrupted run leaves behind so that `--resume` goes on with it.
struct SavedRun: Codable {
  static let fileName = "checkpoint.json"

  /// The resolved problem: a run goes on only with the same one.
  var problem: String
  var checkpoint: Checkpoint
  var truth: [String: TruthErrors.Sums]

  /// Writes the checkpoint into a run's folder.
  func write(_ folder: RunFolder) throws {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Inf", negativeInfinity: "-Inf", nan: "NaN")
    encoder.outputFormatting = .sortedKeys
    let bytes = [UInt8](try encoder.encode(self))
    try AtomicFile.write(bytes, to: folder.file(SavedRun.fileName))
  }

  /// Reads the checkpoint of a run of the same problem.
  ///
  /// - Throws: `ReportError.cannotRead`, or ``UsageFault`` where the run cannot go on.
  static func read(_ run: String, _ problem: Problem) throws -> SavedRun {
    let path = "\(run)/\(fileName)"
    guard let data = FileManager.default.contents(atPath: path) else {
      throw UsageFault(
        description: "\(run) has no \(fileName); only a run that was interrupted can be resumed")
    }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Inf", negativeInfinity: "-Inf", nan: "NaN")
    guard let saved = try? decoder.decode(SavedRun.self, from: data) else {
      throw UsageFault(description: "\(path) is damaged; solve the problem anew")
    }
    guard saved.problem == problem.resolvedYAML() else {
      throw UsageFault(
        description: "\(run) is a run of another problem or of other settings; "
          + "resume with the same file and the same --set")
    }
    return saved
  }
}
