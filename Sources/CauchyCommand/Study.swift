import ArgumentParser
import Workbench

/// `cauchy study`: experiments whose outcome is known.
struct Study: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study",
    abstract: "Make a known experiment on regularisation again, and say whether its claim holds.",
    discussion: """
      The studies:
      \(StudyCatalog.all.map { "  \($0.name): \($0.claim) [\($0.source)]" }.joined(separator: "\n"))

      The run's folder gets study.csv, a row for each figure measured, figure.csv, a column for each \
      curve, and summary.json. The exit code is 1 where the claim does not hold.

      Examples:
        cauchy study independence
        cauchy study double-descent --seed 2 --out descent
      """)

  @Argument(help: "The study's name.")
  var name: String

  @Option(
    help: ArgumentHelp(
      "Write the results into this folder, exactly (default: outputs/study-<name>/study-NNN).",
      valueName: "dir"),
    completion: .directory)
  var out: String?

  @Flag(help: "Replace the run that the folder of --out holds.")
  var force = false

  @Option(help: ArgumentHelp("The seed of the data.", valueName: "n"))
  var seed = StudyOptions(name: "").seed

  @Flag(help: "Leave progress, the table and closing lines out.")
  var quiet = false

  @Flag(help: "Print the summary as JSON on standard output, and nothing else there.")
  var json = false

  @OptionGroup var drawing: FigureOptions

  func run() throws {
    var options = StudyOptions(name: name)
    options.out = out
    options.force = force
    options.seed = seed
    options.quiet = quiet
    options.json = json
    options.figures = drawing.figures
    try end(with: StudyWorkflow(options).run())
  }
}
