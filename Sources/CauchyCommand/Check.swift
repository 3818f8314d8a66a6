import ArgumentParser
import Workbench

/// `cauchy check`: validation alone.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check problem files and say every fault, with its place and a remedy.",
    discussion: """
      Nothing is solved and nothing is written.

      Example: cauchy check problems/*.yaml
      """)

  @Argument(help: "The problem files.", completion: .file(extensions: ["yaml", "yml"]))
  var files: [String]

  @OptionGroup var overrides: OverrideOptions

  @Flag(help: "Say nothing of a file that is right.")
  var quiet = false

  @Flag(help: "Print the findings as JSON on standard output.")
  var json = false

  func run() throws {
    var options = CheckOptions(files: files)
    options.overrides = overrides.set
    options.quiet = quiet
    options.json = json
    try end(with: CheckWorkflow(options).run())
  }
}
