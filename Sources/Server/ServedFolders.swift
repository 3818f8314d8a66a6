import Glibc
import Reports

/// The two folders that the page may look into.
struct ServedFolders: Sendable {
  /// Problem files, as the user named the folder.
  let problems: String
  /// Runs, as the user named the folder.
  let outputs: String

  /// The real path of something that lies in a folder, once every link is followed.
  ///
  /// - Parameters:
  ///   - path: below `folder`, as a request names it; any text.
  ///   - folder: one of the two.
  /// - Throws: a ``Refusal`` where it leads out of the folder or to nothing.
  static func inside(_ path: String, of folder: String) throws(Refusal) -> String {
    try check(path, of: folder)
    guard let root = real(folder), let found = real("\(folder)/\(path)") else {
      throw Refusal(404, "there is no '\(shown(path))' in \(folder)")
    }
    guard found.hasPrefix(root + "/") else {
      throw Refusal(403, "'\(shown(path))' leads out of \(folder)")
    }
    return found
  }

  /// - Throws: a ``Refusal`` for a text that cannot be a path inside a folder.
  private static func check(_ path: String, of folder: String) throws(Refusal) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let isPlain = parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
    guard isPlain, !path.utf8.contains(0), path.utf8.count < 1024 else {
      throw Refusal(400, "'\(shown(path))' is no path inside \(folder)")
    }
  }

  /// A problem file by its name below the folder of problems.
  ///
  /// - Returns: the path as the command is given it.
  func problem(_ name: String) throws(Refusal) -> String {
    guard name.hasSuffix(".yaml") || name.hasSuffix(".yml") else {
      throw Refusal(
        400, "'\(ServedFolders.shown(name))' is no problem file; its name ends in .yaml")
    }
    _ = try ServedFolders.inside(name, of: problems)
    return "\(problems)/\(name)"
  }

  /// Where a problem file may be written, by its name below the folder of problems; its own folder
  /// must be there.
  ///
  /// - Returns: the path as the command is given it.
  func newProblem(_ name: String) throws(Refusal) -> String {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    try ServedFolders.check(name, of: problems)
    if parts.count > 1 {
      _ = try ServedFolders.inside(parts.dropLast().joined(separator: "/"), of: problems)
    }
    let path = "\(problems)/\(name)"
    // A link may lead elsewhere.
    if FileBytes.exists(path) { _ = try ServedFolders.inside(name, of: problems) }
    return path
  }

  /// The name below the folder of problems of a file that a run was made of; nil for one elsewhere,
  /// and for one that is gone.
  func problemName(_ path: String) -> String? {
    guard let root = ServedFolders.real(problems), let found = ServedFolders.real(path) else {
      return nil
    }
    // As it was named, where links lead inside.
    if path.hasPrefix(problems + "/") {
      let name = String(path.dropFirst(problems.count + 1))
      if (try? problem(name)) != nil { return name }
    }
    guard found.hasPrefix(root + "/"), found.hasSuffix(".yaml") || found.hasSuffix(".yml") else {
      return nil
    }
    return String(found.dropFirst(root.count + 1))
  }

  /// A run's folder by its path below the folder of runs.
  func run(_ name: String) throws(Refusal) -> String {
    let path = try ServedFolders.inside(name, of: outputs)
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw Refusal(404, "there is no run '\(ServedFolders.shown(name))' in \(outputs)")
    }
    return "\(outputs)/\(name)"
  }

  /// What a request's text looks like in a message: short, and without control characters.
  static func shown(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.prefix(80).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : $0 }))
  }

  private static func real(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
