import ArgumentParser
import Reports
import Workbench

/// `cauchy plot`: the figures of runs.
struct Plot: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw the figures of a run, by gnuplot.",
    discussion: """
      The files go into the folder 'figures' of the run; their paths are printed. Which figures there \
      are is seen from what the run wrote:
      \(FigureCatalog.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))

      Examples:
        cauchy plot outputs/lorenz/latest
        cauchy plot outputs/burgers/latest --only field,error --format pdf --out paper
        cauchy plot outputs/pendulum/latest --only phase --phase theta,omega --phase x,y,t
      """)

  @Argument(
    help: ArgumentHelp("Folders of runs.", valueName: "run"), completion: .directory)
  var runs: [String]

  @Option(help: ArgumentHelp("svg, png or pdf.", valueName: "format"))
  var format = "svg"

  @Option(help: ArgumentHelp("Only these figures.", valueName: "name,…"))
  var only: [String] = []

  @Option(
    help: ArgumentHelp(
      "Draw this phase portrait, of two columns or three; may be given again.",
      valueName: "x,y[,z]"))
  var phase: [String] = []

  @Option(help: ArgumentHelp("Pixels across, 400 to 2000; text keeps its size (default: 900)."))
  var width: Int?

  @Option(
    help: ArgumentHelp(
      "Write the files into this folder (default: figures, in the run's).", valueName: "dir"),
    completion: .directory)
  var out: String?

  @Flag(help: "Leave the paths of the files out.")
  var quiet = false

  func validate() throws {
    if Gnuplot.Format(rawValue: format) == nil {
      throw ValidationError("--format \(format) is none of svg, png, pdf")
    }
    if let width, !(400...2000).contains(width) {
      throw ValidationError("--width \(width) is not within 400…2000")
    }
  }

  func run() throws {
    var options = PlotOptions(runs: runs)
    options.format = Gnuplot.Format(rawValue: format) ?? .svg
    options.names = only.flatMap { $0.split(separator: ",").map(String.init) }
    options.phases = phase.map { $0.split(separator: ",").map(String.init) }
    options.width = width
    options.out = out
    options.quiet = quiet
    try end(with: PlotWorkflow(options).run())
  }
}

/// The option of verbs that draw what they found.
struct FigureOptions: ParsableArguments {
  @Flag(
    inversion: .prefixedNo,
    help: "Draw the figures of the run when it has ended (default: on a terminal).")
  var figures: Bool?
}
