extension PosednessCatalog {
  /// Conditions that the waves contradict, with constant coefficients.
  static let misplaced: [Declared] = [
    Declared(
      "advection outflow",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      parameters: {c: 30}
      equations: [u_t + c*u_x = 0]
      conditions: [u = 0 at t = 0, u = sin(t) at x = 1]

      """,
      says: """
        p.yaml:5:30: every wave leaves through x = 1 (speed 30), and a condition there \
        contradicts what arrives; give it at x = 0
        """),
    Declared(
      "advection 2d",
      """
      variables: {x: [0, 1], y: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: [u_t + u_x - 2*u_y = 0]
      conditions: [u = 0 at t = 0, u = 0 at x = 0, u = 0 at y = 0]

      """,
      says: """
        p.yaml:4:46: every wave leaves through y = 0 (speed -2), and a condition there \
        contradicts what arrives; give it at y = 1
        """),
    Declared(
      "transport with diffusion across",
      """
      variables: {x: [0, 1], y: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: [u_t + u_x = u_yy]
      conditions: [u = 0 at t = 0, u = 0 at x = 1, u = 0 at y = 0, u = 0 at y = 1]

      """,
      says: """
        p.yaml:4:30: every wave leaves through x = 1 (speed 1), and a condition there \
        contradicts what arrives; give it at x = 0
        """),
    Declared(
      "system outflow",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u, v]
      equations: [u_t + 2*u_x + v_x = 0, v_t + u_x + 2*v_x = 0]
      conditions: [u = 0 at t = 0, v = 0 at t = 0, u = 0 at x = 1, v = 0 at x = 1]

      """,
      says: """
        p.yaml:4:46: every wave leaves through x = 1 (speeds 1, 3), and a condition there \
        contradicts what arrives; give it at x = 0
        """),
    Declared(
      "system both at one face",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u, v]
      equations: [u_t = v_x, v_t = u_x]
      conditions: [u = 0 at t = 0, v = 0 at t = 0, u = 0 at x = 0, v = 0 at x = 0]

      """,
      says: """
        p.yaml:4:62: 2 conditions (2 at x = 0, 0 at x = 1), and the waves of the equations take \
        1 at x = 0 and 1 at x = 1; move one from x = 0 to x = 1
        """),
    Declared(
      "system wrong characteristic",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u, v]
      equations: [u_t = v_x, v_t = u_x]
      conditions: [u = 0 at t = 0, v = 0 at t = 0, u + v = 0 at x = 0, v = 0 at x = 1]

      """,
      says: """
        p.yaml:4:46: the condition at x = 0 leaves a wave undetermined that starts there; write \
        another, such as a value
        """),
    Declared(
      "wave radiation of the wrong sign",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: [u_tt = u_xx]
      conditions:
        - u = sin(pi*x) at t = 0
        - u_t = 0 at t = 0
        - u_t - u_x = 0 at x = 0
        - u_t - u_x = 0 at x = 1

      """,
      says: """
        p.yaml:8:5: the condition at x = 1 leaves a wave undetermined that starts there; write \
        another, such as a value
        """),
    Declared(
      "KdV with two conditions at the left",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: [u_t + u_xxx + u*u_x = 0]
      conditions: [u = 0 at t = 0, u = 0 at x = 0, u_x = 0 at x = 0, u = 0 at x = 1]

      """,
      says: """
        p.yaml:4:46: 3 conditions (2 at x = 0, 1 at x = 1), and the waves of the equations take \
        1 at x = 0 and 2 at x = 1; move one from x = 0 to x = 1
        """),
    Declared(
      "heat cauchy data",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: [u_t = u_xx]
      conditions: [u = 0 at t = 0, u = 0 at x = 0, u_x = 0 at x = 0]

      """,
      says: """
        p.yaml:4:46: 2 conditions (2 at x = 0, 0 at x = 1), and the waves of the equations take \
        1 at x = 0 and 1 at x = 1; move one from x = 0 to x = 1
        """),
    Declared(
      "beam the same twice",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: [u_tt + u_xxxx = 0]
      conditions:
        - u = 0 at t = 0
        - u_t = 0 at t = 0
        - u = 0 at x = 0
        - 2*u = 0 at x = 0
        - u = 0 at x = 1
        - u_xx = 0 at x = 1

      """,
      says: """
        p.yaml:8:5: the conditions of lines 7, 8 at x = 0 leave a wave undetermined that starts \
        there; make them say independent things
        """),
    Declared(
      "missing initial in a system",
      """
      variables: {x: [0, 1], t: [0, 4]}
      unknowns: [u, v]
      equations: ["u_tt = u_xx + v", "v_t = v_xx"]
      conditions: [u = 0 at t = 0, v = 0 at t = 0, periodic in x]

      """,
      says: """
        p.yaml:4:1: no condition gives u_t at t = 0; add 'u_t = … at t = 0'
        """),
  ]
}
