import Foundation
import Glibc
import Testing

/// Neither the browser's end nor the server's is that of a training; its own end leaves a checkpoint.
@Suite(.tags(.browser), .serialized) struct SurvivalTests {
  @Test func trainingOutlivesBrowserAndServer() throws {
    let server = try ServerProcess(problems: ["endless.yaml": BrowserTests.endless])
    let first = try Browser()
    try first.open(server.address + "#/problem/endless.yaml")
    try first.click("#train")
    try first.wait(for: "document.querySelector('#curves .curve')")
    first.end()
    try grows(server)
    server.send(SIGKILL)
    server.process.waitUntilExit()
    try grows(server)
    // Another server finds it, shows it, and can stop it.
    try server.start()
    let second = try Browser()
    try second.open(server.address)
    try second.wait(for: "document.querySelector('#runs .state.running')")
    try second.go("#/run/endless/train-001")
    let count = "document.querySelector('#curves .curve')?.getAttribute('d').split('L').length"
    try second.wait(for: "\(count) > 1")
    let before = try #require(try second.evaluate(count) as? Int)
    try second.wait(for: "\(count) > \(before)")
    try second.click("#stop")
    try second.wait(for: "document.querySelector('.state.stopped')")
    #expect(second.complaints.isEmpty, "\(second.complaints)")
  }

  /// The page says that the server is gone, and what becomes of the run.
  @Test func thePageSaysThatTheServerIsGone() throws {
    let server = try ServerProcess(problems: ["endless.yaml": BrowserTests.endless])
    #expect(try server.post("api/start", ["verb": "train", "name": "endless.yaml"]).status == 200)
    let browser = try Browser()
    try browser.open(server.address + "#/run/endless/train-001")
    try browser.wait(for: "document.querySelector('#curves .curve')")
    server.send(SIGINT)
    server.process.waitUntilExit()
    #expect(server.process.terminationStatus == 0)
    #expect(server.said.contains("one run goes on; each writes a checkpoint and ends after"))
    #expect(server.said.contains("outputs/endless/train-001: kill -INT "))
    try browser.wait(for: "document.querySelector('.fault:not(:empty)')")
    #expect(try browser.text(".fault:not(:empty)").contains("a run goes on without it"))
    try browser.picture("server-gone")
    try grows(server)
  }

  /// Checkpoints are half a minute apart: this takes as long.
  @Test func aKilledTrainingGoesOnFromItsCheckpoint() throws {
    let server = try ServerProcess(problems: ["endless.yaml": BrowserTests.endless])
    let started = try server.post(
      "api/start", ["verb": "train", "name": "endless.yaml", "threads": 1])
    #expect(started.object["run"] as? String == "endless/train-001")
    try eventually("a checkpoint is written", within: 300) {
      FileManager.default.fileExists(atPath: server.output("endless/train-001/checkpoint.json"))
    }
    let run = try server.get("api/run?run=endless/train-001").object
    kill(pid_t(try #require(run["process"] as? Int)), SIGKILL)
    try eventually("the run is lost") { try server.state("endless/train-001") == "lost" }
    let resumed = try server.post("api/resume", ["run": "endless/train-001"])
    #expect(resumed.object["run"] as? String == "endless/train-002", "\(resumed.text)")
    try eventually("the new run has the old one's rows and more") {
      try rows(server, "train-002") > 100 && server.state("endless/train-002") == "running"
    }
    #expect(try server.post("api/stop", ["run": "endless/train-002"]).status == 200)
    try eventually("it stops") { try server.state("endless/train-002") == "stopped" }
  }

  private func grows(_ server: ServerProcess) throws {
    let before = size(server)
    try eventually("the training goes on") { size(server) > before }
  }

  private func size(_ server: ServerProcess) -> Int {
    let path = server.output("endless/train-001/training.csv.partial")
    return (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
  }

  private func rows(_ server: ServerProcess, _ run: String) throws -> Int {
    let found = try server.get("api/table?run=endless/\(run)&file=training.csv")
    return (found.object["rows"] as? [Any])?.count ?? 0
  }
}
