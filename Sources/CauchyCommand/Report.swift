import ArgumentParser
import Workbench

/// `cauchy report`: a page of a run.
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a page that shows a run: the problem, the answer, its error, figures.",
    discussion: """
      The page is report.html in the run's folder, one file that needs no other. Of several runs it \
      is one page that compares them, report.html here.

      Examples:
        cauchy report lorenz
        cauchy report outputs/poisson/train-001 outputs/poisson/train-002 --out both.html
      """)

  @Argument(help: ArgumentHelp("The runs.", valueName: "run"), completion: .directory)
  var folders: [String]

  @Option(
    help: ArgumentHelp("Write the page into this file.", valueName: "file.html"),
    completion: .file(extensions: ["html"]))
  var out: String?

  @Flag(help: "Print nothing.")
  var quiet = false

  func run() throws {
    var options = ReportOptions(runs: folders)
    options.out = out
    options.quiet = quiet
    try end(with: ReportWorkflow(options).run())
  }
}
