import Glibc
import Testing

extension Tag {
  /// The built command in a folder of its own.
  @Tag static var endToEnd: Tag
}

/// How a run of the command ended, and what it said.
struct Ran {
  /// The exit status; 128 + n where signal n ended the process.
  var status: Int32
  var output: String
  var errors: String
}

/// The built command, which lies beside the test bundle.
enum Command {
  static let path = folderOfTests + "/cauchy"

  /// The root of the package, found from this file.
  static let package: String = {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast(3)
    return parts.joined(separator: "/")
  }()

  static let gallery = package + "/problems"

  /// A cache of native code for all tests, beside the command: code is compiled once a build.
  static let cache = folderOfTests + "/end-to-end-cache"

  private static var folderOfTests: String {
    var bytes = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &bytes, bytes.count)
    precondition(count > 0, "/proc/self/exe cannot be read")
    let path = String(decoding: bytes[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    return path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/")
  }
}

/// A folder of its own for one test, removed with everything in it.
final class Place: Sendable {
  let path: String

  init() {
    var template = Array("/tmp/cauchy-end-to-end-XXXXXX".utf8CString)
    path = mkdtemp(&template).map { String(cString: $0) } ?? ""
    precondition(!path.isEmpty, "no folder for tests")
  }

  deinit { Place.remove(path) }

  func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a problem or a table into the folder.
  func write(_ text: String, to name: String) {
    guard let file = fopen(self(name), "w") else { preconditionFailure("cannot write \(name)") }
    fputs(text, file)
    fclose(file)
  }

  /// Runs the command here and waits for its end.
  func cauchy(_ arguments: String...) -> Ran { start(arguments).wait() }

  /// Runs a shell command here, in which `$CAUCHY` is the command, and waits for its end.
  func shell(_ command: String) -> Ran {
    Running(self, "cd \"$PLACE\" && " + command, []).wait()
  }

  func start(_ arguments: [String]) -> Running {
    Running(self, "cd \"$PLACE\" && exec \"$CAUCHY\" \"$@\"", arguments)
  }

  private static func remove(_ path: String) {
    var status = stat()
    if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      for name in Files.names(in: path) { remove("\(path)/\(name)") }
    }
    _ = Glibc.remove(path)
  }
}

/// A process of the command.
final class Running {
  private let place: Place
  private let process: pid_t
  private let streams: (output: String, errors: String)

  /// Hands the arguments to a shell's `$@`; `exec` leaves the command in the shell's place.
  init(_ place: Place, _ script: String, _ arguments: [String]) {
    self.place = place
    let number = UInt32.random(in: 0...UInt32.max)
    streams = (place(".output-\(number)"), place(".errors-\(number)"))
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, 1, streams.output, flags, 0o644)
    posix_spawn_file_actions_addopen(&actions, 2, streams.errors, flags, 0o644)
    // The threads of the tests block signals; the command shall get them.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let environment = [
      "PATH=/usr/local/bin:/usr/bin:/bin", "HOME=\(place.path)", "LC_ALL=C",
      "XDG_CACHE_HOME=\(Command.cache)", "CAUCHY=\(Command.path)", "PLACE=\(place.path)",
    ]
    var identifier = pid_t()
    let status = Running.withPointers(["sh", "-c", script, "sh"] + arguments) { arguments in
      Running.withPointers(environment) { environment in
        posix_spawn(&identifier, "/bin/sh", &actions, &attributes, arguments, environment)
      }
    }
    precondition(status == 0, "the shell does not start: error \(status)")
    process = identifier
  }

  func interrupt() { Glibc.kill(process, SIGINT) }

  /// Ends the process at once; it can do nothing about it.
  func kill() { Glibc.kill(process, SIGKILL) }

  /// Waits until a file of the run has more bytes than that, for at most 20 s.
  func waitForFile(_ path: String, larger size: Int) -> Bool {
    for _ in 0..<2000 {
      var status = stat()
      if stat(path, &status) == 0, Int(status.st_size) > size { return true }
      usleep(10_000)
    }
    return false
  }

  func wait() -> Ran {
    var raw: Int32 = 0
    while waitpid(process, &raw, 0) < 0, errno == EINTR {}
    let isExit = raw & 0x7f == 0
    return Ran(
      status: isExit ? raw >> 8 & 0xff : 128 + raw & 0x7f,
      output: Files.read(streams.output) ?? "", errors: Files.read(streams.errors) ?? "")
  }

  private static func withPointers<Result>(
    _ texts: [String], _ work: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let pointers = texts.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    return work(pointers + [nil])
  }
}

/// Time that passes.
enum Pause {
  static func microseconds(_ count: UInt32) { usleep(count) }
}
