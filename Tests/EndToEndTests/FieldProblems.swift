/// Partial differential equations and boundary-value problems that several tests solve.
enum FieldProblems {
  /// u = exp(−π²t)·sin πx.
  static let heat = """
    title: Heat
    variables: {x: [0, 1], t: [0, 0.1]}
    unknowns: [u]
    parameters: {k: 1}
    equations: ["u_t = k*u_xx"]
    conditions: ["u = sin(pi*x) at t = 0", "u = 0 at x = 0", "u = 0 at x = 1"]
    exact: {u: "exp(-k*pi^2*t)*sin(pi*x)"}
    observables: {flux: "-k*u_x"}
    output: {x: 5, t: 3}
    """

  /// The same with the marching variable first, x on a list.
  static let heatTimeFirst = """
    variables: {t: [0, 0.1], x: [0, 1]}
    unknowns: [u]
    equations: ["u_t = u_xx"]
    conditions: ["u = sin(pi*x) at t = 0", "u = 0 at x = 0", "u = 0 at x = 1"]
    exact: {u: "exp(-pi^2*t)*sin(pi*x)"}
    output: {t: 2, x: [0.25, 0.5]}
    """

  /// Travels once around.
  static let wave = """
    variables: {x: [0, 1], t: [0, 1]}
    unknowns: [u]
    equations: ["u_t + u_x = 0"]
    conditions: ["u = exp(sin(2*pi*x)) at t = 0", "periodic in x"]
    exact: {u: "exp(sin(2*pi*(x - t)))"}
    output: {x: 9, t: 5}
    """

  static let poisson = """
    variables: {x: [0, 1], y: [0, 2]}
    unknowns: [u]
    equations: ["laplace(u) = -2*pi^2*sin(pi*x)*sin(pi*y)"]
    conditions: ["u = 0 at boundary"]
    exact: {u: "sin(pi*x)*sin(pi*y)"}
    output: {x: 3, y: 5}
    """

  /// y = sinh(x)/sinh(1).
  static let boundary = """
    variables: {x: [0, 1]}
    unknowns: [y]
    parameters: {a: 1}
    equations: ["y'' = a*y"]
    conditions: [y = 0 at x = 0, y = 1 at x = 1]
    exact: {y: "sinh(sqrt(a)*x)/sinh(sqrt(a))"}
    output: {x: 5}
    """

  /// u' = 1 − ∫₀ᵗ u: u = sin t.
  static let volterra = """
    variables: {t: [0, 3]}
    unknowns: [u]
    equations: ["u' = 1 - integral(u(s), s, 0, t)"]
    conditions: [u = 0 at t = 0]
    exact: {u: sin(t)}
    output: {t: 4}
    """

  /// A kink travels: no spectral basis resolves it.
  static let kink = """
    variables: {x: [0, 1], t: [0, 1]}
    unknowns: [u]
    equations: ["u_t + u_x = 0"]
    conditions: ["u = abs(sin(pi*x)) at t = 0", "periodic in x"]
    solve: {scheme: fourier}
    output: {x: 9, t: 5}
    """

  /// Takes a while: waves that amplify errors, to many digits.
  static let long = """
    variables: {x: [0, 32*pi], t: [0, 60]}
    unknowns: [u]
    equations: ["u_t + u*u_x + u_xx + u_xxxx = 0"]
    conditions: ["u = cos(x/16)*(1 + sin(x/16)) at t = 0", "periodic in x"]
    solve: {accuracy: 1e-4}
    output: {x: 33, t: 11}
    """
}
