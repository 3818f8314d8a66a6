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
  func write(_ folder: RunFolder) throws { try SavedRun.write(self, folder) }

  /// Reads the checkpoint of a run of the same problem.
  ///
  /// - Throws: `ReportError.cannotRead`, or ``UsageFault`` where the run cannot go on.
  static func read(_ run: String, _ problem: Problem) throws -> SavedRun {
    try read(run, SavedRun.self, of: problem, \.problem)
  }

  /// Writes what a run of any kind leaves behind.
  static func write(_ saved: some Encodable, _ folder: RunFolder) throws {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Inf", negativeInfinity: "-Inf", nan: "NaN")
    encoder.outputFormatting = .sortedKeys
    let bytes = [UInt8](try encoder.encode(saved))
    try AtomicFile.write(bytes, to: folder.file(fileName))
  }

  /// Reads what a run of any kind left behind.
  ///
  /// - Parameter text: where it holds the resolved problem.
  /// - Throws: as ``read(_:_:)``.
  static func read<Saved: Decodable>(
    _ run: String, _ kind: Saved.Type, of problem: Problem, _ text: KeyPath<Saved, String>
  ) throws -> Saved {
    let saved = try read(run, kind)
    guard saved[keyPath: text] == problem.resolvedYAML() else {
      throw UsageFault(
        description: "\(run) is a run of another problem or of other settings; "
          + "resume with the same file and the same --set")
    }
    return saved
  }

  /// Reads what a run of any kind left behind, whatever its problem.
  ///
  /// - Throws: ``UsageFault`` where there is nothing, or nothing that can be read.
  static func read<Saved: Decodable>(_ run: String, _ kind: Saved.Type) throws -> Saved {
    let path = "\(run)/\(fileName)"
    guard let data = FileManager.default.contents(atPath: path) else {
      throw UsageFault(
        description: "\(run) has no \(fileName); only a run that was interrupted can be resumed")
    }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Inf", negativeInfinity: "-Inf", nan: "NaN")
    guard let saved = try? decoder.decode(Saved.self, from: data) else {
      throw UsageFault(description: "\(path) is damaged; run the problem anew")
    }
    return saved
  }
}
