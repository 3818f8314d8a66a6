import ArgumentParser
import Workbench

/// `cauchy bench`: measured tables.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure accuracy, counts and times, each beside what it is measured against.",
    discussion: """
      Measures the gallery in 'problems' of this folder. The tables:
      \(BenchTable.names.map { "  " + $0 }.joined(separator: "\n"))
      'train' stands for the tables from train-errors to train-deepxde; it takes some two hours, \
      'flows' 80 minutes: both are left out unless named. Words after them choose rows.
      Of 'train': \(rows(of: "train")).
      Of 'flows': \(rows(of: "flows")).

      Examples:
        cauchy bench stiff nonstiff
        cauchy bench train poisson heat
        cauchy bench flows burgers --seconds 10
        cauchy bench train --seconds 5 --repeats 1
        cauchy bench --repeats 5 --json > bench.json
      """)

  private static func rows(of group: String) -> String {
    BenchTable.all.filter { $0.group == group }.flatMap(\.rows).joined(separator: ", ")
  }

  @Argument(
    help: "The tables to measure, and rows of 'train' or 'flows' (default: all other tables).")
  var tables: [String] = []

  @Option(
    help: ArgumentHelp("Take the median of this many runs.", valueName: "n"))
  var repeats = BenchOptions().repeats

  @Option(
    help: ArgumentHelp(
      "Let no training take longer than this (default: what its row says).", valueName: "s"))
  var seconds: Double?

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print the figures as JSON.")
  var json = false

  func validate() throws {
    if repeats < 1 {
      throw ValidationError("--repeats \(repeats) is not a number of runs; write 1 or more")
    }
    if let seconds, !(seconds > 0 && seconds.isFinite) {
      throw ValidationError("--seconds \(seconds) is not a time; write a number above 0")
    }
  }

  func run() throws {
    var options = BenchOptions()
    options.tables = tables
    options.repeats = repeats
    options.seconds = seconds
    options.threads = threads.threads
    options.json = json
    try end(with: BenchWorkflow(options).run())
  }
}
