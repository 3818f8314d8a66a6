import Glibc

/// The folder that one run writes into.
public struct RunFolder: Sendable, Equatable {
  /// The folder's path, as given or as made, without a slash at the end.
  public let path: String

  /// The names that a run gives to its files, but those of ``InterchangeCatalog``; a folder that has
  /// one of them holds a run.
  public static let fileNames = [
    "trajectory.csv", "events.csv", "failures.csv", "training.csv", "model.safetensors",
    "problem.yaml", "command.json", "summary.json", "checkpoint.json", "errors.csv", "points.csv",
    "comparison.csv", "study.csv", "figure.csv",
    "fit.csv", "terms.csv", "discovered.csv", "formula-trajectory.csv", "report.html",
    RunMark.fileName,
  ]

  /// The folder of figures inside a run's.
  package static let figures = "figures"

  /// Takes the folder of `--out`, made if need be, or makes the next numbered one.
  ///
  /// Without `out` it is `<root>/<stem>/<verb>-NNN`, one above the highest number there, made by one
  /// `mkdir` so that runs at the same time get folders of their own; the link
  /// `<root>/<stem>/latest` then points at it.
  ///
  /// - Parameters:
  ///   - out: the folder to use exactly, or nil.
  ///   - force: whether the files of a run that `out` holds are removed.
  ///   - stem: the problem file's name without folder and extension.
  ///   - verb: the command's word, `solve`.
  ///   - root: the folder of all runs.
  /// - Throws: `ReportError.occupied`, `running`, `cannotMakeFolder` or `cannotWrite`.
  public init(
    out: String?, force: Bool = false, stem: String, verb: String, root: String = "outputs"
  ) throws(ReportError) {
    if let out {
      path = Self.withoutSlash(out)
      try claim(force: force)
    } else {
      let parent = "\(root)/\(stem)"
      try Folders.make(parent)
      let name = try Self.makeNext(verb, in: parent)
      path = "\(parent)/\(name)"
      try Self.point("\(parent)/latest", at: name)
    }
  }

  /// The path of a file in the folder.
  public func file(_ name: String) -> String { path == "/" ? "/\(name)" : "\(path)/\(name)" }

  /// Makes a folder, and those above it that do not exist yet.
  ///
  /// - Throws: `ReportError.cannotMakeFolder`.
  package static func make(_ path: String) throws(ReportError) { try Folders.make(path) }

  /// Makes the folder at ``path``, or sees to it that it is free and can be written.
  private func claim(force: Bool) throws(ReportError) {
    try Folders.make(path)
    guard access(path, W_OK | X_OK) == 0 else {
      throw .cannotWrite(path: path, code: errno)
    }
    let names = Folders.names(in: path).sorted()
    let held = names.filter(Self.isOfRun)
    if held.isEmpty { return }
    if let mark = RunMark(of: path), mark.isAlive {
      throw .running(path: path, process: mark.process.number)
    }
    if !force { throw .occupied(path: path) }
    // A run that was killed left tables under their temporary names.
    let unfinished = names.filter { name in
      name.hasSuffix(".partial") && Self.isOfRun(String(name.dropLast(".partial".count)))
    }
    for name in held + unfinished where unlink(file(name)) != 0 && errno != ENOENT {
      throw .cannotWrite(path: file(name), code: errno)
    }
    try removeFigures()
  }

  /// Takes the pictures of the run before away: they would show what is there no more.
  private func removeFigures() throws(ReportError) {
    let endings = Gnuplot.Format.allCases.map { ".\($0.rawValue)" }
    let folder = file(Self.figures)
    let pictures = Folders.names(in: folder).filter { endings.contains(where: $0.hasSuffix) }
    for name in pictures where unlink("\(folder)/\(name)") != 0 && errno != ENOENT {
      throw .cannotWrite(path: "\(folder)/\(name)", code: errno)
    }
    // A folder with anything else in it stays.
    rmdir(folder)
  }

  /// Whether a file of this name is one that runs write.
  private static func isOfRun(_ name: String) -> Bool {
    fileNames.contains(name) || InterchangeCatalog.owns(name)
  }

  private static func withoutSlash(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  /// Makes `<verb>-NNN` in `parent` for the next free number, and returns the name.
  private static func makeNext(_ verb: String, in parent: String) throws(ReportError) -> String {
    let numbers = Folders.names(in: parent).compactMap { name in
      name.hasPrefix("\(verb)-") ? Int(name.dropFirst(verb.count + 1)) : nil
    }
    var number = (numbers.max() ?? 0) + 1
    while true {
      let digits = String(number)
      let zeros = String(repeating: "0", count: max(0, 3 - digits.count))
      let name = "\(verb)-\(zeros)\(digits)"
      if mkdir("\(parent)/\(name)", 0o777) == 0 { return name }
      if errno != EEXIST { throw .cannotMakeFolder(path: "\(parent)/\(name)", code: errno) }
      number += 1
    }
  }

  /// Makes or replaces a symbolic link by renaming a new one over it.
  private static func point(_ link: String, at target: String) throws(ReportError) {
    let temporary = "\(link).\(target)"
    unlink(temporary)
    guard symlink(target, temporary) == 0 else { throw .cannotWrite(path: link, code: errno) }
    if rename(temporary, link) != 0 {
      let code = errno
      unlink(temporary)
      throw .cannotWrite(path: link, code: code)
    }
  }
}
