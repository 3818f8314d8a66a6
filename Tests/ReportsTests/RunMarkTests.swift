import Glibc
import Reports
import Testing

@Suite("Marks of runs") struct RunMarkTests {
  /// A process of this machine that has ended and been waited for.
  private static func endedProcess() throws -> LiveProcess {
    var child = pid_t()
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("1000"), nil]
    defer { for argument in arguments { free(argument) } }
    try #require(posix_spawnp(&child, "sleep", nil, nil, &arguments, nil) == 0)
    let process = try #require(LiveProcess.find(Int(child)))
    #expect(process.isAlive)
    kill(child, SIGKILL)
    waitpid(child, nil, 0)
    return process
  }

  private static func leave(_ process: LiveProcess, in folder: String) throws {
    let mark = RunMark(process: process, verb: "solve", problem: "p.yaml")
    try AtomicFile.write(mark.json.rendered, to: "\(folder)/running.json")
  }

  @Test("stand as long as the run lasts", .tags(.unit))
  func lifetime() throws {
    let place = Folder()
    let folder = try RunFolder(out: place("run"), stem: "p", verb: "solve")
    do {
      let keeper = try RunMarkKeeper(folder, verb: "solve", problem: "p.yaml")
      let mark = try #require(RunMark(of: folder.path))
      #expect(mark.process.number == Int(getpid()) && mark.verb == "solve")
      #expect(mark.problem == "p.yaml" && mark.isAlive)
      keeper.end()
      #expect(RunMark(of: folder.path) == nil)
    }
    do { _ = try RunMarkKeeper(folder, verb: "solve", problem: "p.yaml") }
    #expect(Files.names(in: folder.path) == [])
  }

  @Test("tell a process from a later one of the same number", .tags(.unit))
  func numbers() throws {
    let own = try #require(LiveProcess.current)
    #expect(own.isAlive)
    #expect(!LiveProcess(number: own.number, start: own.start - 1).isAlive)
    #expect(try !Self.endedProcess().isAlive)
    #expect(LiveProcess.find(-1) == nil && LiveProcess.find(1 << 40) == nil)
  }

  @Test("keep others out of the folder of a run that lives, with --force too", .tags(.unit))
  func living() throws {
    let place = Folder()
    try Self.leave(#require(LiveProcess.current), in: place.path)
    for force in [false, true] {
      let error = #expect(throws: ReportError.self) {
        try RunFolder(out: place.path, force: force, stem: "p", verb: "solve")
      }
      #expect(
        error?.description
          == "process \(getpid()) is still writing to \(place.path); choose another folder with "
          + "--out, or end that run first")
    }
  }

  @Test("of a run that died count as its files", .tags(.unit))
  func dead() throws {
    let place = Folder()
    try Self.leave(Self.endedProcess(), in: place.path)
    try AtomicFile.write("step\n", to: place("training.csv.partial"))
    #expect(throws: ReportError.occupied(path: place.path)) {
      try RunFolder(out: place.path, stem: "p", verb: "solve")
    }
    _ = try RunFolder(out: place.path, force: true, stem: "p", verb: "solve")
    #expect(place.names == [])
  }

  @Test("that cannot be read are none", .tags(.unit))
  func broken() throws {
    let place = Folder()
    for text in ["", "{}", "[]", "{\"pid\": \"1\", \"process_start\": 2}", "{\"pid\": 1"] {
      try AtomicFile.write(text, to: place("running.json"))
      #expect(RunMark(of: place.path) == nil)
    }
  }
}
