import ArgumentParser
import Server

/// `cauchy serve`: the page in the browser.
struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Show problems and runs in a browser; start, watch, stop and compare runs there.",
    discussion: """
      The page is for this machine alone, and for those who have its address: it holds a secret that \
      is drawn anew each time. Runs are processes of their own: they go on when the page is closed.

      Examples:
        cauchy serve
        cauchy serve --port 9000 --problems my-problems --outputs my-runs
      """)

  @Option(
    help: ArgumentHelp("The port (default: 8137, or the first free one after it).", valueName: "n"))
  var port: UInt16?

  @Option(
    help: ArgumentHelp("The folder of problem files.", valueName: "dir"), completion: .directory)
  var problems = ServeOptions().problems

  @Option(help: ArgumentHelp("The folder of all runs.", valueName: "dir"), completion: .directory)
  var outputs = ServeOptions().outputs

  @Flag(help: "Open the page in the desktop's browser.")
  var open = false

  func run() throws {
    var options = ServeOptions()
    options.port = port
    options.problems = problems
    options.outputs = outputs
    options.opens = open
    try end(with: ServeWorkflow(options).run())
  }
}
