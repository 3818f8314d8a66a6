import ArgumentParser
import Reports

/// The command line: reads arguments, calls a workflow of the workbench, ends with its status.
@main
struct Cauchy: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cauchy",
    abstract: "Solve or learn differential equations that are declared in a text file.",
    discussion: """
      Declare a problem once, in YAML; solve it, or train a network on it; read the CSV.

      Examples:
        cauchy solve problems/lorenz.yaml
        cauchy train problems/poisson.yaml

      Exit codes: 0 the end was reached, 1 a numerical failure or too little accuracy, 2 the problem file is wrong, \
      3 a file cannot be read or written, 64 wrong usage, 130 interrupted.

      Shell completion, for bash (zsh and fish alike):
        cauchy --generate-completion-script bash > ~/.local/share/bash-completion/completions/cauchy
      """,
    version: Release.version,
    subcommands: [
      Solve.self, Train.self, Predict.self, Compare.self, Check.self, Reference.self, List.self,
      Methods.self, Bench.self, Study.self, Runs.self, Show.self, Plot.self, Report.self,
      Serve.self,
    ])

  /// Runs the verb that the arguments name.
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if let word = arguments.first, let complaint = complaint(aboutVerb: word) {
      Console.complain(complaint)
      exit(withError: ExitCode(ExitStatus.wrongUsage.rawValue))
    }
    // Only these multiply matrices long enough to pay for a second start.
    if ["train", "compare", "bench", "study"].contains(arguments.first) { Relaunch.ifCheaper() }
    main(arguments)
  }

  /// What to say of a first word that is no verb; nil for a verb or an option.
  private static func complaint(aboutVerb word: String) -> String? {
    let verbs = configuration.subcommands.compactMap { $0.configuration.commandName }
    if word.hasPrefix("-") || word == "help" || verbs.contains(word) { return nil }
    let isFile = word.hasSuffix(".yaml") || word.hasSuffix(".yml")
    return "there is no verb '\(word)'; "
      + (isFile ? "write: cauchy solve \(word)" : "the verbs are \(verbs.joined(separator: ", "))")
  }
}

extension ParsableCommand {
  /// Ends the command with the status of a workflow.
  func end(with status: ExitStatus) throws {
    if status != .success { throw ExitCode(status.rawValue) }
  }
}
