import Glibc
import Reports
import Workbench

/// Options of `cauchy serve`.
public struct ServeOptions: Sendable, Equatable {
  /// The port; nil for 8137, or the first free one after it.
  public var port: UInt16?
  /// The folder of problem files.
  public var problems = "problems"
  /// The folder of all runs.
  public var outputs = RecordedRun.root
  /// Whether the page is opened in the desktop's browser.
  public var opens = false

  /// Makes the options of a command without any.
  public init() {}
}

/// Runs `cauchy serve`: a page on this machine that shows problems and runs, and starts and stops
/// them.
public struct ServeWorkflow {
  private static let firstPort: UInt16 = 8137
  private let options: ServeOptions

  /// Makes the workflow of the options given.
  public init(_ options: ServeOptions) { self.options = options }

  /// Serves the page until the process is interrupted.
  ///
  /// The main thread must call it: it waits for Ctrl-C there, and says then which runs go on.
  public func run() -> ExitStatus {
    guard FolderOfFiles.isThere(options.problems) else {
      Console.complain(
        "there is no folder \(options.problems); name that of your problem files with --problems")
      return .cannotReadOrWrite
    }
    let folders = ServedFolders(
      problems: ServeWorkflow.withoutSlash(options.problems),
      outputs: ServeWorkflow.withoutSlash(options.outputs))
    if mkdir(folders.outputs, 0o777) != 0, errno != EEXIST {
      Console.complain(
        "cannot make the folder \(folders.outputs): \(String(cString: strerror(errno))); "
          + "name another with --outputs")
      return .cannotReadOrWrite
    }
    // Before any other thread is made, so that all of them leave these to `sigwait`.
    var signals = Self.endingSignals
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    Interrupt.ignoreWriteSignals()
    let token = Token.drawn()
    let server = PageServer(Desk(folders))
    guard let inner = server.start() else {
      Console.complain("no socket can be made in /tmp; free some space there, or set TMPDIR")
      return .cannotReadOrWrite
    }
    guard let gate = Gate(ports, token, inner: { LocalSocket.connect(path: inner) }),
      OwnThread.start({ gate.run() })
    else {
      Console.complain(complaint)
      return .cannotReadOrWrite
    }
    return serve("http://127.0.0.1:\(gate.port)/\(token.text)/", folders)
  }

  private func serve(_ address: String, _ folders: ServedFolders) -> ExitStatus {
    do {
      try Console.print("The page is at\n  \(address)\nCtrl-C ends it; runs that it started go on.")
    } catch { return .cannotReadOrWrite }
    if options.opens { DesktopBrowser.open(address) }
    var signals = Self.endingSignals
    var signal: Int32 = 0
    while sigwait(&signals, &signal) != 0 {}
    farewell(folders)
    return .success
  }

  /// Says which runs go on, and how each is stopped.
  private func farewell(_ folders: ServedFolders) {
    let running = RecordedRun.all(under: folders.outputs).compactMap { run in
      if case .running(let process) = run.state {
        "  \(run.path): kill -INT \(process)"
      } else {
        String?.none
      }
    }
    Console.complain("\nthe page is closed")
    guard !running.isEmpty else { return }
    Console.complain(
      (running.count == 1 ? "one run goes on" : "\(running.count) runs go on")
        + "; each writes a checkpoint and ends after\n" + running.joined(separator: "\n"))
  }

  private static var endingSignals: sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
    return signals
  }

  private var ports: [UInt16] {
    if let port = options.port { return [port] }
    return Array(Self.firstPort..<Self.firstPort + 64) + [0]
  }

  private var complaint: String {
    options.port.map { "port \($0) is taken; choose another with --port, or leave it out" }
      ?? "no port of 127.0.0.1 is free; end other programs"
  }

  private static func withoutSlash(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }
}

/// What is asked of folders on the disk.
private enum FolderOfFiles {
  static func isThere(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
