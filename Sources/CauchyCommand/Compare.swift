import ArgumentParser
import Workbench

/// `cauchy compare`: classical and learned, side by side.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Solve a problem classically and learn it, and print one table of both.",
    discussion: """
      Error: relative, of the worst unknown, against 'exact' or 'reference', else the difference to \
      the classical answer. Bound: what the defects of a learned solution leave to its error. \
      Estimate: the solver's own, or of a learned solution the difference to the classical answer \
      and that one's own. All trainings stop by the same rule. The table is in comparison.csv.

      Examples:
        cauchy compare problems/heat.yaml
        cauchy compare problems/lotka-volterra.yaml --with tsit5,rodas5p
        cauchy compare problems/burgers.yaml --seconds 30 --flows gradient,gradient/lie2/pair,gauss-newton
      """)

  @Argument(help: "The problem file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Option(
    help: ArgumentHelp(
      "Trainings, each flow/stepper/control/scaling with any of the last three left out (default: "
        + "the file's own).",
      valueName: "flow,…"))
  var flows: [String] = []

  @Option(
    help: ArgumentHelp(
      "Classical methods beside the file's own (solve.method).", valueName: "method,…"))
  var with: [String] = []

  @Option(
    help: ArgumentHelp("Train for this long (default: what train.stop says).", valueName: "s"))
  var seconds: Double?

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let seconds, !(seconds > 0 && seconds.isFinite) {
      throw ValidationError("--seconds \(seconds) is not a time; write a number above 0")
    }
    for (option, texts) in [("--flows", flows), ("--with", with)] {
      for text in texts where Self.names(text).contains("") {
        throw ValidationError("\(option) '\(text)' lacks a name; see 'cauchy methods'")
      }
    }
  }

  func run() throws {
    var options = CompareOptions(file: file)
    options.run = common.run
    options.flows = flows.flatMap(Self.names)
    options.methods = with.flatMap(Self.names)
    options.seconds = seconds
    try end(with: CompareWorkflow(options).run())
  }

  private static func names(_ text: String) -> [String] {
    text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      String(part.drop { $0 == " " })
    }
  }
}
