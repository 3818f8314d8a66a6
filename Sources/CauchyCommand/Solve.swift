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
        cauchy solve problems/lorenz.yaml --noise 1% --seed 7

      A sweep solves every case on all cores and writes one table, the swept names first. Several \
      sweeps are multiplied, the last one varying fastest. With --noise every case is an experiment, \
      told by the column 'trajectory': the table can be named as 'data' of a problem file.
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
      "Take the networks and estimates that a run of 'cauchy train' found.", valueName: "run"),
    completion: .directory)
  var model: String?

  @Option(
    help: ArgumentHelp(
      "Go on with a run that was interrupted, from its checkpoint, into a new run.",
      valueName: "run"),
    completion: .directory)
  var resume: String?

  @Option(
    help: ArgumentHelp(
      """
      Add normal noise to the unknowns' columns: a standard deviation (0.1), percent of each column's \
      standard deviation (5%) or mean (5%mean), or by unknown (x=0.1,y=5%); 0 adds none.
      """,
      valueName: "sigma"),
    transform: Noise.init(parsing:))
  var noise: Noise?

  @Option(help: ArgumentHelp("The seed of the noise (default: 1).", valueName: "n"))
  var seed: Int?

  @OptionGroup var interchange: AlsoOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if seed != nil, noise == nil {
      throw ValidationError("--seed: nothing is drawn at random; add for example --noise 0.1")
    }
    if noise != nil, resume != nil {
      throw ValidationError("--noise: a run that is resumed cannot be given noise; solve it anew")
    }
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
    options.run.also = interchange.formats
    options.sweeps = sweep
    options.sweepFile = sweepFile
    options.resume = resume
    options.model = model
    options.noise = noise
    options.seed = seed
    options.sensitivities = sensitivity.flatMap(Self.names)
    try end(with: SolveWorkflow(options).run())
  }

  private static func names(_ text: String) -> [String] {
    text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      String(part.drop { $0 == " " })
    }
  }
}
