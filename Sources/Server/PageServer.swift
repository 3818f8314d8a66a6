import FlyingFox
import FlyingSocks
import Glibc
import Reports
import Synchronization

/// The HTTP server behind the gate, on a socket that only this process reaches.
final class PageServer: Sendable {
  /// Seconds for an answer to be made; reports and figures take longest, and have their own limit.
  private static let answerTime = 150.0
  private let desk: Desk

  init(_ desk: Desk) { self.desk = desk }

  /// Starts the server.
  ///
  /// - Returns: the path to connect to; nil where there is no place for a socket.
  func start() -> String? {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    // `mkdtemp` makes the folder for this user alone.
    var template = Array("\(base)/cauchy-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { return nil }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let path = folder + "/socket"
    defer {
      unlink(path)
      rmdir(folder)
    }
    let server = HTTPServer(
      address: .unix(path: path), timeout: PageServer.answerTime, logger: .disabled,
      handler: RouteCatalog.handler(desk))
    let isListening = Flag()
    Task.detached {
      try? await server.run()
      // It ends where nothing more can be done: the process must not stay on without it.
      Console.complain("the HTTP server has ended; start 'cauchy serve' again")
      kill(getpid(), SIGTERM)
    }
    Task.detached {
      try? await server.waitUntilListening(timeout: 10)
      isListening.raise()
    }
    isListening.wait()
    // The socket stays reachable through the descriptor when its name is gone, so that not even a
    // killed server leaves anything behind.
    let descriptor = open(path, Int32(PageServer.pathOnly) | O_CLOEXEC)
    return descriptor < 0 ? nil : "/proc/self/fd/\(descriptor)"
  }

  /// O_PATH, which Swift's module of Glibc leaves out.
  private static let pathOnly = 0o10_000_000
}

/// Something that one thread waits for and another one does.
private final class Flag: Sendable {
  private let isRaised = Atomic<Bool>(false)

  func raise() { isRaised.store(true, ordering: .releasing) }

  func wait() {
    while !isRaised.load(ordering: .acquiring) { usleep(1000) }
  }
}
