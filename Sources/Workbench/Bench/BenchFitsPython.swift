import Reports

/// The spiral fitted by other libraries, where this machine's python3 has them.
///
/// Both train as torchdiffeq's example program does: Adam on batches of 20 pieces of 10 points, drawn
/// anew for every step, over as many seconds as are given; compilation is not counted. Source:
/// Chen, Rubanova, Bettencourt & Duvenaud, NeurIPS 31 (2018), examples/ode_demo.py.
enum BenchFitsPython {
  /// What one of them reached.
  struct Run {
    var library: String
    var steps: Int
    /// Mean square error over all points, along one trajectory from the start.
    var error: Double
  }

  /// Trains for so many seconds with each library that is there.
  static func spiral(_ table: String, seconds: Double) throws -> [Run] {
    guard let python = ChildProcess.path(of: "python3") else { return [] }
    let child = try BenchChild.withFolder { folder in
      try BenchChild.run(
        python, ["-c", common(table, seconds) + diffrax + torchdiffeq], in: folder)
    }
    return child.output.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: " ")
      guard parts.count == 3, let steps = Int(parts[1]), let error = Double(parts[2]) else {
        return nil
      }
      return Run(library: String(parts[0]), steps: steps, error: error)
    }
  }

  private static func common(_ table: String, _ seconds: Double) -> String {
    """
    import time
    import numpy as np
    data = np.array([[float(w) for w in line.split(',')] for line in '''\(table)'''.split()])
    ts, ys = data[:, 0], data[:, 1:]
    rng = np.random.default_rng(1)
    shapes = [(50, 2), (50,), (2, 50), (2,)]
    start = [rng.normal(0, 0.1, s) if len(s) == 2 else np.zeros(s) for s in shapes]
    def batch():
        rows = rng.choice(len(ts) - 10, 20, replace=False)
        return ys[rows], np.stack([ys[rows + i] for i in range(10)])
    limit = \(seconds)

    """
  }

  private static let diffrax = """
    try:
        import jax, diffrax
        jax.config.update('jax_platforms', 'cpu')
        jax.config.update('jax_enable_x64', True)
        import jax.numpy as jnp
        def field(t, y, p): return p[2] @ jnp.tanh(p[0] @ y**3 + p[1]) + p[3]
        def flow(p, y, times):
            return diffrax.diffeqsolve(diffrax.ODETerm(field), diffrax.Tsit5(), times[0], times[-1],
                None, y, p, saveat=diffrax.SaveAt(ts=times), max_steps=16384,
                stepsize_controller=diffrax.PIDController(rtol=1e-6, atol=1e-8)).ys
        short, rows = jnp.asarray(ts[:10]), jnp.asarray(ts)
        def loss(p, y, truth):
            found = jax.vmap(lambda y: flow(p, y, short))(y)
            return jnp.mean((found - truth.swapaxes(0, 1))**2)
        @jax.jit
        def step(p, m, v, n, y, truth):
            g = jax.grad(loss)(p, y, truth)
            m = [0.9*a + 0.1*b for a, b in zip(m, g)]
            v = [0.999*a + 0.001*b*b for a, b in zip(v, g)]
            p = [a - 1e-3*(b/(1 - 0.9**n))/(jnp.sqrt(c/(1 - 0.999**n)) + 1e-8)
                for a, b, c in zip(p, m, v)]
            return p, m, v
        p = [jnp.asarray(a) for a in start]
        m, v = [0*a for a in p], [0*a for a in p]
        jax.block_until_ready(step(p, m, v, 1., *batch()))
        begin, n = time.perf_counter(), 0
        while time.perf_counter() - begin < limit:
            n += 1
            p, m, v = jax.block_until_ready(step(p, m, v, float(n), *batch()))
        print('diffrax', n, float(jnp.mean((flow(p, jnp.asarray(ys[0]), rows) - ys)**2)), flush=True)
    except ImportError:
        pass

    """

  private static let torchdiffeq = """
    try:
        import torch
        from torchdiffeq import odeint
        torch.set_default_dtype(torch.float64)
        p = [torch.tensor(a, requires_grad=True) for a in start]
        def rate(t, y): return torch.tanh(y**3 @ p[0].T + p[1]) @ p[2].T + p[3]
        adam = torch.optim.Adam(p, lr=1e-3)
        times, rows = torch.tensor(ts[:10]), torch.tensor(ts)
        begin, n = time.perf_counter(), 0
        while time.perf_counter() - begin < limit:
            n += 1
            y, truth = [torch.tensor(a) for a in batch()]
            adam.zero_grad()
            ((odeint(rate, y, times, rtol=1e-6, atol=1e-8) - truth)**2).mean().backward()
            adam.step()
        with torch.no_grad():
            found = odeint(rate, torch.tensor(ys[0]), rows, rtol=1e-6, atol=1e-8)
            print('torchdiffeq', n, float(((found - torch.tensor(ys))**2).mean()), flush=True)
    except ImportError:
        pass

    """
}
