import Foundation
import Glibc
import Testing

extension Tag {
  /// The built command as a server of pages.
  @Tag static var server: Tag
  /// A browser on the page.
  @Tag static var browser: Tag
}

/// Paths of the built command and of the package.
enum Built {
  static let command =
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .path + "/cauchy"
  static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// Whether the command has a verb.
  static func knows(_ verb: String) -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: command)
    process.arguments = [verb, "--help"]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}

/// Waits for something that comes when it comes: machines differ, and this one may be busy.
func eventually(
  _ what: String, within seconds: Double = 120, _ isSo: () throws -> Bool
) throws {
  let end = Date().addingTimeInterval(seconds)
  while Date() < end {
    if try isSo() { return }
    usleep(50_000)
  }
  throw NeverCame(what: what)
}

/// What was waited for in vain.
struct NeverCame: Error, CustomStringConvertible {
  var what: String
  var description: String { "it never came that \(what)" }
}

/// A folder with problems, and `cauchy serve` in it.
final class ServerProcess {
  let folder: String
  private(set) var process = Process()
  private(set) var port: UInt16 = 0
  private(set) var token = ""

  /// - Parameter problems: names of the gallery, or texts by name.
  init(gallery: [String] = [], problems: [String: String] = [:]) throws {
    let manager = FileManager.default
    let place = manager.temporaryDirectory.appendingPathComponent("cauchy-serve-\(UUID())")
    folder = place.path
    try manager.createDirectory(
      at: place.appendingPathComponent("problems"), withIntermediateDirectories: true)
    for name in gallery {
      try manager.copyItem(
        atPath: "\(Built.package)/problems/\(name)", toPath: "\(folder)/problems/\(name)")
    }
    for (name, text) in problems { try write(text, to: "problems/\(name)") }
    try start()
  }

  /// Writes a file below the folder of the server.
  func write(_ text: String, to path: String) throws {
    let file = URL(fileURLWithPath: "\(folder)/\(path)")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
  }

  /// Runs the command in the folder of the server, as a person does in a terminal.
  @discardableResult
  func cauchy(_ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Built.command)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Starts a run from the page and waits for its end.
  ///
  /// - Returns: its name.
  @discardableResult
  func solve(_ body: [String: Any]) throws -> String {
    let answer = try post("api/start", body.merging(["verb": "solve"]) { own, _ in own })
    guard let run = answer.object["run"] as? String else {
      throw NeverCame(what: "\(body) starts: \(answer.text)")
    }
    try eventually("\(run) ends") { try state(run) != "running" }
    return run
  }

  deinit {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    // Runs are processes of their own and outlive the server: not the test.
    for run in running { kill(pid_t(run), SIGKILL) }
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Starts the server, the first time and after its end.
  func start() throws {
    process = Process()
    process.executableURL = URL(fileURLWithPath: Built.command)
    process.arguments = ["serve", "--port", "0"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let log = "\(folder)/serve.log"
    try Data().write(to: URL(fileURLWithPath: log))
    let handle = try #require(FileHandle(forWritingAtPath: log))
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    try eventually("the server prints its address") {
      let words = said.split { $0.isWhitespace }
      guard let address = words.first(where: { $0.hasPrefix("http://127.0.0.1:") }),
        let url = URL(string: String(address)), let port = url.port, url.pathComponents.count == 2
      else { return false }
      self.port = UInt16(port)
      token = url.pathComponents[1]
      return true
    }
  }

  /// What the server said so far.
  var said: String { (try? String(contentsOfFile: "\(folder)/serve.log", encoding: .utf8)) ?? "" }

  var address: String { "http://127.0.0.1:\(port)/\(token)/" }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// A file of a run, by its path below `outputs`.
  func output(_ path: String) -> String { "\(folder)/outputs/\(path)" }

  /// The processes of the runs that go on.
  private var running: [Int] {
    let enumerator = FileManager.default.enumerator(atPath: "\(folder)/outputs")
    return (enumerator?.compactMap { $0 as? String } ?? []).filter {
      $0.hasSuffix("running.json")
    }.compactMap { path in
      let data = FileManager.default.contents(atPath: output(path)) ?? Data()
      return (try? JSONSerialization.jsonObject(with: data) as? [String: Any])?["pid"] as? Int
    }
  }
}
