import Expressions

/// Reads problem files: the text, the declarations, and every check of the format.
public enum ProblemReader {
  /// Largest problem file.
  public static let sizeLimit = 1 << 20

  /// Reads and checks a problem file.
  ///
  /// - Parameters:
  ///   - path: the file; paths inside it are relative to its folder.
  ///   - overrides: `path=value` with a dotted path, as in `solve.rtol=1e-12`; later ones win.
  ///   - catalogs: names of methods that higher layers know.
  /// - Returns: the problem; its warnings are in ``Problem/warnings``.
  /// - Throws: ``ProblemUnreadable`` where the file cannot be read, ``ProblemFaults`` with every
  ///   fault of the file, its tables and the overrides.
  public static func read(
    path: String, overrides: [String] = [], catalogs: Catalogs = Catalogs()
  ) throws -> Problem {
    let bytes = try SourceText.contents(of: path, limit: sizeLimit)
    return try read(
      bytes: bytes, file: path, folder: FilePath.folder(of: path), overrides: overrides,
      catalogs: catalogs)
  }

  /// Reads and checks the text of a problem file.
  ///
  /// - Parameters:
  ///   - bytes: UTF-8.
  ///   - file: the name that messages start with.
  ///   - folder: what paths inside the text are relative to.
  /// - Throws: ``ProblemFaults``.
  public static func read(
    bytes: [UInt8], file: String, folder: String = ".", overrides: [String] = [],
    catalogs: Catalogs = Catalogs()
  ) throws(ProblemFaults) -> Problem {
    let log = FaultLog()
    let source = SourceText(name: file, bytes: bytes)
    guard bytes.count <= sizeLimit else {
      log.error(
        Place(source: source, range: 0..<0), "the file is larger than 1 MiB",
        "move tables into CSV files")
      throw ProblemFaults(diagnostics: log.sorted)
    }
    let composed = DocumentComposer.compose(source, log)
    guard var root = composed, root.entries != nil else {
      if log.errorCount == 0 {
        log.error(
          composed?.place ?? Place(source: source, range: 0..<0), "the file is not a mapping",
          "start with lines such as 'unknowns: [x]'")
      }
      throw ProblemFaults(diagnostics: log.sorted)
    }
    for (index, override) in overrides.enumerated() {
      Override.apply(override, to: &root, rank: index + 1, log)
    }
    let builder = ProblemBuilder(
      root: root, file: file, folder: folder, catalogs: catalogs, log: log)
    var problem = builder.build()
    guard log.errorCount == 0 else { throw ProblemFaults(diagnostics: log.sorted) }
    problem.warnings = log.sorted
    return problem
  }
}
