import Glibc

/// A program that is given a text and gives one back.
struct ChildProcess {
  /// Why there is no answer.
  struct Fault: Error, Equatable {
    /// The system's error number; 0 where the caller gave up.
    var code: Int32
    static let cancelled = Fault(code: 0)
  }

  /// What came back.
  struct Ran {
    /// The exit status; 128 + n where signal n ended it.
    var status: Int32 = 0
    var output: [UInt8] = []
    var errors: [UInt8] = []
  }

  let path: String
  let arguments: [String]
  /// Set beside, or instead of, what this process has.
  let environment: [String: String]

  /// Where a program lies that is called by its name alone.
  static func path(of program: String) -> String? {
    guard let list = getenv("PATH") else { return nil }
    return String(cString: list).split(separator: ":").map { "\($0)/\(program)" }
      .first { access($0, X_OK) == 0 && !Folders.isFolder($0) }
  }

  /// Starts the program, writes `input` to its standard input and reads until it ends.
  ///
  /// It has a process group of its own: Ctrl-C reaches this process alone, which asks `isCancelled`
  /// and then ends the child.
  func run(input: [UInt8], isCancelled: () -> Bool) throws(Fault) -> Ran {
    // One socket for its input and its complaints, one for its answer.
    var talk: [Int32] = [-1, -1]
    var answer: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &talk) == 0 else { throw Fault(code: errno) }
    guard socketpair(AF_UNIX, kind, 0, &answer) == 0 else {
      let code = errno
      for end in talk { close(end) }
      throw Fault(code: code)
    }
    let (child, code) = start(input: talk[1], output: answer[1])
    close(talk[1])
    close(answer[1])
    defer {
      close(talk[0])
      close(answer[0])
    }
    guard code == 0 else { throw Fault(code: code) }
    var ran = Ran()
    let isWhole = exchange(input, talk[0], answer[0], &ran, isCancelled)
    if !isWhole { kill(child, SIGKILL) }
    var raw: Int32 = 0
    while waitpid(child, &raw, 0) < 0, errno == EINTR {}
    if !isWhole { throw .cancelled }
    ran.status = raw & 0x7f == 0 ? raw >> 8 & 0xff : 128 + raw & 0x7f
    return ran
  }

  private func start(input: Int32, output: Int32) -> (child: pid_t, code: Int32) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, input, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Signals as a program expects them, whatever this process ignores or blocks.
    var (none, all) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
    var child = pid_t()
    let code = Self.withPointers([path] + arguments) { arguments in
      Self.withPointers(variables) {
        posix_spawn(&child, path, &actions, &attributes, arguments, $0)
      }
    }
    return (child, code)
  }

  /// Sends the input and collects the answer; false where the caller gave up.
  private func exchange(
    _ input: [UInt8], _ talk: Int32, _ answer: Int32, _ ran: inout Ran, _ isCancelled: () -> Bool
  ) -> Bool {
    var sent = 0
    var isOpen = (talk: true, answer: true)
    if input.isEmpty { shutdown(talk, Int32(SHUT_WR)) }
    while isOpen.talk || isOpen.answer {
      if isCancelled() { return false }
      let wants = Int16(POLLIN) | (sent < input.count ? Int16(POLLOUT) : 0)
      var polled = [
        pollfd(fd: isOpen.talk ? talk : -1, events: wants, revents: 0),
        pollfd(fd: isOpen.answer ? answer : -1, events: Int16(POLLIN), revents: 0),
      ]
      // A tenth of a second, so that a wish to stop is heard.
      guard poll(&polled, 2, 100) > 0 else { continue }
      if polled[0].revents & Int16(POLLOUT) != 0, sent < input.count {
        let count = input.withUnsafeBytes { bytes in
          send(
            talk, bytes.baseAddress?.advanced(by: sent), bytes.count - sent,
            Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        }
        if count > 0 {
          sent += count
        } else if errno != EAGAIN, errno != EINTR {
          sent = input.count
        }
        if sent == input.count { shutdown(talk, Int32(SHUT_WR)) }
      }
      let ending = Int16(POLLIN | POLLHUP | POLLERR)
      if polled[0].revents & ending != 0 { isOpen.talk = Self.take(talk, &ran.errors) }
      if polled[1].revents & ending != 0 { isOpen.answer = Self.take(answer, &ran.output) }
    }
    return true
  }

  /// Reads what is there; false at the end.
  private static func take(_ descriptor: Int32, _ bytes: inout [UInt8]) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(descriptor, &chunk, chunk.count)
    if count > 0 { bytes += chunk[..<count] }
    return count > 0 || count < 0 && (errno == EINTR || errno == EAGAIN)
  }

  /// The environment of the child.
  private var variables: [String] {
    var own: [String] = []
    var entry = environ
    while let text = entry.pointee {
      let words = String(cString: text)
      if environment[String(words.prefix { $0 != "=" })] == nil { own.append(words) }
      entry += 1
    }
    return own + environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
  }

  private static func withPointers<Result>(
    _ texts: [String], _ work: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let pointers = texts.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    return work(pointers + [nil])
  }
}
