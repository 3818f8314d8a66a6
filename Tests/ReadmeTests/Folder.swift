import Foundation

/// A temporary folder with the gallery and the problem files of README; removed at the end.
final class Folder {
  private let place: URL

  init() throws {
    place = FileManager.default.temporaryDirectory
      .appendingPathComponent("cauchy-readme-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: Readme.package.appendingPathComponent("problems"),
      to: place.appendingPathComponent("problems"))
    for file in Readme.files {
      try file.text.write(
        to: place.appendingPathComponent(file.name), atomically: true, encoding: .utf8)
    }
  }

  deinit { try? FileManager.default.removeItem(at: place) }

  /// The path of a file in the folder.
  func callAsFunction(_ name: String) -> String { place.appendingPathComponent(name).path }

  /// Runs a line by the shell with the built command in its path; output and errors in one text.
  func run(_ line: String) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line]
    process.currentDirectoryURL = place
    var environment = ProcessInfo.processInfo.environment
    environment["PATH"] = "\(Self.products):\(environment["PATH"] ?? "/usr/bin:/bin")"
    environment["XDG_CACHE_HOME"] = place.appendingPathComponent("cache").path
    process.environment = environment
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  /// Where the command lies: beside the test bundle.
  private static let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().path
}
