import Discretizations
import Integrators
import Reports

/// Wall times beside SciPy, diffrax and torchdiffeq on the same problem.
enum BenchPeers {
  static func measure(_ options: BenchOptions, _ give: (BenchRow) throws -> Void) throws {
    try chaos(options.repeats, give)
    try sameError(
      "lorenz", ["dop853", "rk8pd"], digits: 5, atol: 1e-10, ["DOP853", "RK45", "LSODA"],
      options.repeats, give)
    for name in ["hires", "robertson"] {
      try sameError(
        name, ["rodas5p", "auto", "bdf"], digits: 6, atol: 1e-12, ["Radau", "BDF", "LSODA"],
        options.repeats, give)
    }
  }

  /// Lorenz to t = 100: no error survives the chaos, so the tolerance is what is the same.
  private static func chaos(_ repeats: Int, _ give: (BenchRow) throws -> Void) throws {
    let problem = try BenchProblem("lorenz")
    let field = problem.makeField()
    let seconds = try BenchTiming.time(repeats: repeats) {
      _ = try problem.solve(field, "dop853", rtol: 1e-8, atol: 1e-8, end: 100)
    }
    var peers = try BenchPython.scipy(
      problem, ["DOP853", "RK45", "LSODA"], goal: .rtol(1e-8), atol: "1e-8", end: 100,
      repeats: repeats)
    for index in peers.indices { peers[index].method = "SciPy " + peers[index].method }
    peers += try BenchPython.differentiable(
      problem, rtol: 1e-8, atol: 1e-8, end: 100, repeats: repeats)
    for peer in peers {
      try give(
        .compare(
          "lorenz to 100 at 1e-8: dop853 / \(peer.method)", .seconds(seconds),
          .seconds(peer.seconds)))
    }
  }

  private static func sameError(
    _ name: String, _ methods: [String], digits: Double, atol: Double, _ theirs: [String],
    _ repeats: Int, _ give: (BenchRow) throws -> Void
  ) throws {
    let problem = try BenchProblem(name)
    let field = problem.makeField()
    var best: (seconds: Double, method: String, mescd: Double)?
    for method in methods {
      guard
        let found = try BenchFind.loosest(problem, method, mescd: digits, atol: { _ in atol })
      else { continue }
      let seconds = try BenchTiming.time(repeats: repeats) {
        _ = try problem.solve(field, method, rtol: found.rtol, atol: atol)
      }
      if seconds < best?.seconds ?? .infinity { best = (seconds, method, found.mescd) }
    }
    guard let best else { return }
    let peers = try BenchPython.scipy(
      problem, theirs, goal: .mescd(digits), atol: "\(atol)", end: problem.initial.end,
      repeats: repeats)
    for peer in peers {
      let reached = NumberText.text(best.mescd, digits: 3)
      try give(
        .compare(
          "\(name), \(NumberText.text(digits)) digits: \(best.method) / SciPy \(peer.method)",
          .seconds(best.seconds), .seconds(peer.seconds),
          note: "mescd \(reached) / "
            + "\(NumberText.text(problem.mescd(y: peer.y), digits: 3)), each at its loosest rtol"))
    }
  }
}

extension BenchTable {
  static let peers = BenchTable(
    name: "peers",
    about: "time of one integration; theirs: other libraries on the same system, as far as this "
      + "machine's python3 has them (SciPy in Python, diffrax compiled beforehand)",
    body: BenchPeers.measure)
}
