import ArgumentParser
import Workbench

/// `cauchy show`: one run in full.
struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Say what a run did, what came out, and how to make it again.",
    discussion: """
      A run is named by its folder; by a folder above it, which stands for its newest run; or by \
      either of them inside 'outputs'.

      Examples:
        cauchy show lorenz
        cauchy show outputs/lorenz/solve-001
        cauchy show burgers --json
      """)

  @Argument(help: ArgumentHelp("The run.", valueName: "run"), completion: .directory)
  var folder: String

  @Flag(help: "Print the run's summary as JSON.")
  var json = false

  func run() throws {
    var options = ShowOptions(run: folder)
    options.json = json
    try end(with: ShowWorkflow(options).run())
  }
}
