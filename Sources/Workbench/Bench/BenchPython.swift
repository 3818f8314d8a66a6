import Discretizations
import Expressions
import Problems
import Reports

/// Other people's solvers on the same system, where a python3 that has them is found.
///
/// The system is written out as Python from the very expressions that are solved here, parameters as
/// numbers, with its exact Jacobian.
enum BenchPython {
  /// What a solver of another library did.
  struct Run {
    var evaluations = 0
    var jacobians = 0
    var factorizations = 0
    var seconds = 0.0
    var rtol = 0.0
    var method = ""
    var y: [Double] = []
  }

  /// Solves once with SciPy to count; nil without SciPy.
  static func stiff(
    _ problem: BenchProblem, method: String, rtol: Double, atol: Double
  ) throws -> Run? {
    let script =
      try system(problem, end: problem.initial.end) + """
        from scipy.integrate import solve_ivp
        s = solve_ivp(f, (t0, t1), y0, method='\(method)', jac=J, rtol=\(rtol), atol=\(atol))
        tell('\(method)', \(rtol), 0.0, s.nfev, s.njev, s.nlu, s.y[:, -1])

        """
    return try run(script).first
  }

  /// Times SciPy's methods, each at the loosest rtol = 10^(−k/4) that reaches `mescd`, or at `rtol`.
  static func scipy(
    _ problem: BenchProblem, _ methods: [String], goal: Goal, atol: String, end: Double,
    repeats: Int
  ) throws -> [Run] {
    let script =
      try system(problem, end: end) + goal.text(problem) + """
        from scipy.integrate import solve_ivp
        def solve(method, rtol):
            jac = {} if method in ('RK45', 'DOP853') else {'jac': J}
            return solve_ivp(f, (t0, t1), y0, method=method, rtol=rtol, atol=\(atol), **jac)
        for method in \(list(methods)):
            for rtol in ladder:
                s = solve(method, rtol)
                if good(s.y[:, -1]):
                    times = measure(lambda: solve(method, rtol), \(repeats))
                    tell(method, rtol, times, s.nfev, s.njev, s.nlu, s.y[:, -1])
                    break

        """
    return try run(script)
  }

  /// Times diffrax's and torchdiffeq's explicit methods at a tolerance; compilation is not counted.
  static func differentiable(
    _ problem: BenchProblem, rtol: Double, atol: Double, end: Double, repeats: Int
  ) throws -> [Run] {
    let script =
      try system(problem, end: end) + """
        try:
            import jax, diffrax
            jax.config.update('jax_enable_x64', True)
            import jax.numpy as jnp
            field = diffrax.ODETerm(lambda t, y, args: jnp.stack(rates(t, y)))
            for name in ('Tsit5', 'Dopri8'):
                @jax.jit
                def go(y, solver=getattr(diffrax, name)()):
                    control = diffrax.PIDController(rtol=\(rtol), atol=\(atol))
                    return diffrax.diffeqsolve(field, solver, t0, t1, None, y, max_steps=20000,
                        stepsize_controller=control)
                y = jnp.array(y0)
                s = go(y)
                times = measure(lambda: go(y).ys.block_until_ready(), \(repeats))
                tell('diffrax ' + name, \(rtol), times, int(s.stats['num_steps']), 0, 0, s.ys[-1])
        except ImportError:
            pass
        try:
            import torch, torchdiffeq
            torch.set_default_dtype(torch.float64)
            def go():
                with torch.no_grad():
                    field = lambda t, y: torch.stack(rates(t, y))
                    return torchdiffeq.odeint(field, torch.tensor(y0), torch.tensor([t0, t1]),
                        rtol=\(rtol), atol=\(atol), method='dopri5')
            times = measure(go, 1)
            tell('torchdiffeq dopri5', \(rtol), times, 0, 0, 0, [])
        except ImportError:
            pass

        """
    return try run(script)
  }

  /// When a tolerance is loose enough, and tight enough.
  enum Goal {
    case rtol(Double)
    case mescd(Double)

    func text(_ problem: BenchProblem) -> String {
      switch self {
      case .rtol(let rtol): return "ladder = [\(rtol)]\ndef good(y): return True\n"
      case .mescd(let digits):
        let table = problem.initial.problem.reference?.table
        let truth = problem.initial.form.state.map { symbol in
          table?.column(symbol.description)?.last.map { "\($0)" } ?? "nan"
        }
        return """
          import math
          truth = [\(truth.joined(separator: ", "))]
          ladder = [10**(-k/4) for k in range(12, 50)]
          def good(y):
              worst = max(abs(a - b)/(1e-6 + abs(b)) for a, b in zip(y, truth) if b == b)
              return worst <= 10**-\(digits)

          """
      }
    }
  }

  private static func list(_ names: [String]) -> String {
    "[" + names.map { "'\($0)'" }.joined(separator: ", ") + "]"
  }

  /// f, J, the initial state and the interval as Python text.
  static func system(_ problem: BenchProblem, end: Double) throws -> String {
    let initial = problem.initial
    var names: [Symbol: Expression] = [:]
    for (name, value) in zip(initial.parameterNames, problem.parameters) {
      names[Symbol(name)] = .number(value)
    }
    for (place, symbol) in initial.form.state.enumerated() { names[symbol] = .symbol("s\(place)") }
    names[Symbol(initial.form.marching)] = .symbol("t")
    func text(_ expression: Expression) -> String {
      expression.substituting(names).description.replacing("^", with: "**")
    }
    let rates = initial.form.rates.map(text)
    let jacobian = try initial.form.rates.map { rate in
      try initial.form.state.map { text(try rate.derivative(by: $0)) }
    }
    let variables = initial.form.state.indices.map { "s\($0)" }.joined(separator: ", ")
    let rows = jacobian.map { "[" + $0.joined(separator: ", ") + "]" }
    return """
      import time
      t0, t1, y0 = \(initial.start), \(end), \(problem.start)
      def rates(t, y):
          \(variables) = y
          return [\(rates.joined(separator: ", "))]
      def f(t, y): return rates(t, y.tolist())
      def J(t, y):
          \(variables) = y.tolist()
          return [\(rows.joined(separator: ", "))]
      def measure(work, repeats):
          times = []
          for _ in range(repeats):
              begin = time.perf_counter()
              work()
              times.append(time.perf_counter() - begin)
          return sorted(times)[repeats//2]
      def tell(method, rtol, seconds, nf, nj, nlu, y):
          numbers = ' '.join(repr(float(v)) for v in y)
          print(method, rtol, seconds, nf, nj, nlu, numbers, sep='|', flush=True)

      """
  }

  /// The lines that a script told; none where there is no python3, or it lacks a module.
  private static func run(_ script: String) throws -> [Run] {
    guard let python = ChildProcess.path(of: "python3") else { return [] }
    let child = try BenchChild.withFolder { try BenchChild.run(python, ["-c", script], in: $0) }
    return child.output.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: "|", omittingEmptySubsequences: false)
      guard parts.count == 7 else { return nil }
      var run = Run()
      run.method = String(parts[0])
      run.rtol = Double(parts[1]) ?? .nan
      run.seconds = Double(parts[2]) ?? .nan
      run.evaluations = Int(parts[3]) ?? 0
      run.jacobians = Int(parts[4]) ?? 0
      run.factorizations = Int(parts[5]) ?? 0
      run.y = parts[6].split(separator: " ").compactMap { Double($0) }
      return run
    }
  }
}
