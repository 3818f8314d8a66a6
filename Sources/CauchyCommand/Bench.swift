import ArgumentParser
import Workbench

/// `cauchy bench`: measured tables.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure accuracy, counts and times, each beside what it is measured against.",
    discussion: """
      Measures the gallery in 'problems' of this folder. The tables:
      \(BenchTable.all.map { "  " + $0.name }.joined(separator: "\n"))

      Examples:
        cauchy bench stiff nonstiff
        cauchy bench --repeats 5 --json > bench.json
      """)

  @Argument(help: "The tables to measure (default: all).")
  var tables: [String] = []

  @Option(
    help: ArgumentHelp("Take the median of this many runs.", valueName: "n"))
  var repeats = BenchOptions().repeats

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print the figures as JSON.")
  var json = false

  func validate() throws {
    if repeats < 1 {
      throw ValidationError("--repeats \(repeats) is not a number of runs; write 1 or more")
    }
  }

  func run() throws {
    var options = BenchOptions()
    options.tables = tables
    options.repeats = repeats
    options.threads = threads.threads
    options.json = json
    try end(with: BenchWorkflow(options).run())
  }
}
