import ArgumentParser
import Workbench

/// `cauchy methods`: the catalogs.
struct Methods: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "methods",
    abstract: "Print the names that solve.method takes, and what each method is for.",
    discussion: """
      Examples:
        cauchy methods
        cauchy methods tsit5 bdf
      """)

  @Argument(help: "Methods to tell everything of (default: the table of all).")
  var names: [String] = []

  @Flag(help: "Print the table as JSON.")
  var json = false

  func run() throws {
    var options = MethodsOptions()
    options.names = names
    options.json = json
    try end(with: MethodsWorkflow(options).run())
  }
}
