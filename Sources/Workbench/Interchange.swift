import Expressions
import Problems
import Reports

/// The formats of other programs that a run is written in as well, by `--also`.
enum Interchange {
  /// The formats of the names, in the order of the catalog.
  ///
  /// - Throws: ``UsageFault`` where a name is none, or the run has nothing for its format.
  static func formats(
    _ names: [String], of problem: Problem, verb: String, isSweep: Bool
  ) throws -> [InterchangeFormat] {
    for name in names {
      guard let format = InterchangeCatalog.find(name) else { throw unknown(name) }
      func refuse(_ reason: String) throws {
        throw UsageFault(description: "--also \(name): \(reason)")
      }
      if format.isOfTraining, verb != "train" {
        try refuse("'\(verb)' does not train; leave it out, or use 'cauchy train'")
      }
      if format.isOfFields, problem.kind == .initialValue {
        try refuse("an ordinary differential equation has no field; leave it out, or use npy")
      }
      if format.isOfFields, isSweep {
        try refuse("a sweep has a field for each case; solve case by case with --set")
      }
    }
    return InterchangeCatalog.all.filter { names.contains($0.name) }
  }

  private static func unknown(_ name: String) -> UsageFault {
    let names = InterchangeCatalog.all.map(\.name)
    let near = NearestName.find(name, among: names).map { "did you mean '\($0)'?" }
    return UsageFault(
      description: "--also \(name): there is no such format; "
        + (near ?? "the formats are \(names.joined(separator: ", "))"))
  }
}

extension RunRecord {
  /// Writes the formats asked for; the names of their files.
  ///
  /// What cannot be written is a warning: the run itself is there.
  mutating func writeInterchange() -> [String] {
    let source = InterchangeSource(
      folder: folder, variables: problem.variables.map(\.name), marching: problem.marching)
    var written: [String] = []
    for format in formats {
      do {
        let names = try format.write(source)
        if names.isEmpty { warn("--also \(format.name): trajectory.csv is no whole field") }
        written += names
      } catch {
        warn("--also \(format.name): \(error)")
        interchangeFailure = interchangeFailure ?? error
      }
    }
    return written
  }
}
