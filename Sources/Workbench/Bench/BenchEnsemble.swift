import Reports

/// Ten thousand Lorenz trajectories on one thread and on all.
enum BenchEnsemble {
  static let cases = 10_000

  static func measure(_ options: BenchOptions, _ give: (BenchRow) throws -> Void) throws {
    let threads = options.threads ?? MachineDescription.usableCores
    let path = ChildProcess.ownPath
    var pairs: [(one: BenchChild, all: BenchChild)] = []
    try BenchChild.withFolder { folder in
      for _ in 0..<options.repeats {
        pairs.append((try run(path, 1, folder), try run(path, threads, folder)))
      }
    }
    let median = { (value: (one: BenchChild, all: BenchChild)) -> Double in
      value.all.cpuSeconds / value.one.cpuSeconds
    }
    let perCase = { (child: BenchChild) in child.cpuSeconds / Double(cases) }
    try give(
      .compare(
        "CPU a case: \(threads) threads / 1",
        .seconds(BenchTiming.median(pairs.map { perCase($0.all) })),
        .seconds(BenchTiming.median(pairs.map { perCase($0.one) })), atMost: 1.1,
        ratio: BenchTiming.median(pairs.map(median))))
    var wall = BenchRow.compare(
      "wall time: \(threads) threads / 1",
      .seconds(BenchTiming.median(pairs.map(\.all.seconds))),
      .seconds(BenchTiming.median(pairs.map(\.one.seconds))))
    let gain = BenchTiming.median(pairs.map { $0.one.seconds / $0.all.seconds })
    wall.note = "\(NumberText.text(gain, digits: 3)) times faster"
    try give(wall)
    let most = pairs.map(\.all.bytes).max() ?? 0
    try give(.bound("peak memory", .bytes(most), .atMost(.bytes(200_000_000))))
  }

  private static func run(_ path: String, _ threads: Int, _ folder: String) throws -> BenchChild {
    let child = try BenchChild.run(
      path,
      [
        "solve", "problems/lorenz.yaml", "--sweep", "rho=20:30:\(cases)", "--out", folder + "/run",
        "--force", "--quiet", "--threads", "\(threads)", "--set", "solve.rtol=1e-8", "--set",
        "output.t=2",
      ], in: folder)
    guard child.status == 0 else {
      throw BenchChild.Failure(
        description: "the ensemble ended with status \(child.status); try: cauchy solve "
          + "problems/lorenz.yaml --sweep rho=20:30:\(cases)")
    }
    return child
  }
}

extension BenchTable {
  static let ensemble = BenchTable(
    name: "ensemble",
    about: "10000 Lorenz trajectories (rk8pd, t = 20, rtol 1e-8, rho = 20 to 30, two rows each), "
      + "start-up and writing included",
    body: BenchEnsemble.measure)
}
