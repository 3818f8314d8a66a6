extension PosednessCatalog {
  /// Coefficients that vary: the first point of the initial data where it happens.
  static let warned: [Declared] = [
    Declared(
      "variable diffusion",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: ["u_t = d((x - 0.25)*u_x, x)"]
      conditions: [u = 0 at t = 0, u = 0 at boundary]

      """,
      says: """
        p.yaml:3:13: warning: at x = 0, t = 0, waves along x grow at the rate 0.25*k^2, the \
        shorter the faster; keep the factor of u_xx from changing its sign, or expect no \
        convergence
        """),
    Declared(
      "nonlinear diffusion",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: ["u_t = d(u*u_x, x)"]
      conditions: [u = 0.5 - x at t = 0, u = 0.5 at x = 0, u = -0.5 at x = 1]

      """,
      says: """
        p.yaml:3:13: warning: at x = 0.5156, t = 0, where u = -0.01563, waves along x grow at \
        the rate 0.0156*k^2, the shorter the faster; keep the factor of u_xx from changing its \
        sign, or expect no convergence
        """),
    Declared(
      "cos t diffusion",
      """
      variables: {x: [0, 1], t: [0, 4]}
      unknowns: [u]
      equations: ["u_t = cos(t)*u_xx"]
      conditions: [u = x*(1 - x) at t = 0, u = 0 at boundary]

      """,
      says: """
        p.yaml:3:13: warning: at x = 0, t = 1.75, waves along x grow at the rate 0.178*k^2, the \
        shorter the faster; keep the factor of u_xx from changing its sign, or expect no \
        convergence
        """),
    Declared(
      "cahn-hilliard without surface energy",
      """
      variables: {x: [0, 1], y: [0, 1], t: [0, 4]}
      unknowns: [u]
      equations: ["u_t = laplace(u^3 - u)"]
      conditions: [u = cos(pi*x) at t = 0, periodic in x, periodic in y]

      """,
      says: """
        p.yaml:3:13: warning: at x = 0.3125, y = 0, t = 0, where u = 0.5556, waves along y grow \
        at the rate 0.074*k^2, the shorter the faster; keep the factors of u_xx, u_yy from \
        changing their signs, or expect no convergence
        """),
    Declared(
      "variable speed outflow",
      """
      variables: {x: [0, 1], t: [0, 4]}
      unknowns: [u]
      equations: ["u_t + (1 + x)*u_x = 0"]
      conditions: [u = x*(1 - x) at t = 0, u = 0 at x = 1]

      """,
      says: """
        p.yaml:4:38: warning: every wave leaves through x = 1 (speed 2), and a condition there \
        contradicts what arrives; give it at x = 0
        """),
    Declared(
      "inviscid burgers outflow",
      """
      variables: {x: [0, 1], t: [0, 4]}
      unknowns: [u]
      equations: ["u_t + u*u_x = 0"]
      conditions: [u = 2 + x at t = 0, u = 3 at x = 1]

      """,
      says: """
        p.yaml:4:34: warning: every wave leaves through x = 1 (speed 3), and a condition there \
        contradicts what arrives; give it at x = 0
        """),
    Declared(
      "black-scholes forward",
      """
      variables: {S: [0, 100], t: [0, 1]}
      unknowns: [V]
      equations: ["V_t + 0.02*S^2*V_SS + 0.05*S*V_S - 0.05*V = 0"]
      conditions: ["V = max(S - 50, 0) at t = 0", V = 0 at S = 0, V_S = 1 at S = 100]

      """,
      says: """
        p.yaml:3:13: warning: at S = 1.563, t = 0, waves along S grow at the rate 0.0488*k^2, \
        the shorter the faster; keep the factor of V_SS from changing its sign, or expect no \
        convergence
        """),
  ]
}
