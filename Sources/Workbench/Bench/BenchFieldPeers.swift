import Reports

/// SciPy's and py-pde's solvers on the discrete systems that are solved here, where a python3 that
/// has them is found.
enum BenchFieldPeers {
  /// What a peer did: seconds are those of the processor for SciPy, of the wall for py-pde, without
  /// compilation.
  struct Run {
    var method: String
    var seconds: Double
    /// Largest distance at the end from the same system solved at a tight tolerance.
    var error: Double
    var evaluations: Int
  }

  /// LSODA with a band Jacobian on the Brusselator of `brusselator-1d` by second differences, its
  /// right-hand side in NumPy's vector operations: the fastest of `odeint` and `solve_ivp`, with and
  /// without the exact Jacobian.
  static func brusselator(dimension: Int, repeats: Int) throws -> [Run] {
    try run(
      """
      import os
      os.environ['OMP_NUM_THREADS'] = os.environ['OPENBLAS_NUM_THREADS'] = '1'
      import time, numpy as np
      from scipy.integrate import solve_ivp, odeint
      N = \(dimension)
      n = N//2
      c = (n + 1)**2/50
      y0 = np.empty(N)
      y0[0::2] = 1 + np.sin(2*np.pi*np.arange(1, n + 1)/(n + 1))
      y0[1::2] = 3
      P = np.empty(N + 4)
      P[0] = P[-2] = 1
      P[1] = P[-1] = 3
      def f(t, y):
          P[2:-2] = y
          u, v = y[0::2], y[1::2]
          w = u*u*v
          d = c*(P[:-4] - 2*y + P[4:])
          d[0::2] += 1 + w - 4*u
          d[1::2] += 3*u - w
          return d
      def J(t, y):
          u, v = y[0::2], y[1::2]
          B = np.zeros((5, N))
          B[0, 2:] = B[4, :-2] = c
          B[2, 0::2] = 2*u*v - 4 - 2*c
          B[2, 1::2] = B[1, 1::2] = u*u
          B[2, 1::2] = -B[2, 1::2] - 2*c
          B[3, 0::2] = 3 - 2*u*v
          return B
      def ivp(rtol, **jac):
          s = solve_ivp(f, (0, 10), y0, method='LSODA', rtol=rtol, atol=rtol, lband=2, uband=2, **jac)
          return s.y[:, -1], s.nfev
      def ode(rtol):
          s, info = odeint(f, y0, [0, 10], rtol=rtol, atol=rtol, ml=2, mu=2, tfirst=True,
              mxstep=100000, full_output=True)
          return s[-1], info['nfe'][-1]
      ways = {'odeint': ode, 'solve_ivp': ivp, 'solve_ivp, Jacobian': lambda r: ivp(r, jac=J)}
      truth = ivp(1e-10, jac=J)[0]
      for name, way in ways.items():
          times = []
          for _ in range(\(repeats)):
              begin = time.process_time()
              y, count = way(1e-6)
              times.append(time.process_time() - begin)
          print(name, sorted(times)[len(times)//2], abs(y - truth).max(), count, sep='|', flush=True)

      """)
  }

  /// py-pde's adaptive Runge-Kutta steps on Gray and Scott's equations, 256 by 256 cells, to t = 100
  /// at tolerance 1e-4; the stepper is compiled before it is timed.
  static func grayScott(repeats: Int) throws -> [Run] {
    try run(
      """
      import time, numpy as np, pde
      from pde.solvers import RungeKuttaSolver
      grid = pde.CartesianGrid([[0, 256], [0, 256]], [256, 256], periodic=True)
      x, y = grid.cell_coords[..., 0] - 128, grid.cell_coords[..., 1] - 128
      def start():
          u = 1 - np.exp(-((x + 5)**2 + (y + 2)**2)/200)/2
          v = np.exp(-((x - 5)**2 + (y - 2)**2)/200)/4
          return pde.FieldCollection([pde.ScalarField(grid, u), pde.ScalarField(grid, v)])
      eq = pde.PDE({'u': '0.16*laplace(u) - u*v**2 + 0.04*(1 - u)',
                    'v': '0.08*laplace(v) + u*v**2 - 0.1*v'})
      def stepper(tolerance):
          solver = RungeKuttaSolver(eq, adaptive=True, tolerance=tolerance)
          return solver, solver.make_stepper(start(), dt=1e-2)
      def go(step):
          state = start()
          begin = time.perf_counter()
          step(state, 0, 100)
          return time.perf_counter() - begin, state.data
      truth = go(stepper(1e-10)[1])[1]
      solver, step = stepper(1e-4)
      go(step)
      runs = [go(step) for _ in range(\(repeats))]
      times = sorted(r[0] for r in runs)
      print('py-pde runge-kutta', times[len(times)//2], abs(runs[0][1] - truth).max(),
          solver.info['steps']//(\(repeats) + 1), sep='|', flush=True)

      """)
  }

  private static func run(_ script: String) throws -> [Run] {
    guard let python = ChildProcess.path(of: "python3") else { return [] }
    let child = try BenchChild.withFolder { try BenchChild.run(python, ["-c", script], in: $0) }
    return child.output.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: "|", omittingEmptySubsequences: false)
      guard parts.count == 4, let seconds = Double(parts[1]), let error = Double(parts[2]) else {
        return nil
      }
      return Run(
        method: String(parts[0]), seconds: seconds, error: error, evaluations: Int(parts[3]) ?? 0)
    }
  }
}
