import ArgumentParser
import Workbench

/// `cauchy predict`: a trained model at points of one's own.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Evaluate the model of a trained run at the points of a table.",
    discussion: """
      The table has a column for each variable, in any order. The answer has its columns, then the \
      unknowns and the observables; a column that has the name of one of these is left out.

      Example: cauchy predict outputs/poisson/latest --at points.csv --out values.csv
      """)

  @Argument(
    help: ArgumentHelp("The folder of the run.", valueName: "run"), completion: .directory)
  var folder: String

  @Option(
    help: ArgumentHelp("A CSV file with the points.", valueName: "points.csv"),
    completion: .file(extensions: ["csv"]))
  var at: String

  @Option(
    help: ArgumentHelp(
      "Write the table into this file (default: standard output).", valueName: "file.csv"),
    completion: .file(extensions: ["csv"]))
  var out: String?

  @Flag(help: "Leave warnings out.")
  var quiet = false

  func run() throws {
    var options = PredictOptions(run: folder, points: at)
    options.out = out
    options.quiet = quiet
    try end(with: PredictWorkflow(options).run())
  }
}
