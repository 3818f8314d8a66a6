extension PosednessCatalog {
  /// Other well-posed declarations: nothing is said.
  static let silent: [Declared] = [
    Declared(
      "advection inflow",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      parameters: {c: 30}
      equations: [u_t + c*u_x = 0]
      conditions: [u = 0 at t = 0, u = sin(t) at x = 0]

      """),
    Declared(
      "backward heat from the end",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: [u_t = -u_xx]
      conditions: [u = sin(pi*x) at t = 1, u = 0 at boundary]

      """),
    Declared(
      "system one each",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u, v]
      equations: [u_t = v_x, v_t = u_x]
      conditions: [u = 0 at t = 0, v = 0 at t = 0, u = 0 at x = 0, v = 0 at x = 1]

      """),
    Declared(
      "KdV with two conditions at the right",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: [u_t + u_xxx + u*u_x = 0]
      conditions: [u = 0 at t = 0, u = 0 at x = 0, u_x = 0 at x = 1, u = 0 at x = 1]

      """),
    Declared(
      "beam",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: [u_tt + u_xxxx = 0]
      conditions: [u = 0 at t = 0, u_t = 0 at t = 0, u = 0 at boundary, u_xx = 0 at boundary]

      """),
    Declared(
      "plate",
      """
      variables: {x: [0, 1], y: [0, 1], t: [0, 1]}
      unknowns: [w]
      equations: ["w_tt + laplace(laplace(w)) = 0"]
      conditions:
        - w = 0 at t = 0
        - w_t = 0 at t = 0
        - w = 0 at boundary
        - w_xx = 0 at x = 0
        - w_xx = 0 at x = 1
        - w_yy = 0 at y = 0
        - w_yy = 0 at y = 1

      """),
    Declared(
      "porous medium",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: ["u_t = d(u*u_x, x)"]
      conditions: [u = x*(1 - x) at t = 0, u = 0 at boundary]

      """),
    Declared(
      "shallow water",
      """
      variables: {x: [0, 1], t: [0, 4]}
      unknowns: [h, q]
      equations: ["h_t + q_x = 0", "q_t + d(q^2/h + 4.9*h^2, x) = 0"]
      conditions: [h = 1 at t = 0, q = 0 at t = 0, q = 0 at x = 0, q = 0 at x = 1]

      """),
    Declared(
      "Benjamin-Bona-Mahony",
      """
      variables: {x: [0, 1], t: [0, 4]}
      unknowns: [u]
      equations: ["u_t + u_x + u*u_x - u_xxt = 0"]
      conditions: [u = 0 at t = 0, periodic in x]

      """),
    Declared(
      "reaction ode component",
      """
      variables: {x: [0, 1], t: [0, 4]}
      unknowns: [u, v]
      equations: ["u_t = u_xx + u - u^3 - v", "v_t = 0.1*(u - v)"]
      conditions: [u = 0 at t = 0, v = 0 at t = 0, u_x = 0 at boundary]

      """),
    Declared(
      "first order heat",
      """
      variables: {x: [0, 1], t: [0, 4]}
      unknowns: [u, q]
      equations: ["u_t = q_x", "q = u_x"]
      conditions: [u = 0 at t = 0, u = 0 at x = 0, q = 0 at x = 1]

      """),
    Declared(
      "dynamic boundary",
      """
      variables: {x: [0, 1], t: [0, 4]}
      unknowns: [u]
      equations: ["u_t = u_xx"]
      conditions: [u = 0 at t = 0, u_t - u_x = 0 at x = 0, u_x + u^4 = 0 at x = 1]

      """),
    Declared(
      "maxwell",
      """
      variables: {x: [0, 1], y: [0, 1], t: [0, 4]}
      unknowns: [e, p, q]
      equations: ["e_t = q_x - p_y", "p_t = -e_y", "q_t = e_x"]
      conditions: [e = 0 at t = 0, p = 0 at t = 0, q = 0 at t = 0, e = 0 at boundary]

      """),
    Declared(
      "maxwell 6",
      """
      variables: {x: [0, 1], y: [0, 1], z: [0, 1], t: [0, 1]}
      unknowns: [a, b, c, p, q, r]
      equations:
        - "a_t = r_y - q_z"
        - "b_t = p_z - r_x"
        - "c_t = q_x - p_y"
        - "p_t = -(c_y - b_z)"
        - "q_t = -(a_z - c_x)"
        - "r_t = -(b_x - a_y)"
      conditions:
        - a = 1 at t = 0
        - b = 1 at t = 0
        - c = 1 at t = 0
        - p = 1 at t = 0
        - q = 1 at t = 0
        - r = 1 at t = 0
        - periodic in x
        - periodic in y
        - periodic in z

      """),
    Declared(
      "cahn-hilliard",
      """
      variables: {x: [0, 1], y: [0, 1], t: [0, 4]}
      unknowns: [u]
      equations: ["u_t = laplace(u^3 - u - 0.01*laplace(u))"]
      conditions: [u = cos(pi*x) at t = 0, periodic in x, periodic in y]

      """),
    Declared(
      "keller-segel",
      """
      variables: {x: [0, 1], y: [0, 1], t: [0, 1]}
      unknowns: [u, c]
      equations: ["u_t = laplace(u) - d(u*c_x, x) - d(u*c_y, y)", "c_t = laplace(c) + u - c"]
      conditions:
        - u = 1 at t = 0
        - c = 0 at t = 0
        - u_x = 0 at x = 0
        - u_x = 0 at x = 1
        - u_y = 0 at y = 0
        - u_y = 0 at y = 1
        - c_x = 0 at x = 0
        - c_x = 0 at x = 1
        - c_y = 0 at y = 0
        - c_y = 0 at y = 1

      """),
    Declared(
      "telegraph",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: ["u_tt + 2*u_t = u_xx - u"]
      conditions: [u = 1 at t = 0, u_t = 0 at t = 0, u_x = 0 at x = 0, u_t + u_x = 0 at x = 1]

      """),
    Declared(
      "black-scholes",
      """
      variables: {S: [0, 100], t: [0, 1]}
      unknowns: [V]
      equations: ["V_t + 0.02*S^2*V_SS + 0.05*S*V_S - 0.05*V = 0"]
      conditions: ["V = max(S - 50, 0) at t = 1", V = 0 at S = 0, V_S = 1 at S = 100]

      """),
    Declared(
      "radial heat",
      """
      variables: {r: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: ["u_t = u_rr + u_r/r"]
      conditions: [u = 1 - r^2 at t = 0, u_r = 0 at r = 0, u = 0 at r = 1]

      """),
    Declared(
      "third of three in first order form",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u, v, w]
      equations: ["u_t = -w_x", "v = u_x", "w = v_x"]
      conditions: [u = 1 at t = 0, periodic in x]

      """),
    Declared(
      "euler",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [rho, m, E]
      functions: {p: "0.4*(E - m^2/rho/2)"}
      equations:
        - "rho_t + m_x = 0"
        - "m_t + d(m^2/rho + p, x) = 0"
        - "E_t + d((E + p)*m/rho, x) = 0"
      conditions:
        - "rho = if(x<0.5,1,0.125) at t = 0"
        - m = 0 at t = 0
        - "E = if(x<0.5,2.5,0.25) at t = 0"
        - m = 0 at x = 0
        - m = 0 at x = 1

      """),
  ]
}
