import ArgumentParser
import Workbench

/// `cauchy solve`: the classical solution.
struct Solve: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "solve",
    abstract: "Solve a problem and write its trajectory as CSV.",
    discussion: """
      Examples:
        cauchy solve problems/lorenz.yaml
        cauchy solve problems/lorenz.yaml --set parameters.rho=99.65 --set solve.rtol=1e-12
        cauchy solve problems/lorenz.yaml --sweep rho=20:30:101 --out lorenz-sweep
        cauchy solve problems/lorenz.yaml --sensitivity sigma,rho

      A sweep solves every case on all cores and writes one table, the swept names first. Several \
      sweeps are multiplied, the last one varying fastest.
      """)

  @Argument(help: "The problem file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Option(
    help: ArgumentHelp(
      """
      Solve for several values of a parameter: rho=20:30:101 (evenly spaced), \
      nu=1e-3:1e3:61:log (logarithmically), beta=1,2,8/3 (one by one); repeatable.
      """,
      valueName: "name=values"),
    transform: Sweep.init(parsing:))
  var sweep: [Sweep] = []

  @Option(
    help: ArgumentHelp(
      "Solve one case for each row of a CSV file whose header names parameters.",
      valueName: "csv"),
    completion: .file(extensions: ["csv"]))
  var sweepFile: String?

  @Option(
    help: ArgumentHelp(
      """
      Add the derivatives of the solution by these parameters, as columns x_sigma, x_rho, …; \
      an unknown stands for its initial value.
      """,
      valueName: "name,…"))
  var sensitivity: [String] = []

  @Option(
    help: ArgumentHelp(
      "Go on with a run that was interrupted, from its checkpoint, into a new run.",
      valueName: "run"),
    completion: .directory)
  var resume: String?

  @OptionGroup var common: CommonOptions

  func validate() throws {
    for names in sensitivity where Self.names(names).contains("") {
      throw ValidationError(
        "--sensitivity '\(names)' lacks a name; write for example --sensitivity sigma,rho")
    }
    for name in Set(sweep.map(\.name)) where sweep.filter({ $0.name == name }).count > 1 {
      throw ValidationError("--sweep names '\(name)' twice; sweep each name once")
    }
  }

  func run() throws {
    var options = SolveOptions(file: file)
    options.run = common.run
    options.sweeps = sweep
    options.sweepFile = sweepFile
    options.resume = resume
    options.sensitivities = sensitivity.flatMap(Self.names)
    try end(with: SolveWorkflow(options).run())
  }

  private static func names(_ text: String) -> [String] {
    text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      String(part.drop { $0 == " " })
    }
  }
}
