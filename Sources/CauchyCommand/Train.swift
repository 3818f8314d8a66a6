import ArgumentParser
import Workbench

/// `cauchy train`: the learned solution.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Learn the solution of a problem, its unknown terms or its constants.",
    discussion: """
      Unknowns are networks, trained on the equations (and data); or, with data in a problem of one \
      variable, trajectories, and trained are the networks and constants inside the equations.

      The parameters of the network follow the gradient flow of the loss, integrated like any other \
      initial-value problem; training.csv shows every step, its error and why it was accepted. What \
      the file leaves open is chosen, printed and stored in problem.yaml.

      Examples:
        cauchy train problems/poisson.yaml
        cauchy train problems/burgers.yaml --set train.stop.seconds=300 --set network.hidden=[30,30]
        cauchy train problems/spiral.yaml
        cauchy train problems/burgers.yaml --resume outputs/burgers/latest

      Ctrl-C ends after the present step and writes a checkpoint.
      """)

  @Argument(help: "The problem file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Option(
    help: ArgumentHelp(
      "Go on with a run from its checkpoint, into a new run.", valueName: "run"),
    completion: .directory)
  var resume: String?

  @Option(help: ArgumentHelp("The seed of all random numbers (train.seed).", valueName: "n"))
  var seed: Int?

  @OptionGroup var interchange: AlsoOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    var options = TrainOptions(file: file)
    options.run = common.run
    options.run.also = interchange.formats
    options.resume = resume
    options.seed = seed
    try end(with: TrainWorkflow(options).run())
  }
}
