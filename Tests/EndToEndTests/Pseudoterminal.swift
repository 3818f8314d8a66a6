import Glibc

/// Runs the command on a terminal of its own and keeps what it shows.
enum Pseudoterminal {
  /// - Parameters:
  ///   - script: a shell command in which `$CAUCHY` is the command; standard output and standard
  ///     error are the terminal.
  ///   - columns: how wide the terminal is.
  ///   - environment: what is set beside the usual; `TERM` and `LC_ALL` are not.
  /// - Returns: all bytes that were shown, in order.
  static func show(
    _ place: Place, _ script: String, columns: Int = 80, _ environment: [String]
  ) -> String {
    var size = winsize(ws_row: 24, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    var (master, slave) = (Int32(-1), Int32(-1))
    precondition(openpty(&master, &slave, nil, nil, &size) == 0, "no terminal")
    defer { close(master) }
    // Commands of other tests shall not keep the terminal open.
    for descriptor in [master, slave] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    let process = start(place, script, on: slave, environment)
    close(slave)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(master, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      // When the last process has closed the terminal, reading it is an error.
      if count <= 0 { break }
      bytes += chunk[..<count]
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
  }

  private static func start(
    _ place: Place, _ script: String, on terminal: Int32, _ environment: [String]
  ) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for descriptor in [1, 2] as [Int32] {
      posix_spawn_file_actions_adddup2(&actions, terminal, descriptor)
    }
    let all =
      [
        "PATH=/usr/local/bin:/usr/bin:/bin", "HOME=\(place.path)",
        "XDG_CACHE_HOME=\(Command.cache)", "CAUCHY=\(Command.path)", "PLACE=\(place.path)",
      ] + environment
    let words = ["sh", "-c", "cd \"$PLACE\" && \(script)"]
    let arguments = words.map { strdup($0) } + [nil]
    let variables = all.map { strdup($0) } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var process = pid_t()
    let status = posix_spawn(&process, "/bin/sh", &actions, nil, arguments, variables)
    precondition(status == 0, "the shell does not start: error \(status)")
    return process
  }
}
