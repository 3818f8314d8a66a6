import Glibc

/// Times the two sides of a pair in turn, so that a busy machine disturbs both alike.
struct BenchTiming {
  /// Median seconds a call.
  var ours: Double
  var theirs: Double
  /// Median of the ratios of neighbours.
  var ratio: Double

  /// Seconds that one measurement takes at least.
  static let least = 0.03

  /// CPU seconds of this thread: what others run beside it does not count.
  static func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }

  /// Compares two pieces of work, each repeated within a measurement until it takes ``least``.
  static func compare(
    repeats: Int, _ ours: () throws -> Void, _ theirs: () throws -> Void
  ) rethrows -> BenchTiming {
    let counts = (try calibrate(ours), try calibrate(theirs))
    var pairs: [(Double, Double)] = []
    for _ in 0..<max(repeats, 1) {
      pairs.append((try measure(counts.0, ours), try measure(counts.1, theirs)))
    }
    return BenchTiming(
      ours: median(pairs.map(\.0)), theirs: median(pairs.map(\.1)),
      ratio: median(pairs.map { $0 / $1 }))
  }

  /// Median seconds of a call.
  static func time(repeats: Int, _ work: () throws -> Void) rethrows -> Double {
    let count = try calibrate(work)
    var seconds: [Double] = []
    for _ in 0..<max(repeats, 1) { seconds.append(try measure(count, work)) }
    return median(seconds)
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    if sorted.isEmpty { return .nan }
    return sorted.count % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle])
  }

  private static func calibrate(_ work: () throws -> Void) rethrows -> Int {
    var count = 1
    while true {
      let seconds = try measure(count, work) * Double(count)
      if seconds > least { return count }
      count = max(2 * count, Int(1.2 * least / max(seconds, 1e-9) * Double(count)))
    }
  }

  private static func measure(_ count: Int, _ work: () throws -> Void) rethrows -> Double {
    let begin = cpuSeconds()
    for _ in 0..<count { try work() }
    return (cpuSeconds() - begin) / Double(count)
  }
}
