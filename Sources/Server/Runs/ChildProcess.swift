import Glibc
import Reports

/// This program started once more, with other arguments.
struct ChildProcess: Sendable {
  /// How a child ended: its exit status, or 128 + n where signal n ended it.
  typealias Ending = Int32

  let number: pid_t

  /// Where a child's stream goes, or comes from.
  enum Stream {
    case nowhere
    case descriptor(Int32)
    /// A file that is made anew.
    case file(String)
  }

  /// Starts this program.
  ///
  /// The child gets a session of its own, so that neither Ctrl-C in the terminal nor the end of the
  /// server reaches it; no descriptor but its three streams; and default signal handling.
  ///
  /// - Throws: a ``Refusal`` where the system does not start it.
  init(
    _ arguments: [String], input: Stream = .nowhere, output: Stream = .nowhere,
    errors: Stream = .nowhere
  ) throws(Refusal) {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    guard posix_spawn_file_actions_init(&actions) == 0, posix_spawnattr_init(&attributes) == 0
    else { throw Refusal(503, "no memory to start a process; end other programs") }
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    for (index, stream) in [input, output, errors].enumerated() {
      ChildProcess.add(stream, as: Int32(index), to: &actions)
    }
    ChildProcess.closeOthers(&actions)
    ChildProcess.setSession(&attributes)
    var words: [UnsafeMutablePointer<CChar>?] = (["cauchy"] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    // `environ` is a mutable global, which Swift 6 does not name; the linker knows its place.
    let environment = dlsym(nil, "environ")?
      .assumingMemoryBound(to: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?.self).pointee
    var number = pid_t()
    let code = posix_spawn(
      &number, "/proc/self/exe", &actions, &attributes, &words, environment)
    guard code == 0 else {
      throw Refusal(503, "a process cannot be started: \(String(cString: strerror(code)))")
    }
    self.number = number
  }

  private static func add(
    _ stream: Stream, as target: Int32, to actions: inout posix_spawn_file_actions_t
  ) {
    let isInput = target == 0
    switch stream {
    case .nowhere:
      posix_spawn_file_actions_addopen(
        &actions, target, "/dev/null", isInput ? O_RDONLY : O_WRONLY, 0)
    case .descriptor(let source): posix_spawn_file_actions_adddup2(&actions, source, target)
    case .file(let path):
      posix_spawn_file_actions_addopen(
        &actions, target, path, isInput ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC, 0o666)
    }
  }

  private typealias CloseFrom =
    @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32

  /// Closes what the child must not hold: FlyingFox's sockets would else live on in it.
  private static func closeOthers(_ actions: inout posix_spawn_file_actions_t) {
    // Swift's module of Glibc leaves the extensions of GNU out.
    guard let found = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") else { return }
    _ = unsafeBitCast(found, to: CloseFrom.self)(&actions, 3)
  }

  private static func setSession(_ attributes: inout posix_spawnattr_t) {
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGINT, SIGTERM, SIGPIPE, SIGXFSZ, SIGHUP] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    // POSIX_SPAWN_SETSID, which Glibc's module leaves out.
    let newSession: Int16 = 0x80
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF) | newSession)
  }

  /// Waits for the end, on a thread of its own.
  func ended() async -> Ending {
    let number = number
    return await OwnThread.value { ChildProcess.wait(number) } ?? -1
  }

  /// Waits for the end of a process of ours.
  static func wait(_ number: pid_t) -> Ending {
    var raw: Int32 = 0
    while waitpid(number, &raw, 0) < 0 { if errno != EINTR { return -1 } }
    let signal = raw & 0x7F
    return signal == 0 ? raw >> 8 & 0xFF : 128 + signal
  }
}
