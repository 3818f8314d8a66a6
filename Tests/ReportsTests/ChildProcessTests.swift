import Glibc
import Reports
import Testing

@Suite struct ChildProcessTests {
  private static func shell(
    _ script: String, environment: [String: String] = [:], input: [UInt8] = [], most: Int = .max,
    within seconds: Double = 60, isCancelled: () -> Bool = { false }
  ) throws(ChildProcess.NoAnswer) -> ChildProcess.Answer {
    try ChildProcess.answer(
      of: "/bin/sh", ["-c", script], environment: environment, input: input, most: most,
      within: seconds, isCancelled: isCancelled)
  }

  /// More than any pipe or socket holds goes in and comes out, and the streams are told apart.
  @Test func aLongTextComesBack() throws {
    let text = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let answer = try Self.shell("cat; echo done >&2", input: text)
    #expect(answer.status == 0 && answer.output == text)
    #expect(String(decoding: answer.errors, as: UTF8.self) == "done\n")
  }

  @Test(
    arguments: [("exit 0", 0), ("exit 3", 3), ("kill -TERM $$", 128 + 15)] as [(String, Int32)])
  func theStatusTellsHowItEnded(_ script: String, _ status: Int32) throws {
    #expect(try Self.shell(script).status == status)
  }

  /// Nobody has to read what it is given.
  @Test func aProgramThatDoesNotListenEnds() throws {
    let answer = try Self.shell("exit 4", input: [UInt8](repeating: 7, count: 4_000_000))
    #expect(answer.status == 4)
  }

  @Test func whatIsBeyondTheMostIsDropped() throws {
    let answer = try Self.shell("printf 1234567890", most: 4)
    #expect(String(decoding: answer.output, as: UTF8.self) == "1234")
  }

  @Test func theEnvironmentIsChangedNotReplaced() throws {
    setenv("CAUCHY_TEST_KEPT", "kept", 1)
    setenv("CAUCHY_TEST_CHANGED", "old", 1)
    let answer = try Self.shell(
      "echo $CAUCHY_TEST_KEPT $CAUCHY_TEST_CHANGED", environment: ["CAUCHY_TEST_CHANGED": "new"])
    #expect(String(decoding: answer.output, as: UTF8.self) == "kept new\n")
  }

  /// No descriptor but its streams, though this process holds one that programs inherit.
  @Test func nothingElseIsInherited() throws {
    let held = open("/dev/null", O_RDONLY)
    defer { close(held) }
    let answer = try Self.shell("ls /proc/$$/fd; true")
    let numbers = String(decoding: answer.output, as: UTF8.self).split(separator: "\n")
    #expect(numbers.allSatisfy { $0 == "0" || $0 == "1" || $0 == "2" } && numbers.count == 3)
  }

  @Test func itIsEndedWhenItsTimeIsOver() {
    #expect(throws: ChildProcess.NoAnswer.late) { try Self.shell("sleep 600", within: 0.2) }
    var asked = 0
    #expect(throws: ChildProcess.NoAnswer.cancelled) {
      try Self.shell("sleep 600") {
        asked += 1
        return asked > 2
      }
    }
    #expect(asked == 3)
  }

  @Test func whatCannotBeStartedIsSaid() {
    let error = #expect(throws: ChildProcess.NoAnswer.self) {
      try ChildProcess.answer(of: "/no/such/program", [], within: 1)
    }
    guard case .notStarted(let fault) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(fault.code == ENOENT)
    #expect("\(fault)" == "a process cannot be started: No such file or directory")
  }

  @Test func programsAreFoundByTheirNames() throws {
    let path = try #require(ChildProcess.path(of: "sh"))
    #expect(access(path, X_OK) == 0 && path.hasSuffix("/sh"))
    #expect(ChildProcess.path(of: "no-such-program-here") == nil)
  }

  /// What it cost is told: a loop takes time, and a shell some memory.
  @Test func theCostIsTold() throws {
    let child = try ChildProcess(
      "/bin/sh", ["-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"])
    let ending = child.wait()
    #expect(ending.status == 0 && ending.cpuSeconds > 0 && ending.mostBytes > 100_000)
    #expect(child.wait().status == -1)
  }
}
