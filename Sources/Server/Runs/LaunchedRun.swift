import Glibc
import Reports
import Workbench

/// What the page starts: a command, and where its run is filed.
struct LaunchOrder: Sendable {
  /// The verbs that the page starts, and those whose runs it makes again.
  static let verbs = ["solve", "train", "compare"]
  static let repeatable = verbs + ["study"]
  /// Those whose runs leave a checkpoint.
  static let resumable = ["solve", "train"]

  var command: RunCommand
  /// Whether the problem file is a run's own, which holds the keys set.
  var isResolved = false
  /// The folder of the problem's runs; nil for the problem file's name.
  var stem: String?

  /// The command that made a run.
  ///
  /// - Throws: a ``Refusal`` where the run does not tell.
  init(of run: RecordedRun) throws(Refusal) {
    // The file may be anybody's: nothing in it may pass for an option, or for another verb.
    guard var command = RunCommand(of: run.path), LaunchOrder.repeatable.contains(command.verb),
      !command.problem.hasPrefix("-"), command.options.allSatisfy(LaunchOrder.isPlain)
    else {
      throw Refusal(
        422, "the run does not tell its command; start its problem with the settings that you want")
    }
    stem = LaunchedRun.stem(run.problem)
    let here = RunCommand(verb: "", problem: "").folder
    if command.verb != "study", command.folder != here { command.problem = command.problemPath }
    self.command = command
  }

  init(_ command: RunCommand) { self.command = command }

  /// Whether a word is an option that says what is computed, not where files go.
  private static func isPlain(_ word: String) -> Bool {
    let name = word.prefix { $0 != "=" }
    return name.hasPrefix("--") && !["--out", "--force", "--resume"].contains(name)
  }

  /// The arguments of the command, for a run that writes into `folder`.
  ///
  /// Every value stands in the same word as its option, so that none can pass for an option.
  func arguments(_ folder: String) -> [String] {
    command.words(of: command.problem, isResolved: isResolved) + ["--out=\(folder)"]
      + (command.resumed.map { ["--resume=\($0)"] } ?? [])
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
    let stem = order.stem ?? stem(order.command.problem)
    let latest = "\(outputs)/\(stem)/latest"
    let before = target(of: latest)
    let folder: String
    do {
      folder = try RunFolder(out: nil, stem: stem, verb: order.command.verb, root: outputs).path
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
    throw Refusal(422, order.command.verb, ended: await ending.value, errors: said)
  }

  private static func hasBegun(_ folder: String) -> Bool {
    FileBytes.exists("\(folder)/\(RunMark.fileName)") || FileBytes.exists("\(folder)/summary.json")
  }

  /// Takes away what a run leaves that never began.
  private static func withdraw(_ folder: String, _ latest: String, _ before: String?) {
    unlink("\(folder)/\(messages)")
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
  static func stem(_ path: String) -> String {
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
