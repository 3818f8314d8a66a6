import Reports

/// The same step and the same loss in JAX and PyTorch, where a python3 that has them is found.
///
/// Burgers' equation with u = -sin(πx) + t(1 - x²)·network(x, 2t - 1), tanh, Glorot, 6000 points
/// drawn at random; derivatives as their manuals have them: nested jvp, and grad with create_graph.
enum BenchTrainPython {
  enum Library {
    case jax, torch

    var name: String { self == .jax ? "JAX" : "PyTorch" }
  }

  /// Seconds of one call.
  struct Time {
    var median: Double
    var fastest: Double

    init?(_ numbers: [Double]?) {
      guard let numbers, numbers.count == 2 else { return nil }
      (median, fastest) = (numbers[0], numbers[1])
    }
  }

  /// Seconds of a geodesic Levenberg-Marquardt step as `lie2` makes it; nil without JAX and SciPy.
  static func step(_ hidden: [Int], points: Int, _ options: BenchOptions) throws -> Time? {
    let told = try run(
      header(hidden, points, options) + jax + """
        import scipy.linalg as sl
        r = jax.jit(lambda th: jax.vmap(f, (None, 0))(th, P)/np.sqrt(N))
        J = jax.jit(lambda th: jax.vmap(jax.grad(f), (None, 0))(th, P)/np.sqrt(N))
        D = np.zeros(len(th))
        lam = 1e-3
        R = np.asarray(r(th))
        def step():
            global D, R, th
            A_ = np.asarray(J(th))
            g = A_.T @ R
            A = A_.T @ A_
            D = np.maximum(D, np.diag(A))
            A.flat[::len(D) + 1] += lam*D
            c = sl.cho_factor(A.T, lower=True, overwrite_a=True, check_finite=False)
            v = -sl.cho_solve(c, g, check_finite=False)
            Jv = A_ @ v
            rvv = (2/0.02)*((np.asarray(r(th + 0.02*v)) - R)/0.02 - Jv)
            a = -sl.cho_solve(c, A_.T @ rvv, check_finite=False)
            d = v + 0.5*a
            new = np.asarray(r(th + d))
            np.linalg.norm(new - R - A_ @ d - 0.5*rvv)
            if new @ new < R @ R: th, R = th + d, new
        step()
        tell(step)

        """
    )
    return Time(told.first)
  }

  /// Seconds of a loss with its gradient; nil without the library.
  static func evaluation(
    _ library: Library, _ hidden: [Int], points: Int, _ options: BenchOptions
  ) throws -> Time? {
    let head = header(hidden, points, options)
    switch library {
    case .jax: return Time(try run(head + jax + evaluationInJAX).first)
    case .torch: return Time(try run(head + torch).first)
    }
  }

  /// Threads, points, parameters and a stop-watch.
  private static func header(_ hidden: [Int], _ points: Int, _ options: BenchOptions) -> String {
    """
    import os, time
    threads = \(options.workers)
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    for name in ('OMP', 'OPENBLAS', 'MKL'):
        os.environ[name + '_NUM_THREADS'] = str(threads)
    # Spinning beside other people's work would cost PyTorch thirty times its own time.
    os.environ['OMP_WAIT_POLICY'] = 'passive'
    import numpy as np
    N, sizes = \(points), [2] + \(hidden) + [1]
    rng = np.random.default_rng(1)
    points = rng.random((N, 2))*[2, 1] - [1, 0]
    shapes = list(zip(sizes[:-1], sizes[1:]))
    weights = [rng.normal(size=(b, a))*np.sqrt(2/(a + b)) for a, b in shapes]
    def tell(work):
        times = []
        for _ in range(\(max(options.repeats, 5))):
            begin = time.perf_counter()
            work()
            times.append(time.perf_counter() - begin)
        print(sorted(times)[len(times)//2], min(times), flush=True)

    """
  }

  private static let jax = """
    import jax, jax.numpy as jnp
    jax.config.update('jax_platforms', 'cpu')
    jax.config.update('jax_enable_x64', True)
    P = jnp.asarray(points)
    th = np.concatenate([np.concatenate([w.ravel(), np.zeros(len(w))]) for w in weights])
    def net(th, z):
        o = 0
        for i, (a, b) in enumerate(shapes):
            W, o = th[o:o + a*b].reshape(b, a), o + a*b
            c, o = th[o:o + b], o + b
            z = W @ z + c
            if i < len(shapes) - 1: z = jnp.tanh(z)
        return z[0]
    def u(th, p):
        inner = net(th, jnp.array([p[0], 2*p[1] - 1]))
        return -jnp.sin(jnp.pi*p[0]) + p[1]*(1 - p[0]**2)*inner
    def d(g, i):
        return lambda p: jax.jvp(g, (p,), (jnp.zeros_like(p).at[i].set(1.),))[1]
    def f(th, p):
        U = lambda q: u(th, q)
        ux = d(U, 0)
        return d(U, 1)(p) + U(p)*ux(p) - 0.01/jnp.pi*d(ux, 0)(p)

    """

  private static let evaluationInJAX = """
    go = jax.jit(jax.value_and_grad(lambda th: 0.5*jnp.mean(jax.vmap(f, (None, 0))(th, P)**2)))
    def work(): jax.block_until_ready(go(th))
    work()
    tell(work)

    """

  private static let torch = """
    import torch
    torch.set_num_threads(threads)
    torch.set_default_dtype(torch.float64)
    layers = []
    for w in weights:
        layer = torch.nn.Linear(w.shape[1], w.shape[0])
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(w))
            layer.bias.zero_()
        layers += [layer, torch.nn.Tanh()]
    net = torch.nn.Sequential(*layers[:-1])
    x = torch.from_numpy(points[:, :1].copy()).requires_grad_()
    t = torch.from_numpy(points[:, 1:].copy()).requires_grad_()
    def d(y, z): return torch.autograd.grad(y, z, torch.ones_like(y), create_graph=True)[0]
    def work():
        net.zero_grad()
        inner = net(torch.cat([x, 2*t - 1], 1))
        u = -torch.sin(torch.pi*x) + t*(1 - x**2)*inner
        ux, ut = torch.autograd.grad(u, (x, t), torch.ones_like(u), create_graph=True)
        loss = 0.5*((ut + u*ux - 0.01/torch.pi*d(ux, x))**2).mean()
        loss.backward(inputs=list(net.parameters()))
        return loss.item()
    work()
    tell(work)

    """

  /// The numbers of each line that a script prints; none where it cannot run.
  static func run(_ script: String) throws -> [[Double]] {
    guard let python = ChildProcess.path(of: "python3") else { return [] }
    let child = try BenchChild.withFolder { try BenchChild.run(python, ["-c", script], in: $0) }
    return child.output.split(separator: "\n").compactMap { line in
      let numbers = line.split(separator: " ").map { Double($0) ?? .nan }
      return numbers.contains(where: \.isNaN) ? nil : numbers
    }
  }
}
