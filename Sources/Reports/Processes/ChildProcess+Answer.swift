import Glibc

extension ChildProcess {
  /// What a program said that ran to its end.
  public struct Answer: Sendable {
    /// The exit status; 128 + n where signal n ended it.
    public var status: Int32 = 0
    /// What came on standard output.
    public var output: [UInt8] = []
    /// What came on standard error.
    public var errors: [UInt8] = []
  }

  /// Why there is no answer; a process that was started is ended then.
  public enum NoAnswer: Error, Sendable, Equatable {
    /// The system did not start it.
    case notStarted(NotStarted)
    /// The caller gave up.
    case cancelled
    /// Its time was over.
    case late
  }

  /// Starts a program, gives it a text on standard input and reads until it ends.
  ///
  /// - Parameters:
  ///   - most: bytes of either stream that are kept; what is beyond is read and dropped.
  ///   - seconds: its time.
  ///   - isCancelled: asked some ten times a second.
  /// - Throws: ``NoAnswer``.
  public static func answer(
    of path: String, _ arguments: [String], environment: [String: String] = [:],
    input: [UInt8] = [], most: Int = .max, within seconds: Double,
    isCancelled: () -> Bool = { false }
  ) throws(NoAnswer) -> Answer {
    var lines: [Line] = []
    defer { for line in lines { line.close() } }
    let child: ChildProcess
    do {
      for _ in 0..<3 { lines.append(try Line()) }
      child = try ChildProcess(
        path, arguments, environment: environment, input: .descriptor(lines[0].theirs),
        output: .descriptor(lines[1].theirs), errors: .descriptor(lines[2].theirs))
    } catch { throw .notStarted(error) }
    for index in lines.indices { lines[index].closeTheirs() }
    var talk = Talk(lines.map(\.ours), input, most)
    let end = Clock.now + seconds
    while talk.isOpen {
      let isLate = Clock.now > end
      if isLate || isCancelled() {
        kill(child.number, SIGKILL)
        _ = child.wait()
        throw isLate ? .late : .cancelled
      }
      talk.step()
    }
    return Answer(status: child.wait().status, output: talk.texts[1], errors: talk.texts[2])
  }
}

/// Two connected sockets: unlike a pipe's, a write to one whose other end is gone raises no signal.
private struct Line {
  var ours: Int32
  var theirs: Int32

  init() throws(ChildProcess.NotStarted) {
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
      throw ChildProcess.NotStarted(code: errno)
    }
    (ours, theirs) = (ends[0], ends[1])
  }

  mutating func closeTheirs() {
    if theirs >= 0 { Glibc.close(theirs) }
    theirs = -1
  }

  func close() {
    Glibc.close(ours)
    if theirs >= 0 { Glibc.close(theirs) }
  }
}

/// What is said to a process, and what it says, over three sockets: its input, its output and its
/// complaints.
private struct Talk {
  private let sockets: [Int32]
  private let input: [UInt8]
  private let most: Int
  private var sent = 0
  private var areOpen = [true, true, true]
  private var chunk = [UInt8](repeating: 0, count: 1 << 16)
  /// What came on each; nothing on the first.
  private(set) var texts: [[UInt8]] = [[], [], []]

  init(_ sockets: [Int32], _ input: [UInt8], _ most: Int) {
    (self.sockets, self.input, self.most) = (sockets, input, most)
    endIfSent()
  }

  /// Whether the process may still say something.
  var isOpen: Bool { areOpen[1] || areOpen[2] }

  /// Waits a tenth of a second at most, and sends and reads what can be.
  mutating func step() {
    var polls = sockets.indices.map { index in
      pollfd(
        fd: areOpen[index] ? sockets[index] : -1, events: Int16(index == 0 ? POLLOUT : POLLIN),
        revents: 0)
    }
    guard poll(&polls, nfds_t(polls.count), 100) > 0 else { return }
    if polls[0].revents != 0 { send() }
    for index in 1...2 where polls[index].revents != 0 { receive(index) }
  }

  private mutating func send() {
    let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
    let count = input.withUnsafeBytes { bytes in
      Glibc.send(
        sockets[0], bytes.baseAddress?.advanced(by: sent), bytes.count - sent, flags)
    }
    if count > 0 {
      sent += count
    } else if errno != EAGAIN, errno != EINTR {
      // It does not want the rest.
      sent = input.count
    }
    endIfSent()
  }

  private mutating func endIfSent() {
    guard sent == input.count else { return }
    shutdown(sockets[0], Int32(SHUT_WR))
    areOpen[0] = false
  }

  private mutating func receive(_ index: Int) {
    let count = read(sockets[index], &chunk, chunk.count)
    if count > 0 {
      texts[index] += chunk[..<count].prefix(max(most - texts[index].count, 0))
    } else if count == 0 || errno != EINTR && errno != EAGAIN {
      areOpen[index] = false
    }
  }
}
