import ArgumentParser
import Reports
import Workbench

/// The options of every verb that makes a run.
struct CommonOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write the results into this folder, exactly (default: outputs/<file stem>/<verb>-NNN).",
      valueName: "dir"),
    completion: .directory)
  var out: String?

  @Flag(help: "Replace the run that the folder of --out holds.")
  var force = false

  @OptionGroup var overrides: OverrideOptions
  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Leave progress and closing lines out.")
  var quiet = false

  @Flag(help: "Print the summary as JSON on standard output, and nothing else there.")
  var json = false

  @OptionGroup var drawing: FigureOptions

  /// The options as the workbench takes them.
  var run: RunOptions {
    var run = RunOptions()
    run.out = out
    run.force = force
    run.overrides = overrides.set
    run.threads = threads.threads
    run.quiet = quiet
    run.json = json
    run.figures = drawing.figures
    return run
  }
}

/// The option of verbs whose results other programs read.
struct AlsoOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write the results in these formats too: "
        + InterchangeCatalog.all.map { "\($0.name) (\($0.meaning))" }.joined(separator: "; ") + ".",
      valueName: "format,…"))
  var also: [String] = []

  /// The names, in the order given.
  var formats: [String] {
    also.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }.map { part in
      String(part.drop { $0 == " " })
    }
  }

  func validate() throws {
    if formats.contains("") {
      throw ValidationError(
        "--also lacks a format; the formats are "
          + InterchangeCatalog.all.map(\.name).joined(separator: ", "))
    }
  }
}

/// The option that sets keys of the problem file anew.
struct OverrideOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Set a key of the problem file by its dotted path, e.g. --set solve.rtol=1e-12 (repeatable).",
      valueName: "path=value"))
  var set: [String] = []

  func validate() throws {
    for text in set {
      let path = text.prefix { $0 != "=" }
      if path.isEmpty || path.count == text.count {
        throw ValidationError(
          "--set '\(text)' is not PATH=VALUE; write for example --set parameters.rho=99.65")
      }
    }
  }
}

/// The option that says how many threads work.
struct ThreadOptions: ParsableArguments {
  private static let most = 256

  @Option(
    help: ArgumentHelp("Work with this many threads (default: all cores).", valueName: "n"))
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 {
      throw ValidationError("--threads \(threads) is not a number of threads; write 1 or more")
    }
    if let threads, threads > ThreadOptions.most {
      throw ValidationError(
        "--threads \(threads) is more than any machine has use for; write \(ThreadOptions.most) or "
          + "less")
    }
  }
}
