import ArgumentParser
import Workbench

/// `cauchy reference`: a truth of stated accuracy.
struct Reference: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reference",
    abstract: "Make a reference table of stated accuracy and record it in the problem file.",
    discussion: """
      The problem is solved to the accuracy asked for, and a second time in another way. The table \
      goes beside the problem file, as <stem>-reference.csv, on the points of 'output'; the file \
      gets the key reference: {file, accuracy} and is otherwise left as it is.

      Example: cauchy reference problems/burgers.yaml --accuracy 1e-10
      """)

  @Argument(help: "The problem file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Option(help: ArgumentHelp("The relative accuracy wanted (default: 1e-10).", valueName: "number"))
  var accuracy: Double = 1e-10

  @Option(
    help: ArgumentHelp("Write the table into this file, exactly.", valueName: "file.csv"),
    completion: .file(extensions: ["csv"]))
  var out: String?

  @Flag(help: "Replace the reference that the file has.")
  var force = false

  @OptionGroup var overrides: OverrideOptions

  @Flag(help: "Leave progress and closing lines out.")
  var quiet = false

  @Flag(help: "Print the summary as JSON on standard output, and nothing else there.")
  var json = false

  func validate() throws {
    guard accuracy > 0, accuracy < 1 else {
      throw ValidationError(
        "--accuracy \(accuracy) is not between 0 and 1; write for example 1e-10")
    }
  }

  func run() throws {
    var options = ReferenceOptions(file: file)
    options.accuracy = accuracy
    options.out = out
    options.force = force
    options.overrides = overrides.set
    options.quiet = quiet
    options.json = json
    try end(with: ReferenceWorkflow(options).run())
  }
}
