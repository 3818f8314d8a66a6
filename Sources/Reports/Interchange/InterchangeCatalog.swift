/// What a writer of another program's format is told of a run.
public struct InterchangeSource: Sendable {
  /// The run's folder, with its tables in place.
  public var folder: RunFolder
  /// Names of the problem's variables, in declared order.
  public var variables: [String]
  /// The variable that marches; nil where none does.
  public var marching: String?

  /// Makes a source from its parts.
  public init(folder: RunFolder, variables: [String], marching: String?) {
    self.folder = folder
    self.variables = variables
    self.marching = marching
  }
}

/// A format of another program that a run's tables can be written in as well.
public struct InterchangeFormat: Sendable {
  /// The name for `--also`.
  public let name: String
  /// What is written, and what reads it.
  public let meaning: String
  /// Whether it is about how a training went, and not about its answer.
  public let isOfTraining: Bool
  /// Whether it is about fields: functions of a place.
  public let isOfFields: Bool
  /// Whether a file of this name is written by it.
  public let owns: @Sendable (String) -> Bool
  /// Writes the files and returns their names; none where the run has no table for them.
  public let write: @Sendable (InterchangeSource) throws(ReportError) -> [String]
}

/// All formats that runs are written in beside CSV; adding one is a file and a row here.
public enum InterchangeCatalog {
  private static let array = "trajectory.npy"

  /// In the order in which they are written.
  public static let all = [
    InterchangeFormat(
      name: "npy", meaning: "\(array): trajectory.csv as a NumPy array with named columns",
      isOfTraining: false, isOfFields: false, owns: { $0 == array },
      write: { source throws(ReportError) in
        try NPYFile.write(
          table: source.folder.file("trajectory.csv"), to: source.folder.file(array))
        return [array]
      }),
    InterchangeFormat(
      name: "vtu",
      meaning: "\(VTUFile.fileName), or \(VTUFile.collectionName) and a file for each moment: "
        + "fields for ParaView, PyVista and meshio",
      isOfTraining: false, isOfFields: true, owns: VTUFile.owns,
      write: { source throws(ReportError) in
        let path = source.folder.file("trajectory.csv")
        guard let table = try GridTable(table: path, axes: source.variables) else { return [] }
        return try VTUFile.write(table, marching: source.marching, to: source.folder)
      }),
    InterchangeFormat(
      name: "tensorboard", meaning: "\(EventFile.fileName): training.csv as curves for TensorBoard",
      isOfTraining: true, isOfFields: false, owns: { $0 == EventFile.fileName },
      write: { source throws(ReportError) in
        try EventFile.write(
          table: source.folder.file("training.csv"), to: source.folder.file(EventFile.fileName))
        return [EventFile.fileName]
      }),
  ]

  /// The format of a name; nil where there is none.
  public static func find(_ name: String) -> InterchangeFormat? { all.first { $0.name == name } }

  /// Whether a file of this name is written by any of them.
  static func owns(_ name: String) -> Bool { all.contains { $0.owns(name) } }
}
