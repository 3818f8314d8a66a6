import Glibc
import Reports

/// `cauchy serve` in a folder of its own, asked over sockets as a browser asks.
final class BenchServed {
  /// What came back: 0 and nothing where the connection was closed.
  struct Answer {
    var status = 0
    var body: [UInt8] = []
  }

  let port: UInt16
  let token: String
  private let folder: String
  private let process: ChildProcess

  /// Starts the server and waits for its address.
  init(_ folder: String) throws {
    self.folder = folder
    try RunFolder.make("\(folder)/problems")
    let log = "\(folder)/log"
    process = try ChildProcess(
      ChildProcess.ownPath,
      ["serve", "--port=0", "--problems=\(folder)/problems", "--outputs=\(folder)/outputs"],
      output: .file(log))
    let end = Clock.now + 20
    while true {
      let said = String(decoding: FileBytes.read(log) ?? [], as: UTF8.self)
      let words = said.split { $0.isWhitespace }.first { $0.hasPrefix("http://") }
      let parts = words?.split(separator: "/") ?? []
      if parts.count == 3, said.contains("\n"), let port = parts[1].split(separator: ":").last,
        let number = UInt16(port)
      {
        (self.port, token) = (number, String(parts[2]))
        return
      }
      guard Clock.now < end, !Interrupt.isRequested else {
        kill(process.number, SIGKILL)
        _ = process.wait()
        throw BenchChild.Failure(description: "cauchy serve does not print its address")
      }
      usleep(20_000)
    }
  }

  func end() {
    kill(process.number, SIGKILL)
    _ = process.wait()
  }

  /// Processor seconds so far.
  var cpuSeconds: Double { BenchServed.cpuSeconds(of: process.number) }

  /// Writes a file below the server's folder.
  func write(_ text: String, to path: String) throws {
    let file = "\(folder)/\(path)"
    try RunFolder.make(String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)]))
    try AtomicFile.write(text, to: file)
  }

  // MARK: Requests

  func get(_ path: String) throws -> Answer {
    try ask(Array("GET /\(token)/\(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n".utf8))
  }

  /// Sends bytes and reads what comes until the connection ends.
  func ask(_ bytes: [UInt8]) throws -> Answer {
    let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(connection) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard code == 0 else {
      throw BenchChild.Failure(description: "cauchy serve takes no connection")
    }
    _ = bytes.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    var found: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = recv(connection, &chunk, chunk.count, 0), count > 0 {
      found += chunk[..<count]
    }
    let words = String(decoding: found.prefix(16), as: UTF8.self).split(separator: " ")
    guard words.count > 1, let status = Int(words[1]),
      let end = found.firstRange(of: Array("\r\n\r\n".utf8))
    else { return Answer() }
    return Answer(status: status, body: Array(found[end.upperBound...]))
  }

  /// Starts a training on one thread.
  func start(_ problem: String) throws -> BenchServedRun {
    let body = #"{"verb": "train", "name": "\#(problem)", "threads": 1}"#
    let answer = try ask(
      Array(
        ("POST /\(token)/api/start HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n"
          + "X-Cauchy-Token: \(token)\r\nContent-Type: application/json\r\n"
          + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)").utf8))
    guard let name = (try? JSONValue(reading: answer.body))?["run"]?.string,
      let run = BenchServedRun(name, "\(folder)/outputs/\(name)")
    else {
      throw BenchChild.Failure(
        description: "no training starts: \(String(decoding: answer.body, as: UTF8.self))")
    }
    return run
  }

  // MARK: The browser

  /// A browser without a window that looks at a run.
  func open(_ browser: String, _ run: String) throws -> BenchBrowser {
    BenchBrowser(
      try ChildProcess(
        browser,
        [
          "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
          "--no-first-run", "--disable-background-networking", "--remote-debugging-port=0",
          "--user-data-dir=\(folder)/profile", "http://127.0.0.1:\(port)/\(token)/#/run/\(run)",
        ]))
  }

  /// Whether a page follows something: a connection to the server stays.
  ///
  /// - Source: proc(5), `/proc/net/tcp`: field 2 is the local address, field 4 the state, 01 for
  ///   established.
  var isWatched: Bool {
    let own = String(port, radix: 16, uppercase: true)
    let ending = ":" + String(repeating: "0", count: 4 - own.count) + own
    let table = String(decoding: FileBytes.read("/proc/net/tcp") ?? [], as: UTF8.self)
    return table.split(separator: "\n").contains { line in
      let fields = line.split(separator: " ")
      return fields.count > 3 && fields[1].hasSuffix(ending) && fields[3] == "01"
    }
  }

  /// Processor seconds that a process has taken.
  ///
  /// - Source: proc(5), `/proc/PID/stat`: fields 14 and 15, in clock ticks, counted from the name
  ///   in parentheses, field 2.
  static func cpuSeconds(of process: pid_t) -> Double {
    let text = String(decoding: FileBytes.read("/proc/\(process)/stat") ?? [], as: UTF8.self)
    let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
    guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
      return .nan
    }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}

/// A training that `cauchy serve` started.
struct BenchServedRun {
  let name: String
  private let folder: String
  private let process: pid_t

  init?(_ name: String, _ folder: String) {
    guard let mark = RunMark(of: folder) else { return nil }
    (self.name, self.folder, process) = (name, folder, pid_t(mark.process.number))
  }

  var cpuSeconds: Double { BenchServed.cpuSeconds(of: process) }

  /// The time of the clock, seconds since 1970.
  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }

  /// Stops the training and tells when each of its steps ended, seconds since 1970.
  func stop() throws -> [Double] {
    Glibc.kill(process, SIGINT)
    let table = "\(folder)/training.csv"
    let end = Clock.now + 60
    while !FileBytes.exists("\(folder)/summary.json"), Clock.now < end { usleep(20_000) }
    let reader = try CSVReader(table)
    guard let column = reader.columns.firstIndex(of: "seconds") else { return [] }
    var seconds: [Double] = []
    try reader.visit { row in
      seconds.append(row.value(column))
      return true
    }
    // The table is put in its place right after its last row.
    let last = Folders.modified(table) - (seconds.last ?? 0)
    return seconds.map { $0 + last }
  }

  /// Ends it where it has not.
  func kill() { _ = Glibc.kill(process, SIGKILL) }
}

/// A browser with all its processes.
struct BenchBrowser {
  private let process: ChildProcess

  init(_ process: ChildProcess) { self.process = process }

  /// Kills its group: it leads a session of its own.
  func end() {
    kill(-process.number, SIGKILL)
    _ = process.wait()
  }
}
