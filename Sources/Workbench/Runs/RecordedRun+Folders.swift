import Reports

extension RecordedRun {
  /// The folder of all runs that are not told where to write.
  public static let root = "outputs"

  /// All runs below a folder, the newest first.
  ///
  /// Links are not followed, so that `latest` is not a run of its own; names that start with a
  /// point are left out.
  ///
  /// - Parameter root: the folder; nothing is found where it does not exist.
  /// - Cost: for each folder a listing, for each run the reading of one small file: some 50 µs.
  public static func all(under root: String = root) -> [RecordedRun] {
    var runs: [RecordedRun] = []
    collect(root, into: &runs)
    return runs.sorted { ($1.modified, $0.path) < ($0.modified, $1.path) }
  }

  private static func collect(_ folder: String, into runs: inout [RecordedRun]) {
    let entries = Folders.entries(in: folder)
    let names = entries.map(\.name)
    if isRun(folder, names) { runs.append(found(folder, names)) }
    for entry in entries where entry.isFolder && !entry.name.hasPrefix(".") {
      collect(folder.hasSuffix("/") ? folder + entry.name : "\(folder)/\(entry.name)", into: &runs)
    }
  }

  /// The run that a person means: by its folder, by a folder whose `latest` points at it, or by
  /// either of them inside the folder of all runs, so that `lorenz` is the newest run of it.
  ///
  /// - Throws: an error that says so, where there is no such run.
  public static func find(_ name: String, under root: String = root) throws -> RecordedRun {
    var name = name
    while name.count > 1, name.hasSuffix("/") { name.removeLast() }
    let places = name.hasPrefix("/") ? [name] : [name, "\(root)/\(name)"]
    for place in places {
      for folder in [place, "\(place)/latest"] {
        let target = Folders.resolvingLast(folder)
        let names = Folders.entries(in: target).map(\.name)
        if isRun(target, names), FileBytes.exists(target) { return try read(target) }
      }
    }
    return try read(name)
  }
}
