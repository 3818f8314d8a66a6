import Reports

/// The command that a run was started by: the file `command.json` in its folder.
///
/// Every value of an option stands in the same word as its name, so that none can pass for an
/// option.
public struct RunCommand: Sendable, Equatable {
  /// The file's name in a run's folder.
  public static let fileName = "command.json"

  /// The command's word.
  public var verb: String
  /// The problem file as it was given, or the name of a study.
  public var problem: String
  /// The folder that relative paths are relative to.
  public var folder: String
  /// Keys of the problem file that were set anew, each `dotted.path=value`.
  public var settings: [String]
  /// The options that make the answer besides those keys, such as `--sweep=rho=20:30:101`; paths
  /// in them are absolute.
  public var options: [String]
  /// How many threads were asked for; nil for all cores.
  public var threads: Int?
  /// The folder of the run that was gone on with, as it was given.
  public var resumed: String?

  /// Makes the command that is given in the present folder.
  public init(
    verb: String, problem: String, settings: [String] = [], options: [String] = [],
    threads: Int? = nil, resumed: String? = nil
  ) {
    (self.verb, self.problem, self.folder) = (verb, problem, resolvedPath("."))
    (self.settings, self.options) = (settings, options)
    (self.threads, self.resumed) = (threads, resumed)
  }

  /// Reads the command of a run; nil where its folder has none that can be read.
  public init?(of run: String) {
    guard let bytes = FileBytes.read("\(run)/\(RunCommand.fileName)"),
      let json = try? JSONValue(reading: bytes), let verb = json["verb"]?.string,
      let problem = json["problem"]?.string
    else { return nil }
    func texts(_ key: String) -> [String] { (json[key]?.elements ?? []).compactMap(\.string) }
    self.init(
      verb: verb, problem: problem, settings: texts("set"), options: texts("options"),
      threads: json["threads"]?.int, resumed: json["resume"]?.string)
    folder = json["folder"]?.string ?? folder
  }

  /// The content of the file.
  public var json: JSONValue {
    .object([
      ("verb", .text(verb)), ("problem", .text(problem)), ("folder", .text(folder)),
      ("set", .list(settings.map(JSONValue.text))),
      ("options", .list(options.map(JSONValue.text))), ("threads", .optional(threads)),
      ("resume", .optional(resumed)),
    ])
  }

  /// The problem file, so that it is found from any folder.
  public var problemPath: String { problem.hasPrefix("/") ? problem : "\(folder)/\(problem)" }

  /// The words after `cauchy` that give the command again.
  ///
  /// - Parameters:
  ///   - problem: the problem file, or a study's name.
  ///   - isResolved: whether that file is a run's `problem.yaml`, which holds the keys set.
  public func words(of problem: String, isResolved: Bool) -> [String] {
    [verb, problem] + (isResolved ? [] : settings.map { "--set=\($0)" }) + options
      + (threads.map { ["--threads=\($0)"] } ?? [])
  }

  /// The command of such words, as a person writes it to a shell.
  public static func text(_ words: [String]) -> String {
    let parts = words.flatMap { word -> [String] in
      // A value that looks like an option stays in the word of its own.
      guard word.hasPrefix("--"), let equals = word.firstIndex(of: "="),
        word[equals...].dropFirst().first != "-"
      else { return [word] }
      return [String(word[..<equals]), String(word[equals...].dropFirst())]
    }
    return (["cauchy"] + parts.map(quoted)).joined(separator: " ")
  }

  private static func quoted(_ word: String) -> String {
    let marks = "/._-+=:,%".unicodeScalars
    let isPlain = word.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0) || marks.contains($0)
    }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}

// MARK: The commands of the verbs

extension SolveOptions {
  var command: RunCommand {
    var words = sweeps.map { "--sweep=\($0.text)" }
    if let sweepFile { words.append("--sweep-file=\(resolvedPath(sweepFile))") }
    if !sensitivities.isEmpty {
      words.append("--sensitivity=\(sensitivities.joined(separator: ","))")
    }
    if let model { words.append("--model=\(resolvedPath(model))") }
    if let noise { words.append("--noise=\(noise.text)") }
    if let seed { words.append("--seed=\(seed)") }
    return run.command("solve", file, words, resumed: resume)
  }
}

extension TrainOptions {
  var command: RunCommand {
    run.command("train", file, seed.map { ["--seed=\($0)"] } ?? [], resumed: resume)
  }
}

extension CompareOptions {
  var command: RunCommand {
    var words = flows.isEmpty ? [] : ["--flows=\(flows.joined(separator: ","))"]
    if !methods.isEmpty { words.append("--with=\(methods.joined(separator: ","))") }
    if let seconds { words.append("--seconds=\(NumberText.text(seconds))") }
    return run.command("compare", file, words)
  }
}

extension StudyOptions {
  var command: RunCommand {
    RunCommand(verb: "study", problem: name, options: ["--seed=\(seed)"])
  }
}

extension RunOptions {
  fileprivate func command(
    _ verb: String, _ file: String, _ words: [String], resumed: String? = nil
  ) -> RunCommand {
    let formats = also.isEmpty ? [] : ["--also=\(also.joined(separator: ","))"]
    return RunCommand(
      verb: verb, problem: file, settings: overrides, options: words + formats, threads: threads,
      resumed: resumed)
  }
}
