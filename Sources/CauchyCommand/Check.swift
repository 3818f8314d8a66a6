import ArgumentParser
import Reports
import Workbench

/// `cauchy check`: validation alone.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check problem files and say every fault, with its place and a remedy.",
    discussion: """
      Nothing is solved and nothing is written.

      Examples:
        cauchy check problems/*.yaml
        sed s/28/24/ problems/lorenz.yaml | cauchy check problems/lorenz.yaml --stdin
      """)

  @Argument(help: "The problem files.", completion: .file(extensions: ["yaml", "yml"]))
  var files: [String]

  @OptionGroup var overrides: OverrideOptions

  @Flag(help: "Check what standard input holds, as if it stood in the file named.")
  var stdin = false

  @Flag(help: "Say nothing of a file that is right.")
  var quiet = false

  @Flag(help: "Print the findings as JSON on standard output.")
  var json = false

  func validate() throws {
    if stdin, files.count != 1 {
      throw ValidationError("--stdin stands for one file; name \(files.count) files without it")
    }
  }

  func run() throws {
    var options = CheckOptions(files: files)
    options.overrides = overrides.set
    options.text = stdin ? Console.standardInput(limit: CheckOptions.largestText) : nil
    options.quiet = quiet
    options.json = json
    try end(with: CheckWorkflow(options).run())
  }
}
