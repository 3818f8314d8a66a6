import Problems
import Reports

/// A key of the problem file whose value is not the same in all of some runs.
public struct SettingDifference: Sendable, Equatable {
  /// Its dotted path.
  public var path: String
  /// By run, as YAML; nil where the run's problem leaves it out, or cannot be read.
  public var values: [String?]

  /// What says nothing of how a problem is solved.
  private static let words: Set<String> = ["title", "about"]

  /// The settings that differ, in the order of the problems.
  public static func all(of runs: [RecordedRun]) -> [SettingDifference] {
    all(of: runs.map(\.resolvedProblem))
  }

  /// As above, of problems that are read already.
  static func all(of problems: [Problem?]) -> [SettingDifference] {
    let settings = problems.map { $0?.settings ?? [] }
    let values = settings.map { list in
      Dictionary(list.map { ($0.path, $0.value) }) { first, _ in first }
    }
    var seen = words
    let paths = settings.joined().map(\.path).filter { seen.insert($0).inserted }
    return paths.compactMap { path in
      let found = values.map { $0[path] }
      return Set(found).count > 1 ? SettingDifference(path: path, values: found) : nil
    }
  }
}

extension RecordedRun {
  /// The problem as the run resolved it; nil where its folder holds none that can be read.
  var resolvedProblem: Problem? {
    let file = "\(path)/problem.yaml"
    return FileBytes.exists(file) ? try? ProblemFile.read(file, []) : nil
  }
}
