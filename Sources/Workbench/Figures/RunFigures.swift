import Reports

/// Draws the figures of a run into its folder.
struct RunFigures {
  let format: Gnuplot.Format
  /// Of the catalog; none for all.
  var names: [String] = []
  /// What phase portraits have at their axes; none to leave that open.
  var phases: [[String]] = []
  /// Pixels across; nil for as many as figures have.
  var width: Int?

  /// Draws what the run has to show.
  ///
  /// What could not be made of the run's files is told on standard error, and left out.
  /// - Parameter out: nil for the run's own folder of figures.
  /// - Returns: the paths of the files, in the order of the catalog.
  /// - Throws: `Gnuplot.Fault`, `ReportError`, and what ``figures(of:only:)`` throws.
  func draw(_ run: RecordedRun, out: String? = nil, isCancelled: () -> Bool) throws -> [String] {
    guard Gnuplot.isInstalled else { throw Gnuplot.Fault.missing }
    let folder = out ?? "\(run.path)/\(RunFolder.figures)"
    var paths: [String] = []
    var refused: [Gnuplot.Fault] = []
    let (figures, faults) = try FigureCatalog.figures(of: run, only: names, phases: phases)
    for fault in faults { Console.complain("warning: no figure \(fault)") }
    for var figure in figures {
      if let width { figure.width = width }
      if isCancelled() { throw Gnuplot.Fault.cancelled }
      if paths.isEmpty { try RunFolder.make(folder) }
      let path = "\(folder)/\(figure.name).\(format.rawValue)"
      do {
        try Gnuplot.draw(figure, as: format, to: path, isCancelled: isCancelled)
        paths.append(path)
      } catch let fault as Gnuplot.Fault where fault.isOfOneFigure {
        refused.append(fault)
      }
    }
    // Where none could be drawn, gnuplot itself is broken.
    if paths.isEmpty, let fault = refused.first { throw fault }
    for fault in refused { Console.complain("warning: \(fault)") }
    return paths
  }

  /// Draws the figures of a run that has just ended and told so, where that is wanted; says on
  /// standard error why there are none.
  ///
  /// A run that Ctrl-C ended is drawn only if that was asked for; Ctrl-C while figures are drawn ends
  /// the drawing.
  static func afterRun(_ path: String, _ outcome: Outcome, _ wish: Bool?, isQuiet: Bool) {
    guard wish ?? (Console.errors.width != nil && !isQuiet && outcome != .stopped) else { return }
    let wasAsked = Interrupt.isRequested
    do {
      let run = try RecordedRun.read(path)
      let paths = try RunFigures(format: .svg).draw(run) { Interrupt.isRequested && !wasAsked }
      let names = paths.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
      guard !isQuiet, !paths.isEmpty else { return }
      try Console.print("  figures: \(path)/\(RunFolder.figures): \(names.joined(separator: ", "))")
    } catch {
      Console.complain("warning: no figures: \(error)")
    }
  }
}

/// Options of `cauchy plot`.
public struct PlotOptions: Sendable, Equatable {
  /// Folders of runs, or what ``RecordedRun/find(_:under:)`` takes.
  public var runs: [String]
  /// Of the files.
  public var format = Gnuplot.Format.svg
  /// Names of ``FigureCatalog``; none for all that a run has to show.
  public var names: [String] = []
  /// What phase portraits have at their axes, two names each or three; none to leave that open.
  public var phases: [[String]] = []
  /// Pixels across, of text that keeps its size; nil for as many as figures have.
  public var width: Int?
  /// The folder for the files; nil for `figures` in that of each run.
  public var out: String?
  /// Whether the paths of the files are left out.
  public var quiet = false

  /// Makes the options of `cauchy plot RUN…`.
  public init(runs: [String]) { self.runs = runs }
}

/// Runs `cauchy plot`.
public struct PlotWorkflow {
  private let options: PlotOptions

  /// Makes the workflow of the options given.
  public init(_ options: PlotOptions) { self.options = options }

  /// Draws the figures, prints their paths, and tells how it ended.
  public func run() -> ExitStatus {
    Interrupt.install()
    do {
      if options.out != nil, options.runs.count > 1 {
        throw UsageFault(
          description: "--out: figures of several runs have the same names; plot them one by one")
      }
      let drawing = RunFigures(
        format: options.format, names: options.names, phases: options.phases, width: options.width)
      for name in options.runs {
        let run = try RecordedRun.find(name)
        let paths = try drawing.draw(run, out: options.out) { Interrupt.isRequested }
        if paths.isEmpty { Console.complain(nothing(run)) }
        if !options.quiet, !paths.isEmpty { try Console.print(paths.joined(separator: "\n")) }
      }
      return .success
    } catch Gnuplot.Fault.cancelled {
      Console.complain("\(Gnuplot.Fault.cancelled)")
      return .interrupted
    } catch let fault as Gnuplot.Fault {
      Console.complain("\(fault)")
      return .cannotReadOrWrite
    } catch {
      return ErrorReport.tell(error, file: options.runs.first ?? "")
    }
  }

  private func nothing(_ run: RecordedRun) -> String {
    options.names.isEmpty
      ? "\(run.path): nothing to draw: the run has no table with two rows"
      : "\(run.path): nothing to draw: the run has no \(options.names.joined(separator: ", "))"
  }
}
