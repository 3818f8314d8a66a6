import Glibc
import Problems
import Reports

/// Runs `cauchy list`: the problem files of a folder and of those in it.
public struct ListWorkflow {
  private let options: ListOptions

  /// Makes the workflow of the options given.
  public init(_ options: ListOptions) { self.options = options }

  /// Does the work, prints what there is to say, and tells how it ended.
  public func run() -> ExitStatus {
    do {
      let names = try ProblemFiles.names(under: options.folder)
      let files = names.map { "\(options.folder)/\($0)" }
      let entries = files.map(entry)
      if options.json {
        try Console.print(JSONValue.list(entries.map(\.json)).rendered)
      } else {
        let width = entries.map(\.file.count).max() ?? 0
        for entry in entries {
          let gap = String(repeating: " ", count: width - entry.file.count + 2)
          try Console.print(entry.file + gap + entry.title)
        }
      }
      return .success
    } catch {
      return ErrorReport.tell(error, file: options.folder)
    }
  }

  private struct Entry {
    var file: String
    var title: String
    var kind: String

    var json: JSONValue {
      .object([("file", .text(file)), ("title", .text(title)), ("kind", .text(kind))])
    }
  }

  private func entry(_ file: String) -> Entry {
    do {
      let problem = try ProblemFile.read(file, [])
      return Entry(
        file: file, title: problem.title ?? "(no title)", kind: CheckWorkflow.verdict(problem))
    } catch {
      return Entry(file: file, title: "(wrong: cauchy check \(file))", kind: "wrong")
    }
  }
}

/// The problem files of a folder.
public enum ProblemFiles {
  /// A file's name without folder and extension.
  public static func stem(_ path: String) -> String { ProblemFile.stem(path) }

  /// Folders inside folders that are looked into.
  private static let depth = 4

  /// Their names below the folder in alphabetical order, then those in folders inside it.
  ///
  /// Hidden files and folders, links to folders and what runs left are passed over.
  /// - Throws: `ReportError.cannotRead`.
  public static func names(under folder: String) throws(ReportError) -> [String] {
    guard let handle = opendir(folder) else { throw .cannotRead(path: folder, code: errno) }
    closedir(handle)
    let names = found(folder, "", depth).sorted()
    return names.filter { !$0.contains("/") } + names.filter { $0.contains("/") }
  }

  private static func found(_ folder: String, _ prefix: String, _ depth: Int) -> [String] {
    let entries = Folders.entries(in: folder).filter { !$0.name.hasPrefix(".") }
    if !prefix.isEmpty, RecordedRun.isRun(folder, entries.map(\.name)) { return [] }
    return entries.flatMap { entry -> [String] in
      if entry.isFolder {
        return depth > 0
          ? found("\(folder)/\(entry.name)", "\(prefix)\(entry.name)/", depth - 1) : []
      }
      let isProblem = entry.name.hasSuffix(".yaml") || entry.name.hasSuffix(".yml")
      return isProblem ? [prefix + entry.name] : []
    }
  }
}
