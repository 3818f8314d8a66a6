import CPeers
import Discretizations
import Integrators
import Numerics
import Reports

/// Native code against hand-written C on GSL, and the tape against native code.
enum BenchCode {
  static func measure(_ options: BenchOptions, _ give: (BenchRow) throws -> Void) throws {
    // Short measurements on a machine that others use: more of them.
    let repeats = 3 * options.repeats
    try give(lorenz(repeats))
    for name in ["lorenz", "pleiades"] { try tape(name, repeats, give) }
    try robertson(repeats, give)
  }

  private static func lorenz(_ repeats: Int) throws -> BenchRow {
    let problem = try BenchProblem("lorenz")
    let field = problem.makeField()
    let once = try problem.solve("rk8pd", rtol: 1e-8, atol: 1e-8, end: 100)
    let peer = cauchy_peer_lorenz(100, 1e-8, 1e-8)
    let timing = try BenchTiming.compare(repeats: repeats) {
      _ = try problem.solve(field, "rk8pd", rtol: 1e-8, atol: 1e-8, end: 100)
    } _: {
      _ = cauchy_peer_lorenz(100, 1e-8, 1e-8)
    }
    let note = problem.code.note.map { "; " + $0 } ?? ""
    return .compare(
      "lorenz to 100, 1e-8: native rk8pd / C on GSL", .seconds(timing.ours),
      .seconds(timing.theirs), atMost: 1.3, ratio: timing.ratio,
      note: "\(once.counts.evaluations) f, \(once.steps)+\(once.rejected) steps / "
        + "\(peer.evaluations) f" + note)
  }

  private static func tape(
    _ name: String, _ repeats: Int, _ give: (BenchRow) throws -> Void
  ) throws {
    let native = try BenchProblem(name)
    let taped = try BenchProblem(name, code: .tape)
    let (fast, slow) = (native.makeField(), taped.makeField())
    let solving = try BenchTiming.compare(repeats: repeats) {
      _ = try taped.solve(slow, "rk8pd", rtol: 1e-8, atol: 1e-8)
    } _: {
      _ = try native.solve(fast, "rk8pd", rtol: 1e-8, atol: 1e-8)
    }
    try give(
      .compare(
        "\(name), rk8pd 1e-8: tape / native", .seconds(solving.ours), .seconds(solving.theirs),
        atMost: 6, ratio: solving.ratio))
    let y = Storage(native.start)
    let dydt = Storage(native.start.count)
    let evaluating = BenchTiming.compare(repeats: repeats) {
      for _ in 0..<100 { slow.evaluate(0, y.vector, into: dydt.vector) }
    } _: {
      for _ in 0..<100 { fast.evaluate(0, y.vector, into: dydt.vector) }
    }
    try give(
      .compare(
        "\(name), 100 evaluations alone: tape / native", .seconds(evaluating.ours),
        .seconds(evaluating.theirs), ratio: evaluating.ratio))
  }

  /// y₁(1e5), test-set value (see the anchors): Robertson, atol 1e-6, rtol 1e-3.
  private static let robertsonEnd = 0.0178659211421089

  private static func robertson(_ repeats: Int, _ give: (BenchRow) throws -> Void) throws {
    let problem = try BenchProblem("robertson")
    let field = problem.makeField()
    let peer = cauchy_peer_robertson(1e5, 1e-3, 1e-6)
    let theirError = (peer.y.0 / robertsonEnd - 1).magnitude
    for method in ["auto", "rodas5p", "bdf", "msbdf"] {
      let once = try problem.solve(method, rtol: 1e-3, atol: 1e-6, end: 1e5)
      let error = (once.y[0] / robertsonEnd - 1).magnitude
      let timing = try BenchTiming.compare(repeats: repeats) {
        _ = try problem.solve(field, method, rtol: 1e-3, atol: 1e-6, end: 1e5)
      } _: {
        _ = cauchy_peer_robertson(1e5, 1e-3, 1e-6)
      }
      var row = BenchRow.compare(
        "robertson to 1e5, 1e-3: \(method) / C on GSL msbdf", .seconds(timing.ours),
        .seconds(timing.theirs), atMost: ["bdf", "msbdf"].contains(method) ? nil : 0.5,
        ratio: timing.ratio)
      if error > theirError, row.isReached != nil { row.isReached = false }
      row.note =
        "error of y1 \(NumberText.text(error, digits: 2)) / "
        + "\(NumberText.text(theirError, digits: 2)), \(once.counts.evaluations) f / "
        + "\(peer.evaluations) f"
      try give(row)
    }
  }
}

extension BenchTable {
  static let code = BenchTable(
    name: "code",
    about: "CPU time of whole integrations, stepper allocated in each; theirs: hand-written C on "
      + "GSL's driver, or native code",
    body: BenchCode.measure)
}
