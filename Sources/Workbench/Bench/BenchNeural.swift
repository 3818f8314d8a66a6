import Integrators
import Numerics
import Problems
import Reports
import Residuals

/// What the gradient of a neural ODE costs: the cubic spiral, 30 points up to t = 1.5, a network
/// 2-50-2 of the cubes, tsit5 at rtol 1e-3 and atol 1e-6, at its first weights.
enum BenchNeural {
  static let rows = ["gradient", "jacobian", "adam"]

  static func measure(_ options: BenchOptions, _ give: (BenchRow) throws -> Void) throws {
    try BenchChild.withFolder { folder in
      try AtomicFile.write(data(), to: folder + "/spiral.csv")
      try AtomicFile.write(text, to: folder + "/spiral.yaml")
      let diffrax = options.wants("gradient") ? try BenchNeural.diffrax(options) : nil
      for gradient in [TrajectoryGradient.discreteAdjoint, .forward] {
        let isWhole = gradient.givesJacobian
        guard options.wants(isWhole ? "jacobian" : "gradient") else { continue }
        let seconds = try seconds(gradient, folder, options)
        let note = "value and gradient, one thread"
        try give(
          isWhole
            ? BenchRow(what: "the whole Jacobian, forward", ours: .seconds(seconds), note: note)
            : BenchRow(
              what: "gradient, discrete adjoint / diffrax", ours: .seconds(seconds),
              theirs: diffrax.map(BenchFigure.seconds), ratio: diffrax.map { seconds / $0 },
              target: .atMost(.seconds(1.5e-4)), isReached: seconds <= 1.5e-4,
              note: note + (diffrax == nil ? "; diffrax not found" : "")))
      }
      if options.wants("adam") { try adam(folder, options, give) }
    }
  }

  /// Seconds of a value with its gradient.
  private static func seconds(
    _ gradient: TrajectoryGradient, _ folder: String, _ options: BenchOptions
  ) throws -> Double {
    let problem = try ProblemFile.read(
      folder + "/spiral.yaml", ["train.gradient=\(gradient.rawValue)"])
    let fit = try TrajectoryFit(problem, TrajectoryPlan(problem), threads: 1)
    let residuals = try fit.residuals(pieces: 1)
    let theta = Storage(residuals.initialParameters(seed: 1))
    let values = Storage(residuals.residualCount)
    let slope = Storage(theta.vector.count)
    defer { theta.keep(values, slope) }
    return BenchTiming.time(repeats: max(options.repeats, 5)) {
      residuals.linearize(
        theta.vector, residual: values.vector, gradient: slope.vector, normal: nil)
    }
  }

  private static func adam(
    _ folder: String, _ options: BenchOptions, _ give: (BenchRow) throws -> Void
  ) throws {
    let path = ChildProcess.ownPath
    let rules = [
      "train.gradient=discrete-adjoint", "train.shooting=single", "train.flow=adam",
      "train.stop.steps=500",
    ]
    var seconds: [Double] = []
    for _ in 0..<max(options.repeats, 5) {
      let child = try BenchChild.run(
        path,
        ["train", folder + "/spiral.yaml", "--out", folder + "/run", "--force", "--quiet"]
          + rules.flatMap { ["--set", $0] }, in: folder)
      guard child.status == 0 else {
        throw BenchChild.Failure(
          description: "cauchy train spiral.yaml --set \(rules.joined(separator: " --set ")) ended "
            + "with status \(child.status)")
      }
      seconds.append(child.seconds)
    }
    try give(
      .bound(
        "500 steps of adam, the whole command", .seconds(BenchTiming.median(seconds)),
        .atMost(.seconds(0.5)),
        note: "fastest \(BenchFigure.seconds(seconds.min() ?? 0).text)"))
  }

  // MARK: The problem

  private static let text = """
    variables: {t: [0, 1.5]}
    unknowns: [x, y]
    networks:
      f: {inputs: [x^3, y^3], outputs: [fx, fy], hidden: [50], activation: tanh}
    equations: [x' = fx, y' = fy]
    conditions: [x = 2 at t = 0, y = 0 at t = 0]
    data: {file: spiral.csv}
    solve: {method: tsit5, rtol: 1e-3, atol: 1e-6}
    train: {regularize: {ridge: 0}}

    """

  /// The spiral itself.
  private static func data() throws -> String {
    let field = VectorField(dimension: 2, isAutonomous: true) { _, y, rate in
      let (a, b) = (y[0] * y[0] * y[0], y[1] * y[1] * y[1])
      rate[0] = -0.1 * a - 2 * b
      rate[1] = 2 * a - 0.1 * b
    }
    let times = (0..<30).map { 1.5 * Double($0) / 29 }
    let truth = try solve(
      field, from: 0, to: 1.5, initial: [2, 0], method: "dop853", rtol: 1e-12, rows: times)
    let lines = zip(truth.times, truth.states).map { "\($0),\($1[0]),\($1[1])" }
    return "t,x,y\n" + lines.joined(separator: "\n") + "\n"
  }

  // MARK: diffrax

  /// Seconds of diffrax's gradient by its default adjoint, compiled; nil without diffrax.
  private static func diffrax(_ options: BenchOptions) throws -> Double? {
    guard let python = ChildProcess.path(of: "python3") else { return nil }
    let script = """
      import time
      import numpy as np, jax, diffrax
      jax.config.update('jax_platforms', 'cpu')
      jax.config.update('jax_enable_x64', True)
      import jax.numpy as jnp
      rng = np.random.default_rng(1)
      shapes = [(50, 2), (50,), (2, 50), (2,)]
      theta = [jnp.asarray(rng.normal(size=s)*np.sqrt(2/sum(s))*(len(s) - 1)) for s in shapes]
      ts = jnp.linspace(0, 1.5, 30)
      data = jnp.stack([2 - 0.3*ts, 1.5*ts], 1)
      def field(t, y, p): return p[2] @ jnp.tanh(p[0] @ y**3 + p[1]) + p[3]
      def loss(p):
          s = diffrax.diffeqsolve(diffrax.ODETerm(field), diffrax.Tsit5(), 0, 1.5, None,
              jnp.array([2., 0.]), p, saveat=diffrax.SaveAt(ts=ts),
              stepsize_controller=diffrax.PIDController(rtol=1e-3, atol=1e-6))
          return jnp.mean((s.ys - data)**2)
      go = jax.jit(jax.value_and_grad(loss))
      jax.block_until_ready(go(theta))
      times = []
      for _ in range(\(100 * max(options.repeats, 5))):
          begin = time.perf_counter()
          jax.block_until_ready(go(theta))
          times.append(time.perf_counter() - begin)
      print(sorted(times)[len(times)//2])

      """
    let child = try BenchChild.withFolder { try BenchChild.run(python, ["-c", script], in: $0) }
    return child.output.split(separator: "\n").last.flatMap { Double($0) }
  }
}

extension BenchTable {
  static let neural = BenchTable(
    name: "neural",
    about: "a neural ODE of the cubic spiral, 252 weights, 30 points; theirs where this machine's "
      + "python3 has it, without compilation",
    rows: BenchNeural.rows, body: BenchNeural.measure)
}
