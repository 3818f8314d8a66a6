import Glibc

/// A C compiler of this machine.
struct NativeCompiler {
  /// The program and the words that go before the options (`CC` may hold some).
  let command: [String]

  /// Same bits as the tape: no contraction, no reordering, nothing of the library replaced.
  ///
  /// Pairs read as one vector would stall on the single stores that a stepper has just made.
  private static let options = [
    "-O2", "-ffp-contract=off", "-fno-builtin", "-fno-math-errno",
    "-fno-tree-slp-vectorize", "-fPIC", "-shared", "-w", "-x", "c",
  ]

  /// What is looked for, for messages.
  static let searched = ["$CC", "clang", "the Swift toolchain's clang", "gcc", "cc"]

  /// The compilers present, in the order of preference.
  static func all(_ chosen: [String]?) -> [NativeCompiler] {
    if let chosen { return chosen.compactMap { find($0).map { NativeCompiler(command: [$0]) } } }
    var found: [NativeCompiler] = []
    if let named = NativeCache.environment("CC") {
      var words = named.split(separator: " ").map(String.init)
      if let first = words.first, let path = find(first) {
        words[0] = path
        found.append(NativeCompiler(command: words))
      }
    }
    var paths = [find("clang")]
    if let swift = find("swift"), let real = realpath(swift, nil) {
      let folder = String(cString: real).split(separator: "/").dropLast().joined(separator: "/")
      free(real)
      paths.append(find("/" + folder + "/clang"))
    }
    paths += [find("gcc"), find("cc")]
    for path in paths.compactMap({ $0 }) where !found.contains(where: { $0.command == [path] }) {
      found.append(NativeCompiler(command: [path]))
    }
    return found
  }

  /// The path of a program: as given where it has a slash, else from PATH.
  private static func find(_ name: String) -> String? {
    if name.contains("/") { return access(name, X_OK) == 0 ? name : nil }
    let folders = NativeCache.environment("PATH") ?? "/usr/local/bin:/usr/bin:/bin"
    for folder in folders.split(separator: ":") where folder.hasPrefix("/") {
      let path = "\(folder)/\(name)"
      if access(path, X_OK) == 0 { return path }
    }
    return nil
  }

  /// Tells one compiler, and one version of it, from another without running it.
  var identity: String {
    var status = stat()
    guard stat(command[0], &status) == 0 else { return command.joined(separator: " ") }
    let time = "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    return "\(command.joined(separator: " ")) \(status.st_size) \(time)"
  }

  /// The key of the cache entry for a text compiled by this compiler.
  func key(_ text: CText) -> String {
    let options = NativeCompiler.options.joined(separator: " ")
    let parts = [CText.format, identity, options, text.text]
    return ContentHash.hex(Array(parts.joined(separator: "\n").utf8))
  }

  /// Compiles a text and puts the result into the cache.
  func compile(_ text: CText, into cache: NativeCache, as key: String) throws(NativeError) {
    let source = cache.temporary(key, ".c")
    let result = cache.temporary(key, ".tmp")
    let log = cache.temporary(key, ".log")
    defer { for path in [source, result, log] { unlink(path) } }
    try NativeCache.write(Array(text.text.utf8), to: source)
    // Optimising a very long straight line takes time out of proportion to its worth.
    let level = text.text.utf8.count > 1_000_000 ? ["-O1"] : []
    let status = run(NativeCompiler.options + level + ["-o", result, source], log: log)
    guard status == 0 else {
      let complaint = (try? NativeCache.read(log)).map { String(decoding: $0, as: UTF8.self) } ?? ""
      let first = complaint.split(separator: "\n").first.map(String.init) ?? ""
      throw .compilerFailed(compiler: command[0], status: status, complaint: first)
    }
    try cache.install(result, as: key)
  }

  /// Runs the compiler without a shell; its words go to `log`.
  ///
  /// Returns its exit status, or −1 where it could not be started.
  private func run(_ arguments: [String], log: String) -> Int {
    var actions = posix_spawn_file_actions_t()
    guard posix_spawn_file_actions_init(&actions) == 0 else { return -1 }
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var words: [UnsafeMutablePointer<CChar>?] = (command + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    // `environ` is a mutable global, which Swift 6 does not name; the linker knows its place.
    let environment = dlsym(nil, "environ")?
      .assumingMemoryBound(to: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?.self).pointee
    var process = pid_t()
    guard posix_spawn(&process, command[0], &actions, nil, &words, environment) == 0 else {
      return -1
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      if errno != EINTR { return -1 }
    }
    let signal = status & 0x7f
    return signal == 0 ? Int((status >> 8) & 0xff) : 128 + Int(signal)
  }
}
