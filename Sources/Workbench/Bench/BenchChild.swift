import Glibc
import Reports

/// A command run to its end, and what it cost.
struct BenchChild {
  var seconds: Double
  var cpuSeconds: Double
  /// The most memory that it held at once.
  var bytes: Int
  var status: Int32
  var output: String

  /// Why a command could not be run.
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// This program's own file.
  static func ownPath() throws -> String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    guard count > 0 else { throw Failure(description: "cannot find this program's own file") }
    return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The path of a program on PATH; nil if there is none.
  static func find(_ name: String) -> String? {
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
    return path.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  /// Makes a folder for the time of `body`, and removes it and its files after that.
  static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/cauchy-bench-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw Failure(description: "cannot make a folder in \(base): set TMPDIR to one you may use")
    }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { remove(folder: folder) }
    return try body(folder)
  }

  private static func remove(folder: String) {
    var names: [String] = []
    guard let listing = opendir(folder) else { return }
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
        field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    closedir(listing)
    for name in names {
      let path = "\(folder)/\(name)"
      if unlink(path) != 0 { remove(folder: path) }
    }
    rmdir(folder)
  }

  /// Runs a program without a shell; its standard output goes to a file of `folder`.
  ///
  /// - Throws: ``Failure``, and ``BenchInterrupted`` where the user wants an end: the program is ended,
  ///   too.
  static func run(_ path: String, _ arguments: [String], in folder: String) throws -> BenchChild {
    let output = folder + "/output"
    var actions = posix_spawn_file_actions_t()
    guard posix_spawn_file_actions_init(&actions) == 0 else {
      throw Failure(description: "no memory to start \(path)")
    }
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    // `environ` is a mutable global, which Swift 6 does not name; the linker knows its place.
    let environment = dlsym(nil, "environ")?
      .assumingMemoryBound(to: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?.self).pointee
    let begin = wallSeconds()
    var process = pid_t()
    let code = posix_spawn(&process, path, &actions, nil, &words, environment)
    guard code == 0 else {
      throw Failure(description: "cannot start \(path): \(String(cString: strerror(code)))")
    }
    let watch = BenchMemory(process)
    defer { watch.stop() }
    var status: Int32 = 0
    var usage = rusage()
    while wait4(process, &status, 0, &usage) < 0 {
      guard errno == EINTR else { throw Failure(description: "lost sight of \(path)") }
    }
    let seconds = wallSeconds() - begin
    try BenchInterrupted.check()
    return BenchChild(
      seconds: seconds, cpuSeconds: usage.ru_utime.seconds + usage.ru_stime.seconds,
      bytes: watch.bytes ?? usage.ru_maxrss * 1024, status: status, output: text(of: output))
  }

  private static func text(of path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  private static func wallSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
}

extension timeval {
  fileprivate var seconds: Double { Double(tv_sec) + 1e-6 * Double(tv_usec) }
}
