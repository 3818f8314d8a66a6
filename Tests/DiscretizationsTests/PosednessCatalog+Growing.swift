extension PosednessCatalog {
  /// Short waves grow without bound, and constant coefficients show it.
  static let growing: [Declared] = [
    Declared(
      "backward heat",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: [u_t = -0.1*u_xx]
      conditions: [u = sin(pi*x) at t = 0, u = 0 at boundary]

      """,
      says: """
        p.yaml:3:13: waves along x grow at the rate 0.1*k^2, the shorter the faster: the \
        initial values determine no solution; change the sign of the term with u_xx, or give \
        the conditions at t = 1
        """),
    Declared(
      "heat from the end",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: [u_t = u_xx]
      conditions: [u = sin(pi*x) at t = 1, u = 0 at boundary]

      """,
      says: """
        p.yaml:3:13: waves along x grow at the rate k^2, the shorter the faster: the initial \
        values determine no solution; change the sign of the term with u_xx, or give the \
        conditions at t = 0
        """),
    Declared(
      "heat2d one wrong",
      """
      variables: {x: [0, 1], y: [0, 2], t: [0, 1]}
      unknowns: [u]
      equations: [u_t = u_xx - 2*u_yy]
      conditions: [u = 0 at t = 0, u = 0 at boundary]

      """,
      says: """
        p.yaml:3:13: waves along y grow at the rate 2*k^2, the shorter the faster: the initial \
        values determine no solution; change the sign of the term with u_yy
        """),
    Declared(
      "mixed derivative ill",
      """
      variables: {x: [0, 1], y: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: [u_t = u_xx + 3*u_xy + u_yy]
      conditions: [u = 0 at t = 0, u = 0 at boundary]

      """,
      says: """
        p.yaml:3:13: waves along (1, -1) grow at the rate 0.5*k^2, the shorter the faster: the \
        initial values determine no solution; check the signs of the highest derivatives
        """),
    Declared(
      "Kuramoto-Sivashinsky with the wrong fourth order",
      """
      variables: {x: [0, 32*pi], t: [0, 150]}
      unknowns: [u]
      equations: [u_t + u_xx - u_xxxx + u*u_x = 0]
      conditions: [u = cos(x/16)*(1 + sin(x/16)) at t = 0, periodic in x]

      """,
      says: """
        p.yaml:3:13: waves along x grow at the rate k^4, the shorter the faster: the initial \
        values determine no solution; change the sign of the term with u_xxxx, or give the \
        conditions at t = 150
        """),
    Declared(
      "nls with wrong damping",
      """
      variables: {x: [-5, 5], t: [0, 1.5]}
      unknowns: [u, v]
      equations: [u_t = -0.5*v_xx - 1e-3*u_xx, v_t = 0.5*u_xx - 1e-3*v_xx]
      conditions: [u = 2/cosh(x) at t = 0, v = 0 at t = 0, periodic in x]

      """,
      says: """
        p.yaml:3:13: waves along x grow at the rate 0.001*k^2, the shorter the faster: the \
        initial values determine no solution; change the sign of the term with u_xx, or give \
        the conditions at t = 1.5
        """),
    Declared(
      "cauchy-riemann",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u, v]
      equations: [u_t = v_x, v_t = -u_x]
      conditions: [u = 0 at t = 0, v = 0 at t = 0, u = 0 at x = 0, u = 0 at x = 1]

      """,
      says: """
        p.yaml:3:13: waves along x grow at the rate k, the shorter the faster: the initial \
        values determine no solution; change the sign of the term with v_x
        """),
    Declared(
      "elliptic in time",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: [u_tt + u_xx = 0]
      conditions: [u = sin(pi*x) at t = 0, u_t = 0 at t = 0, u = 0 at boundary]

      """,
      says: """
        p.yaml:3:13: waves along x grow at the rate k, the shorter the faster: the initial \
        values determine no solution; change the sign of the term with u_xx, or, if 't' does \
        not march, give it another name and conditions at both its ends
        """),
    Declared(
      "u_tt = u_x",
      """
      variables: {x: [0, 1], t: [0, 4]}
      unknowns: [u]
      equations: ["u_tt = u_x"]
      conditions: [u = 0 at t = 0, u_t = 0 at t = 0, periodic in x]

      """,
      says: """
        p.yaml:3:13: waves along x grow at the rate 0.707*k^0.5, the shorter the faster: the \
        initial values determine no solution; check the signs of the highest derivatives, or, \
        if 't' does not march, give it another name and conditions at both its ends
        """),
    Declared(
      "backward heat with reaction",
      """
      variables: {x: [0, 1], t: [0, 4]}
      unknowns: [u]
      equations: ["u_t = -u_xx + u^3 + u*u_x"]
      conditions: [u = x*(1 - x) at t = 0, u = 0 at boundary]

      """,
      says: """
        p.yaml:3:13: waves along x grow at the rate k^2, the shorter the faster: the initial \
        values determine no solution; change the sign of the term with u_xx, or give the \
        conditions at t = 4
        """),
    Declared(
      "gray-scott one wrong",
      """
      variables: {x: [0, 2.5], y: [0, 2.5], t: [0, 100]}
      unknowns: [u, v]
      equations:
        - "u_t = 2*laplace(u) - u*v^2 + 0.04*(1-u)"
        - "v_t = -1e-8*laplace(v) + u*v^2 - 0.1*v"
      conditions: [u = 1 at t = 0, v = exp(-x^2-y^2) at t = 0, periodic in x, periodic in y]

      """,
      says: """
        p.yaml:5:5: waves along y grow at the rate 1e-08*k^2, the shorter the faster: the \
        initial values determine no solution; change the signs of the terms with v_xx, v_yy
        """),
    Declared(
      "cross diffusion ill",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u, v]
      equations: ["u_t = u_xx + 2*v_xx", "v_t = 2*u_xx + v_xx"]
      conditions: [u = 1 at t = 0, v = 0 at t = 0, u = 0 at boundary, v = 0 at boundary]

      """,
      says: """
        p.yaml:3:13: waves along x grow at the rate k^2, the shorter the faster: the initial \
        values determine no solution; change the sign of the term with v_xx
        """),
  ]
}
