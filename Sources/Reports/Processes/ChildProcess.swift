import Glibc

/// Another program, or this one once more, as a process of its own.
///
/// It gets its three streams and no other descriptor of this process, and signals as a program
/// expects them, whatever this process ignores or blocks.
public struct ChildProcess: Sendable {
  /// The path of this very program, even where its file was replaced since it was started.
  public static let ownPath = "/proc/self/exe"

  /// Where one of its streams goes, or comes from.
  public enum Stream: Sendable {
    case nowhere
    case descriptor(Int32)
    /// A file: read, or made anew.
    case file(String)
  }

  /// Why the system did not start it.
  public struct NotStarted: Error, Sendable, Equatable, CustomStringConvertible {
    /// The system's error number.
    public var code: Int32

    public var description: String { "a process cannot be started: \(SystemReason.text(code))" }
  }

  /// How it ended, and what it cost.
  public struct Ending: Sendable {
    /// The exit status; 128 + n where signal n ended it; -1 where it was no child of ours.
    public var status: Int32
    /// Processor seconds of all its threads, and of those of its own children that it waited for.
    public var cpuSeconds: Double
    /// The most memory that it held at once, as the system counts it: this process's own from
    /// before the program was another one is the least.
    public var mostBytes: Int
  }

  /// The number of the process.
  public let number: pid_t

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - path: its file.
  ///   - arguments: without its own name.
  ///   - environment: set beside, or instead of, what this process has.
  ///   - isApart: whether it gets a session of its own, so that neither Ctrl-C in the terminal nor
  ///     the end of this process reaches it.
  public init(
    _ path: String, _ arguments: [String], environment: [String: String] = [:],
    input: Stream = .nowhere, output: Stream = .nowhere, errors: Stream = .nowhere,
    isApart: Bool = true
  ) throws(NotStarted) {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    guard posix_spawn_file_actions_init(&actions) == 0 else { throw NotStarted(code: ENOMEM) }
    defer { posix_spawn_file_actions_destroy(&actions) }
    guard posix_spawnattr_init(&attributes) == 0 else { throw NotStarted(code: ENOMEM) }
    defer { posix_spawnattr_destroy(&attributes) }
    for (index, stream) in [input, output, errors].enumerated() {
      Self.add(stream, as: Int32(index), to: &actions)
    }
    Self.closeOthers(&actions)
    Self.setSignals(&attributes, isApart: isApart)
    var number = pid_t()
    let name = path == Self.ownPath ? "cauchy" : path
    let code = Self.withPointers([name] + arguments) { words in
      Self.withPointers(Self.variables(environment)) {
        posix_spawn(&number, path, &actions, &attributes, words, $0)
      }
    }
    guard code == 0 else { throw NotStarted(code: code) }
    self.number = number
  }

  /// Where a program lies that is called by its name alone; nil where PATH has none.
  public static func path(of program: String) -> String? {
    let list = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
    return list.split(separator: ":").map { "\($0)/\(program)" }
      .first { access($0, X_OK) == 0 && !Folders.isFolder($0) }
  }

  /// Waits for the end; once only, for the number is free after that.
  public func wait() -> Ending {
    var raw: Int32 = 0
    var usage = rusage()
    while wait4(number, &raw, 0, &usage) < 0 {
      if errno != EINTR { return Ending(status: -1, cpuSeconds: 0, mostBytes: 0) }
    }
    let signal = raw & 0x7F
    return Ending(
      status: signal == 0 ? raw >> 8 & 0xFF : 128 + signal,
      cpuSeconds: usage.ru_utime.inSeconds + usage.ru_stime.inSeconds,
      mostBytes: usage.ru_maxrss * 1024)
  }

  private static func add(
    _ stream: Stream, as target: Int32, to actions: inout posix_spawn_file_actions_t
  ) {
    let writing = O_WRONLY | O_CREAT | O_TRUNC
    switch stream {
    case .nowhere: posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_RDWR, 0)
    case .descriptor(let source): posix_spawn_file_actions_adddup2(&actions, source, target)
    case .file(let path):
      posix_spawn_file_actions_addopen(
        &actions, target, path, target == 0 ? O_RDONLY : writing, 0o666)
    }
  }

  private typealias CloseFrom =
    @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32

  /// Closes what the child must not hold: sockets of this process would else live on in it.
  private static func closeOthers(_ actions: inout posix_spawn_file_actions_t) {
    // Swift's module of Glibc leaves the extensions of GNU out.
    guard let found = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") else { return }
    _ = unsafeBitCast(found, to: CloseFrom.self)(&actions, 3)
  }

  private static func setSignals(_ attributes: inout posix_spawnattr_t, isApart: Bool) {
    var (none, all) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    // POSIX_SPAWN_SETSID, which Glibc's module leaves out.
    let newSession: Int16 = isApart ? 0x80 : 0
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF) | newSession)
  }

  /// The environment of this process with some changes.
  private static func variables(_ changes: [String: String]) -> [String] {
    var own: [String] = []
    var entry = environ
    while let text = entry.pointee {
      let words = String(cString: text)
      if changes[String(words.prefix { $0 != "=" })] == nil { own.append(words) }
      entry += 1
    }
    return own + changes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
  }

  private static func withPointers<Result>(
    _ texts: [String], _ work: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let pointers = texts.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    return work(pointers + [nil])
  }
}

extension timeval {
  fileprivate var inSeconds: Double { Double(tv_sec) + 1e-6 * Double(tv_usec) }
}
