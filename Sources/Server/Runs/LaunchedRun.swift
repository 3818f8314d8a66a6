import Glibc
import Reports
import Workbench

/// What the page was asked to run: kept beside the run, so that it can be gone on with.
struct LaunchOrder: Sendable {
  /// The verbs that the page starts.
  static let verbs = ["solve", "train", "compare"]
  /// Those whose runs leave a checkpoint.
  static let resumable = ["solve", "train"]
  /// The order's name in the run's folder.
  static let fileName = "started.json"

  var verb: String
  /// The problem file as the command is given it.
  var problem: String
  /// `path=value`, as `--set` takes them.
  var settings: [String] = []
  /// How many threads work; nil for all cores.
  var threads: Int?
  /// Other options of the verb, each with its value.
  var options: [Option] = []
  /// The folder of the run that is gone on with.
  var resumed: String?
  /// The name that the run's folder is filed under; nil for the problem file's.
  var stem: String?

  /// An option of a verb, without its hyphens.
  struct Option: Sendable, Equatable {
    var name: String
    var value: String
  }

  /// The arguments of the command, for a run that writes into `folder`.
  ///
  /// Every value stands in the same word as its option, so that none can pass for an option.
  func arguments(_ folder: String) -> [String] {
    var words = [verb, problem, "--out=\(folder)"]
    words += settings.map { "--set=\($0)" }
    words += options.map { "--\($0.name)=\($0.value)" }
    if let threads { words.append("--threads=\(threads)") }
    if let resumed { words.append("--resume=\(resumed)") }
    return words
  }

  var json: JSONValue {
    .object([
      ("verb", .text(verb)), ("problem", .text(problem)),
      ("set", .list(settings.map(JSONValue.text))), ("threads", .optional(threads)),
      ("options", .object(options.map { ($0.name, .text($0.value)) })),
      ("resume", .optional(resumed)),
    ])
  }

  /// The order that lies beside a run; nil where the run was started elsewhere.
  static func beside(_ folder: String) -> LaunchOrder? {
    guard let bytes = FileBytes.read("\(folder)/\(fileName)"),
      let json = try? JSONValue(reading: bytes), let verb = json["verb"]?.string,
      let problem = json["problem"]?.string
    else { return nil }
    return LaunchOrder(
      verb: verb, problem: problem,
      settings: (json["set"]?.elements ?? []).compactMap(\.string),
      threads: json["threads"]?.int,
      options: (json["options"]?.members ?? []).compactMap { name, value in
        value.string.map { Option(name: name, value: $0) }
      }, resumed: json["resume"]?.string)
  }
}

/// A run that was started from the page.
struct LaunchedRun {
  /// What the run says on standard error, in the run's folder.
  static let messages = "messages.txt"
  /// Seconds after which a run that has not begun is believed to begin later.
  private static let patience = 60.0

  /// Starts a run in a folder of its own and waits until it has begun.
  ///
  /// It goes on whatever becomes of the server.
  ///
  /// - Returns: the run's folder.
  /// - Throws: a ``Refusal`` with what the command said, where it ended before it began.
  static func start(_ order: LaunchOrder, outputs: String) async throws -> String {
    let stem = order.stem ?? stem(order.problem)
    let latest = "\(outputs)/\(stem)/latest"
    let before = target(of: latest)
    let folder: String
    do {
      folder = try RunFolder(out: nil, stem: stem, verb: order.verb, root: outputs).path
      try AtomicFile.write(order.json.rendered + "\n", to: "\(folder)/\(LaunchOrder.fileName)")
    } catch { throw Refusal(503, "\(error)") }
    let child: ChildProcess
    do {
      child = try ChildProcess(
        ChildProcess.ownPath, order.arguments(folder), errors: .file("\(folder)/\(messages)"))
    } catch {
      withdraw(folder, latest, before)
      throw Refusal(503, "the run could not be started; end other programs", "\(error)")
    }
    let ending = Task { await OwnThread.value { child.wait().status } ?? -1 }
    let watch = Task { () -> Bool in
      for _ in 0..<Int(20 * patience) where !Task.isCancelled {
        if hasBegun(folder) { return true }
        try? await Task.sleep(for: .milliseconds(50))
      }
      return false
    }
    Task {
      _ = await ending.value
      watch.cancel()
    }
    if await watch.value || hasBegun(folder) { return folder }
    guard watch.isCancelled else { return folder }
    let said = text("\(folder)/\(messages)")
    withdraw(folder, latest, before)
    throw Refusal(422, order.verb, ended: await ending.value, errors: said)
  }

  private static func hasBegun(_ folder: String) -> Bool {
    FileBytes.exists("\(folder)/\(RunMark.fileName)") || FileBytes.exists("\(folder)/summary.json")
  }

  /// Takes away what a run leaves that never began.
  private static func withdraw(_ folder: String, _ latest: String, _ before: String?) {
    for name in [messages, LaunchOrder.fileName] { unlink("\(folder)/\(name)") }
    guard rmdir(folder) == 0, let name = folder.split(separator: "/").last,
      target(of: latest) == String(name)
    else { return }
    unlink(latest)
    if let before {
      symlink(before, latest)
    } else {
      rmdir(String(latest.dropLast("/latest".count)))
    }
  }

  /// The problem file's name without folder and extension; of an edited text its original's.
  private static func stem(_ path: String) -> String {
    ProblemFiles.stem(EditedText.original(path) ?? path)
  }

  private static func target(of link: String) -> String? {
    var bytes = [CChar](repeating: 0, count: 4096)
    let count = readlink(link, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return String(decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// What a small text file says, without what no person reads.
  static func text(_ path: String) -> String {
    let bytes = FileBytes.read(path) ?? []
    let lines = String(decoding: bytes.suffix(1 << 14), as: UTF8.self).split { $0.isNewline }
    return lines.joined(separator: "\n")
  }
}
