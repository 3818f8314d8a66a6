import Glibc
import Reports
import Synchronization
import Testing

@Suite("Energy") struct EnergyTests {
  /// Sets a counter that wraps around at 10 J.
  private func set(
    _ folder: Folder, _ domain: String, _ name: String, _ energy: Int
  ) throws {
    mkdir(folder(domain), 0o777)
    try AtomicFile.write("\(name)\n", to: folder("\(domain)/name"))
    try AtomicFile.write("\(energy)\n", to: folder("\(domain)/energy_uj"))
    try AtomicFile.write("10000000\n", to: folder("\(domain)/max_energy_range_uj"))
  }

  /// 35 J, and only the start and the end are asked for.
  @Test("counts every wrap of a long run", .tags(.unit)) func wraps() throws {
    let folder = Folder()
    try set(folder, "intel-rapl:0", "package-0", 8_000_000)
    let meter = EnergyMeter(counters: folder.path, every: 0.005)
    for energy in [4, 9, 5, 0, 7, 3] {
      try set(folder, "intel-rapl:0", "package-0", energy * 1_000_000)
      // The first reading after this may have begun before it; a minute is ample.
      let before = meter.readings
      for _ in 0..<60_000 where meter.readings < before + 2 { usleep(1000) }
      try #require(meter.readings >= before + 2)
    }
    // 6 + 5 + 6 + 5 + 7 + 6 J; sums of decimals round once or twice.
    #expect(abs(meter.read().joules - 35) < 1e-12)
  }

  @Test("is the sum of the packages' counters, wraps included", .tags(.unit))
  func counters() throws {
    let folder = Folder()
    func set(_ domain: String, _ name: String, _ energy: Int) throws {
      try self.set(folder, domain, name, energy)
    }
    try set("intel-rapl:0", "package-0", 1_000_000)
    try set("intel-rapl:1", "package-1", 9_000_000)
    try set("intel-rapl:0:0", "core", 0)  // part of package 0
    try set("intel-rapl:2", "psys", 0)  // the whole platform
    let meter = EnergyMeter(counters: folder.path)
    try set("intel-rapl:0", "package-0", 3_500_000)
    try set("intel-rapl:1", "package-1", 500_000)
    try set("intel-rapl:0:0", "core", 2_000_000)
    // 2.5 J, and 1 J up to the wrap with 0.5 J after it; sums of decimals round once or twice.
    let reading = meter.read()
    #expect(abs(reading.joules - 4) < 1e-12 && reading.source == .rapl)
  }

  @Test("is processor time times a core's share of the design power elsewhere", .tags(.unit))
  func estimate() {
    let folder = Folder()
    let meter = EnergyMeter(counters: folder.path, cores: 2)
    let before = EnergyMeter.processorTime
    var sum = 0.0
    while EnergyMeter.processorTime - before < 0.02 { sum += sum.squareRoot() + 1 }
    let spent = EnergyMeter.processorTime - before
    let reading = meter.read()
    // The meter started before and was read after; both moments are within what other tests spend.
    #expect(reading.source == .estimate && reading.joules >= spent * 42.5 && sum > 0)
  }
}

@Suite("Progress") struct ProgressTests {
  final class Lines: Sendable {
    let text = Mutex("")
    func take(_ part: String) { text.withLock { $0 += part } }
    var all: String { text.withLock { $0 } }
  }

  @Test("says where the run is, on a line of its own or over the last one", .tags(.unit))
  func lines() {
    for (style, expected) in [
      (Progress.Style.plain, "t = 5 of 20  h = 0.0123  77 steps  25 %  1 s left\n"),
      (.live, "\rt = 5 of 20  h = 0.0123  77 steps  25 %  1 s left\u{1B}[K\r\u{1B}[K"),
      (.silent, ""),
    ] {
      let lines = Lines()
      let progress = Progress(style: style, interval: 0.05) { lines.take($0) }
      usleep(60_000)
      progress.step(at: 5, of: 0, to: 20, step: 0.0123, steps: 77)
      progress.finish()
      #expect(lines.all == expected)
    }
  }

  @Test("says how much of some work is done", .tags(.unit))
  func work() {
    let lines = Lines()
    let progress = Progress(style: .plain, interval: 0.05) { lines.take($0) }
    usleep(60_000)
    progress.work(0.5, "step 3  loss 1e-4")
    #expect(lines.all == "step 3  loss 1e-4  50 %  1 s left\n")
  }

  @Test("is silent until a line is due", .tags(.unit))
  func shortRun() {
    let lines = Lines()
    let progress = Progress(style: .plain, interval: 1000) { lines.take($0) }
    for case_ in 0..<100_000 { progress.cases(done: case_, of: 100_000) }
    progress.finish()
    #expect(lines.all.isEmpty)
  }
}

@Suite("Interrupts") struct InterruptTests {
  /// Sends a signal to the process and waits until the flag is up; a second is ample.
  static func send(_ signal: Int32) {
    kill(getpid(), signal)
    for _ in 0..<1000 where !Interrupt.isRequested { usleep(1000) }
  }

  @Test("the first raises a flag, the second ends the process", .tags(.unit))
  func twice() async {
    await #expect(processExitsWith: .success) {
      Interrupt.install()
      #expect(!Interrupt.isRequested)
      InterruptTests.send(SIGTERM)
      #expect(Interrupt.isRequested)
      Interrupt.clear()
      #expect(!Interrupt.isRequested)
    }
    await #expect(processExitsWith: .exitCode(130)) {
      Interrupt.install()
      InterruptTests.send(SIGINT)
      InterruptTests.send(SIGINT)
      usleep(1_000_000)
    }
  }
}
