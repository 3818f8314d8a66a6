import Glibc
import Reports
import Workbench

/// The problem files with their titles, read anew when one of them has changed.
actor GalleryList {
  private let folder: String
  private var seen: [String] = []
  private var found: JSONValue?

  init(_ folder: String) { self.folder = folder }

  /// What `cauchy list --json` says of the folder, each file without its folder.
  func entries() async throws -> JSONValue {
    let present = try fingerprint()
    if let found, present == seen { return found }
    let result = try await ShortCommand.run(["list", "--json", "--", folder], seconds: 60)
    guard result.status == 0, let list = (try? JSONValue(reading: result.output))?.elements else {
      throw Refusal(503, "list", result)
    }
    let named = JSONValue.list(list.map(named))
    (seen, found) = (present, named)
    return named
  }

  private func named(_ entry: JSONValue) -> JSONValue {
    let file = entry["file"]?.string ?? ""
    return .object([
      ("name", .text(String(file.dropFirst(folder.count + 1)))),
      ("title", entry["title"] ?? .null), ("kind", entry["kind"] ?? .null),
    ])
  }

  /// Names, sizes and times of the problem files.
  private func fingerprint() throws -> [String] {
    let names: [String]
    do {
      names = try ProblemFiles.names(under: folder)
    } catch { throw Refusal(503, "\(error)") }
    return names.map { name in
      var status = stat()
      guard stat("\(folder)/\(name)", &status) == 0 else { return name }
      return "\(name) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }
  }
}
