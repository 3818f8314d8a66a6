import Glibc
import Problems
import Reports

/// Runs `cauchy list`: the problem files of a folder.
public struct ListWorkflow {
  private let options: ListOptions

  /// Makes the workflow of the options given.
  public init(_ options: ListOptions) { self.options = options }

  /// Does the work, prints what there is to say, and tells how it ended.
  public func run() -> ExitStatus {
    do {
      let files = try names().map { "\(options.folder)/\($0)" }
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

  /// The folder's problem files in alphabetical order.
  private func names() throws -> [String] {
    guard let folder = opendir(options.folder) else {
      throw ReportError.cannotRead(path: options.folder, code: errno)
    }
    defer { closedir(folder) }
    var found: [String] = []
    while let item = readdir(folder) {
      let name = withUnsafePointer(to: &item.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".yaml") || name.hasSuffix(".yml") { found.append(name) }
    }
    return found.sorted()
  }
}
