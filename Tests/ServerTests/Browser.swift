import Foundation
import Glibc
import Testing

/// Chromium without a window, spoken to over two pipes (the DevTools protocol; JSON, each message
/// ended by a zero byte).
final class Browser {
  private static let names = ["chromium", "chromium-browser", "google-chrome"]
  static let path = names.map { "/usr/bin/\($0)" }.first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  private var process = pid_t()
  private let input: Int32
  private let output: Int32
  private var buffer: [UInt8] = []
  private var number = 0
  private var session: String?
  private let profile: String
  /// What the page's scripts complained of.
  private(set) var complaints: [String] = []

  /// Starts a browser with one empty page.
  init(width: Int = 1200, height: Int = 900) throws {
    let program = try #require(Browser.path, "Chromium is missing: apt-get install chromium")
    profile =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("cauchy-browser-\(UUID())").path
    // Numbers that the browser's own 3 and 4 do not overwrite.
    let (toBrowser, fromBrowser) = try (Browser.pipe(), Browser.pipe())
    (input, output) = (toBrowser.write, fromBrowser.read)
    // Debian's sandbox needs a user of its own, which tests as root have not.
    let arguments = [
      program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
      "--no-first-run", "--disable-background-networking", "--remote-debugging-pipe",
      "--user-data-dir=\(profile)", "--window-size=\(width),\(height)", "about:blank",
    ]
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for stream in [0, 1, 2] as [Int32] {
      posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0)
    }
    posix_spawn_file_actions_adddup2(&actions, toBrowser.read, 3)
    posix_spawn_file_actions_adddup2(&actions, fromBrowser.write, 4)
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var environment: [UnsafeMutablePointer<CChar>?] =
      ProcessInfo.processInfo.environment.map { strdup($0.key + "=" + $0.value) } + [nil]
    defer { for word in environment { free(word) } }
    let code = posix_spawn(&process, program, &actions, nil, &words, &environment)
    close(toBrowser.read)
    close(fromBrowser.write)
    #expect(code == 0, "Chromium does not start")
    let target = try call("Target.createTarget", ["url": "about:blank"])
    let attached = try call(
      "Target.attachToTarget", ["targetId": target["targetId"] ?? "", "flatten": true])
    session = attached["sessionId"] as? String
    for domain in ["Page", "Runtime", "Log"] { _ = try call("\(domain).enable") }
    try size(width, height)
  }

  deinit {
    end()
    close(input)
    close(output)
    try? FileManager.default.removeItem(atPath: profile)
  }

  /// Kills the browser.
  func end() {
    guard process > 0 else { return }
    kill(process, SIGKILL)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    process = 0
  }

  private static func pipe() throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    try #require(Glibc.pipe(&ends) == 0)
    let moved = ends.map { fcntl($0, F_DUPFD_CLOEXEC, 20) }
    for end in ends { close(end) }
    return (moved[0], moved[1])
  }

  // MARK: The protocol

  /// Calls a method and waits for its result.
  @discardableResult
  func call(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] {
    number += 1
    var message: [String: Any] = ["id": number, "method": method, "params": parameters]
    if let session { message["sessionId"] = session }
    let bytes = [UInt8](try JSONSerialization.data(withJSONObject: message)) + [0]
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        write(input, $0.baseAddress.map { $0 + done }, bytes.count - done)
      }
      guard count > 0 else { throw NeverCame(what: "the browser takes \(method)") }
      done += count
    }
    while true {
      let answer = try next(for: method)
      note(answer)
      guard answer["id"] as? Int == number else { continue }
      if let fault = answer["error"] { throw NeverCame(what: "\(method) works: \(fault)") }
      return answer["result"] as? [String: Any] ?? [:]
    }
  }

  private func next(for method: String) throws -> [String: Any] {
    let end = Date().addingTimeInterval(120)
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      if let zero = buffer.firstIndex(of: 0) {
        let data = Data(buffer[..<zero])
        buffer.removeFirst(zero + 1)
        return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
      }
      var polls = [pollfd(fd: output, events: Int16(POLLIN), revents: 0)]
      let left = end.timeIntervalSinceNow
      guard left > 0, poll(&polls, 1, Int32(left * 1000)) >= 0 else { break }
      let count = polls[0].revents == 0 ? 0 : read(output, &chunk, chunk.count)
      guard count > 0 else { break }
      buffer += chunk[..<count]
    }
    throw NeverCame(what: "the browser answers \(method)")
  }

  /// Keeps what the page's scripts throw and what its policy forbids.
  private func note(_ message: [String: Any]) {
    let parameters = message["params"] as? [String: Any] ?? [:]
    switch message["method"] as? String {
    case "Runtime.exceptionThrown":
      complaints.append("\(parameters["exceptionDetails"] ?? "")")
    case "Log.entryAdded":
      let entry = parameters["entry"] as? [String: Any] ?? [:]
      // Refused requests are logged, too; the page tells of them in its own words.
      if entry["level"] as? String == "error", entry["source"] as? String != "network" {
        complaints.append("\(entry["text"] ?? "")")
      }
    default: break
    }
  }

  // MARK: The page

  func open(_ address: String) throws { try call("Page.navigate", ["url": address]) }

  /// Changes the part of the address behind `#`, as a link does.
  func go(_ view: String) throws { try evaluate("location.hash = '\(view)'") }

  func size(_ width: Int, _ height: Int) throws {
    try call(
      "Emulation.setDeviceMetricsOverride",
      ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500])
  }

  func prefer(_ feature: String, _ value: String) throws {
    try call(
      "Emulation.setEmulatedMedia", ["features": [["name": feature, "value": value]]])
  }

  /// The value of an expression of JavaScript.
  @discardableResult
  func evaluate(_ expression: String) throws -> Any? {
    let found = try call(
      "Runtime.evaluate",
      ["expression": expression, "returnByValue": true, "awaitPromise": true])
    if let details = found["exceptionDetails"] {
      throw NeverCame(what: "\(expression) has a value: \(details)")
    }
    return (found["result"] as? [String: Any])?["value"]
  }

  func text(_ selector: String) throws -> String {
    try evaluate("document.querySelector(\"\(selector)\")?.innerText ?? ''") as? String ?? ""
  }

  /// Waits until an expression is true; while a page is loading it may have no value.
  func wait(for expression: String, within seconds: Double = 120) throws {
    try eventually(expression, within: seconds) {
      (try? evaluate("!!(\(expression))")) as? Bool == true
    }
  }

  func click(_ selector: String) throws {
    try wait(for: "document.querySelector(\"\(selector)\")?.disabled === false")
    try evaluate("document.querySelector(\"\(selector)\").click()")
  }

  /// Presses a key, as a person does.
  func press(_ key: String, _ code: Int, text: String = "", modifiers: Int = 0) throws {
    var event: [String: Any] = [
      "key": key, "code": key, "windowsVirtualKeyCode": code, "modifiers": modifiers,
    ]
    for kind in [text.isEmpty ? "rawKeyDown" : "keyDown", "keyUp"] {
      event["type"] = kind
      event["text"] = kind == "keyDown" ? text : nil
      try call("Input.dispatchKeyEvent", event)
    }
  }

  /// Keeps a picture of the page with the test; and in $CAUCHY_SCREENSHOTS, to look at.
  func picture(_ name: String) throws {
    let found = try call(
      "Page.captureScreenshot", ["format": "png", "captureBeyondViewport": true])
    let data = try #require(Data(base64Encoded: found["data"] as? String ?? ""))
    #expect(data.count > 2000)
    Attachment.record([UInt8](data), named: "\(name).png")
    if let folder = ProcessInfo.processInfo.environment["CAUCHY_SCREENSHOTS"] {
      try data.write(to: URL(fileURLWithPath: "\(folder)/\(name).png"))
    }
  }
}
