import Reports

/// From exec to exit of this very program.
enum BenchStart {
  static func measure(_ options: BenchOptions, _ give: (BenchRow) throws -> Void) throws {
    let path = ChildProcess.ownPath
    let file = "problems/lorenz.yaml"
    try BenchChild.withFolder { folder in
      let out = folder + "/run"
      // Once before, so that native code is in the cache as after any first run.
      let solve = ["solve", file, "--out", out, "--force", "--quiet"]
      _ = try BenchChild.run(path, solve, in: folder)
      for (arguments, limit) in [(solve, 0.25), (["check", file], 0.05)] {
        var seconds: [Double] = []
        for _ in 0..<max(options.repeats, 5) {
          let child = try BenchChild.run(path, arguments, in: folder)
          guard child.status == 0 else {
            throw BenchChild.Failure(
              description: "cauchy \(arguments[0]) \(file) ended with status \(child.status)")
          }
          seconds.append(child.seconds)
        }
        try give(
          .bound(
            "cauchy \(arguments[0]) \(file)", .seconds(BenchTiming.median(seconds)),
            .atMost(.seconds(limit)),
            note: "fastest \(BenchFigure.seconds(seconds.min() ?? 0).text)"))
      }
    }
  }
}

extension BenchTable {
  static let start = BenchTable(
    name: "start", about: "wall time from exec to exit, this program itself",
    body: BenchStart.measure)
}
