extension PosednessCatalog {
  /// The equations of the gallery: nothing is said.
  static let gallery: [Declared] = [
    Declared(
      "heat",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: [u_t = 0.1*u_xx]
      conditions: [u = sin(pi*x) at t = 0, u = 0 at boundary]

      """),
    Declared(
      "heat2d",
      """
      variables: {x: [0, 1], y: [0, 2], t: [0, 1]}
      unknowns: [u]
      equations: [u_t = laplace(u)]
      conditions: [u = 0 at t = 0, u = 0 at boundary]

      """),
    Declared(
      "mixed derivative well",
      """
      variables: {x: [0, 1], y: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: [u_t = u_xx + u_xy + u_yy]
      conditions: [u = 0 at t = 0, u = 0 at boundary]

      """),
    Declared(
      "burgers",
      """
      variables: {x: [-1, 1], t: [0, 1]}
      unknowns: [u]
      parameters: {nu: 0.01/pi}
      equations: [u_t + u*u_x = nu*u_xx]
      conditions: [u = -sin(pi*x) at t = 0, u = 0 at boundary]

      """),
    Declared(
      "allen-cahn",
      """
      variables: {x: [-1, 1], t: [0, 1]}
      unknowns: [u]
      equations: [u_t = 0.0001*u_xx + 5*(u - u^3)]
      conditions: [u = x^2*cos(pi*x) at t = 0, periodic in x]

      """),
    Declared(
      "kdv",
      """
      variables: {x: [0, 2], t: [0, 1]}
      unknowns: [u]
      parameters: {mu: 0.022}
      equations: [u_t + u*u_x + mu^2*u_xxx = 0]
      conditions: [u = cos(pi*x) at t = 0, periodic in x]

      """),
    Declared(
      "Kuramoto-Sivashinsky",
      """
      variables: {x: [0, 32*pi], t: [0, 150]}
      unknowns: [u]
      equations: [u_t + u_xx + u_xxxx + u*u_x = 0]
      conditions: [u = cos(x/16)*(1 + sin(x/16)) at t = 0, periodic in x]

      """),
    Declared(
      "Schrödinger pair",
      """
      variables: {x: [-5, 5], t: [0, 1.5]}
      unknowns: [u, v]
      equations: [u_t = -0.5*v_xx - (u^2 + v^2)*v, v_t = 0.5*u_xx + (u^2+v^2)*u]
      conditions: [u = 2/cosh(x) at t = 0, v = 0 at t = 0, periodic in x]

      """),
    Declared(
      "wave",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: [u_tt = 4*u_xx]
      conditions: [u = sin(pi*x) at t = 0, u_t = 0 at t = 0, u = 0 at boundary]

      """),
    Declared(
      "wave radiation",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: [u_tt = u_xx]
      conditions:
        - u = sin(pi*x) at t = 0
        - u_t = 0 at t = 0
        - u_t - u_x = 0 at x = 0
        - u_t + u_x = 0 at x = 1

      """),
    Declared(
      "sine-gordon",
      """
      variables: {x: [-20, 20], t: [0, 10]}
      unknowns: [u]
      equations: [u_tt - u_xx + sin(u) = 0]
      conditions: [u = 0 at t = 0, u_t = 4/cosh(x) at t = 0, u_x = 0 at boundary]

      """),
    Declared(
      "fisher",
      """
      variables: {x: [0, 50], t: [0, 10]}
      unknowns: [u]
      equations: [u_t = u_xx + u*(1-u)]
      conditions: [u = exp(-x^2) at t = 0, u_x = 0 at x = 0, u = 0 at x = 50]

      """),
    Declared(
      "brusselator",
      """
      variables: {x: [0, 1], t: [0, 10]}
      unknowns: [u, v]
      parameters: {alpha: 0.02}
      equations: [u_t = 1 + u^2*v - 4*u + alpha*u_xx, v_t = 3*u - u^2*v + alpha*v_xx]
      conditions:
        - u = 1+sin(2*pi*x) at t = 0
        - v = 3 at t = 0
        - u = 1 at boundary
        - v = 3 at boundary

      """),
    Declared(
      "gray-scott",
      """
      variables: {x: [0, 2.5], y: [0, 2.5], t: [0, 100]}
      unknowns: [u, v]
      equations:
        - "u_t = 2e-5*laplace(u) - u*v^2 + 0.04*(1-u)"
        - "v_t = 1e-5*laplace(v) + u*v^2 - 0.1*v"
      conditions: [u = 1 at t = 0, v = exp(-x^2-y^2) at t = 0, periodic in x, periodic in y]

      """),
    Declared(
      "taylor-green",
      """
      variables: {x: [0, 2*pi], y: [0, 2*pi], t: [0, 1]}
      unknowns: [w, psi]
      parameters: {nu: 0.1}
      equations: ["w_t + psi_y*w_x - psi_x*w_y = nu*laplace(w)", "laplace(psi) = -w"]
      conditions: [w = 2*sin(x)*sin(y) at t = 0, periodic in x, periodic in y]

      """),
    Declared(
      "taylor-green walls",
      """
      variables: {x: [0, pi], y: [0, pi], t: [0, 1]}
      unknowns: [w, psi]
      parameters: {nu: 0.1}
      equations: ["w_t + psi_y*w_x - psi_x*w_y = nu*laplace(w)", "laplace(psi) = -w"]
      conditions: [w = 2*sin(x)*sin(y) at t = 0, w = 0 at boundary, psi = 0 at boundary]

      """),
    Declared(
      "cavity evolution",
      """
      variables: {x: [0, 1], y: [0, 1], t: [0, 1]}
      unknowns: [w, psi]
      parameters: {nu: 0.01}
      equations: ["w_t + psi_y*w_x - psi_x*w_y = nu*laplace(w)", "laplace(psi) = -w"]
      conditions:
        - w = 0 at t = 0
        - psi = 0 at boundary
        - psi_x = 0 at x = 0
        - psi_x = 0 at x = 1
        - psi_y = 0 at y = 0
        - psi_y = 1 at y = 1

      """),
    Declared(
      "advection",
      """
      variables: {x: [0, 2*pi], t: [0, 1]}
      unknowns: [u]
      parameters: {c: 30}
      equations: [u_t + c*u_x = 0]
      conditions: [u = sin(x) at t = 0, periodic in x]

      """),
  ]
}
