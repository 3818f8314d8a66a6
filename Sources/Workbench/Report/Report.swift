import Reports

/// Options of `cauchy report`.
public struct ReportOptions: Sendable, Equatable {
  /// Runs as ``RecordedRun/find(_:under:)`` takes them; at least one.
  public var runs: [String]
  /// The page's file; nil for `report.html` in the run's folder, or, of several runs, here.
  public var out: String?
  /// Whether the closing line is left out.
  public var quiet = false

  /// Makes the options of `cauchy report RUN…`.
  public init(runs: [String]) { self.runs = runs }
}

/// Runs `cauchy report`: writes one page of a run, or one that compares several.
public struct ReportWorkflow {
  /// The page's name in a run's folder.
  public static let fileName = "report.html"
  private let options: ReportOptions

  /// Makes the workflow of the options given.
  public init(_ options: ReportOptions) { self.options = options }

  /// Does the work, prints what there is to say, and tells how it ended.
  public func run() -> ExitStatus {
    do {
      let runs = try options.runs.map { try RecordedRun.find($0) }
      let text = try runs.count == 1 ? ReportPage(runs[0]).text() : ReportComparison(runs).text()
      let path =
        options.out
        ?? (runs.count == 1
          ? "\(runs[0].path)/\(ReportWorkflow.fileName)" : ReportWorkflow.fileName)
      try AtomicFile.write(text, to: path)
      if !options.quiet { try Console.print(path) }
      if !Gnuplot.isInstalled { Console.complain(fault: Gnuplot.Fault.missing.description) }
      return .success
    } catch let fault as Gnuplot.Fault {
      Console.complain(fault: "\(fault)")
      return fault == .cancelled ? .interrupted : .cannotReadOrWrite
    } catch {
      return ErrorReport.tell(error, file: options.runs.joined(separator: ", "))
    }
  }
}
