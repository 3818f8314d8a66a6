import Flows
import Glibc
import Numerics
import Reports
import Residuals

/// What a step and an evaluation of a training cost, beside BLAS, JAX and PyTorch.
package enum BenchTrainCost {
  static let rows = ["step", "evaluations", "memory", "threads"]

  static func measure(_ options: BenchOptions, _ give: (BenchRow) throws -> Void) throws {
    if options.wants("step") {
      try step(hidden: [24, 24, 24], points: 6000, options, give)
    }
    if options.wants("evaluations") {
      try evaluations([[24, 24, 24], [50, 50, 50, 50]], points: 6000, options, give)
    }
    if options.wants("memory") { try memory(options, give) }
    if options.wants("threads") { try threads(options, give) }
  }

  // MARK: A step

  /// Burgers' equation on points that stay, with a network of a given size.
  private static func training(
    _ hidden: [Int], _ points: Int, _ more: [String], _ options: BenchOptions
  ) throws -> BenchTraining {
    try BenchTraining(
      "problems/burgers.yaml",
      [
        "network.hidden=\(hidden)", "train.points.interior=\(points)", "train.points.refresh=0",
      ] + more, threads: options.workers)
  }

  /// A step of `lie2` against the library's own time for its matrices, in turn; then JAX's.
  package static func step(
    hidden: [Int], points: Int, _ options: BenchOptions, _ give: (BenchRow) throws -> Void
  ) throws {
    let training = try training(hidden, points, ["train.stop.steps=300"], options)
    let (rows, columns) = (training.model.residuals.residualCount, training.model.parameters.count)
    let pure = PureProducts(rows: rows, columns: columns)
    let pairs = try pairs(training, pure, count: max(options.repeats, 5))
    let ours = BenchTiming.median(pairs.map(\.0))
    try give(
      .compare(
        "lie2 step, \(columns) parameters, \(rows) rows / BLAS", .seconds(ours),
        .seconds(BenchTiming.median(pairs.map(\.1))), atMost: 1.6,
        ratio: BenchTiming.median(pairs.map { $0.0 / $0.1 }),
        note: "median of \(pairs.count) without a rejection, \(options.workers) threads; theirs: "
          + "dsyrk and dpotrf alone"))
    let jax = try BenchTrainPython.step(hidden, points: points, options)
    try give(
      .compare(
        "the same step / JAX", .seconds(ours), jax.map { .seconds($0.median) }, atMost: 0.5,
        note: jax.map {
          "jit, float64, rows by vmap(grad); fastest \(text(pairs.map(\.0).min() ?? .nan)) and "
            + text($0.fastest)
        } ?? "JAX and SciPy not found"))
  }

  /// Seconds of steps without a rejection, each with the pure products' beside it.
  private static func pairs(
    _ training: BenchTraining, _ pure: PureProducts, count: Int
  ) throws -> [(Double, Double)] {
    var pairs: [(Double, Double)] = []
    var begin = 0.0
    var isClean = false
    training.training.isCancelled = { pairs.count >= count || Interrupt.isRequested }
    training.training.on.append { event in
      let end = wallSeconds()
      switch event {
      case .start: _ = pure.seconds()
      case .step:
        if isClean { pairs.append((end - begin, pure.seconds())) }
        isClean = true
        begin = wallSeconds()
      case .reject: isClean = false
      case .resample, .checkpoint, .stop: break
      }
    }
    _ = training.run()
    try BenchInterrupted.check()
    return pairs
  }

  // MARK: Evaluations

  private static func evaluations(
    _ networks: [[Int]], points: Int, _ options: BenchOptions, _ give: (BenchRow) throws -> Void
  ) throws {
    for hidden in networks {
      let training = try training(hidden, points, [], options)
      let residuals = training.model.residuals
      let theta = Storage(training.model.parameters)
      let values = Storage(residuals.residualCount)
      let gradient = Storage(theta.vector.count)
      defer { theta.keep(values, gradient) }
      let work = {
        residuals.linearize(
          theta.vector, residual: values.vector, gradient: gradient.vector, normal: nil)
      }
      work()
      let repeats = 3 * max(options.repeats, 5)
      let ours = BenchField.wallSeconds(repeats: repeats, work)
      let label = "loss and gradient, \(hidden.count) x \(hidden[0])"
      for (peer, limit) in [(BenchTrainPython.Library.jax, 0.5), (.torch, 1.0 / 3)] {
        let theirs = try BenchTrainPython.evaluation(peer, hidden, points: points, options)
        let rates = [ours, theirs?.median ?? .nan].map { NumberText.text(1 / $0, digits: 3) }
        try give(
          .compare(
            "\(label) / \(peer.name)", .seconds(ours), theirs.map { .seconds($0.median) },
            atMost: limit,
            note: theirs.map {
              "\(rates[0]) and \(rates[1]) a second; their fastest \(text($0.fastest))"
            } ?? "\(rates[0]) a second; \(peer.name) not found"))
      }
    }
  }

  // MARK: Whole trainings

  private static func memory(
    _ options: BenchOptions, _ give: (BenchRow) throws -> Void
  ) throws {
    let seconds = options.limited(60)
    let child = try train(["train.stop.seconds=\(seconds)"], options.workers)
    try give(
      .bound(
        "burgers, \(NumberText.text(seconds)) s: peak memory", .bytes(child.bytes),
        .atMost(.bytes(400_000_000)), note: "\(options.workers) threads, the whole command"))
  }

  private static func threads(
    _ options: BenchOptions, _ give: (BenchRow) throws -> Void
  ) throws {
    let steps = options.seconds == nil ? 60 : 10
    let threads = max(options.workers, 2)
    var pairs: [(BenchChild, BenchChild)] = []
    for _ in 0..<options.seeds {
      let rule = ["train.stop.steps=\(steps)"]
      pairs.append((try train(rule, threads), try train(rule, 1)))
    }
    let wall = pairs.map { $0.1.seconds / $0.0.seconds }
    try give(
      .compare(
        "burgers, \(steps) steps, CPU: \(threads) threads / 1",
        .seconds(BenchTiming.median(pairs.map(\.0.cpuSeconds))),
        .seconds(BenchTiming.median(pairs.map(\.1.cpuSeconds))), atMost: 1.15,
        ratio: BenchTiming.median(pairs.map { $0.0.cpuSeconds / $0.1.cpuSeconds }),
        note: "\(NumberText.text(BenchTiming.median(wall), digits: 3)) times faster by the wall"))
  }

  private static func train(_ rules: [String], _ threads: Int) throws -> BenchChild {
    let path = ChildProcess.ownPath
    let file = "problems/burgers.yaml"
    return try BenchChild.withFolder { folder in
      let child = try BenchChild.run(
        path,
        ["train", file, "--out", folder + "/run", "--quiet", "--threads", "\(threads)"]
          + rules.flatMap { ["--set", $0] }, in: folder)
      guard child.status == 0 else {
        throw BenchChild.Failure(
          description: "cauchy train \(file) --set \(rules.joined(separator: " --set ")) ended "
            + "with status \(child.status)")
      }
      return child
    }
  }

  private static func text(_ seconds: Double) -> String { BenchFigure.seconds(seconds).text }

  static func wallSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
}

/// The two operations that no Gauss-Newton step does without, and nothing else.
private final class PureProducts {
  private let rows: Int
  private let matrix: Storage
  private let normal: Storage
  private let factor: Cholesky

  init(rows: Int, columns: Int) {
    self.rows = rows
    matrix = Storage(rows * columns)
    normal = Storage(columns * columns)
    factor = Cholesky(dimension: columns)
    // Numbers that a generator without state scatters over -1...1.
    for index in 0..<rows * columns {
      let mixed = UInt64(truncatingIfNeeded: index) &* 0x9E37_79B9_7F4A_7C15
      matrix.vector[index] = Double(mixed >> 11) / Double(1 << 52) - 1
    }
  }

  /// Seconds of AᵀA and of its factor; the shift that makes the factor exist is outside the clock.
  func seconds() -> Double {
    let columns = factor.dimension
    var begin = BenchTrainCost.wallSeconds()
    BLAS.addSquare(
      ofRows: matrix.vector, count: rows, dimension: columns, to: normal.vector, overwriting: true)
    let product = BenchTrainCost.wallSeconds() - begin
    factor.entries.assign(normal.vector)
    for index in 0..<columns { factor.entries[index * (columns + 1)] += Double(rows) }
    begin = BenchTrainCost.wallSeconds()
    _ = factor.factor()
    return product + BenchTrainCost.wallSeconds() - begin
  }
}

extension BenchTable {
  static let trainCost = BenchTable(
    name: "train-cost",
    about: "Burgers at fixed points, wall time; theirs: OpenBLAS in the same run, JAX and PyTorch "
      + "with as many threads where this machine's python3 has them, without compilation",
    group: "train", rows: BenchTrainCost.rows, body: BenchTrainCost.measure)
}
