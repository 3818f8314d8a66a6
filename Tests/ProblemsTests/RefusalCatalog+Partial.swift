extension RefusalCatalog {
  /// Conditions in several variables that contradict the equations, or say nothing.
  static let partial: [Refusal] = [
    Refusal(
      "all periodic with boundary",
      """
      variables: {x: [-1, 1], t: [0, 1]}
      unknowns: [u]
      equations: ["u_t = u_xx"]
      conditions: [u = sin(pi*x) at t = 0, periodic in x, u = 0 at boundary]

      """,
      gives: """
        p.yaml:4:53: every space variable is periodic: there is no boundary; remove this condition
        conditions: [u = sin(pi*x) at t = 0, periodic in x, u = 0 at boundary]
                                                            ^^^^^^^^^^^^^^^^^
        """),
    Refusal(
      "periodic twice",
      """
      variables: {x: [-1, 1], t: [0, 1]}
      unknowns: [u]
      equations: ["u_t = u_xx"]
      conditions: [u = sin(pi*x) at t = 0, periodic in x, periodic in x]

      """,
      gives: """
        p.yaml:4:53: 'x' is periodic already, from line 4; remove one of the two
        conditions: [u = sin(pi*x) at t = 0, periodic in x, periodic in x]
                                                            ^^^^^^^^^^^^^
        """),
    Refusal(
      "too high an order",
      """
      variables: {x: [-1, 1], t: [0, 1]}
      unknowns: [u]
      equations: ["u_t = u_xx"]
      conditions: [u = sin(pi*x) at t = 0, u_xx = 0 at x = -1, u = 0 at x = 1]

      """,
      gives: """
        p.yaml:4:38: a condition on u_xx, but the equation is of order 2 in 'x'; give values of lower derivatives only
        conditions: [u = sin(pi*x) at t = 0, u_xx = 0 at x = -1, u = 0 at x = 1]
                                             ^^^^^^^^^^^^^^^^^^
        """),
    Refusal(
      "too high an order in time",
      """
      variables: {x: [-1, 1], t: [0, 1]}
      unknowns: [u]
      equations: ["u_t = u_xx"]
      conditions: [u_t = sin(pi*x) at t = 0, u = 0 at boundary]

      """,
      gives: """
        p.yaml:4:14: a condition on u_t, but the equation is of order 1 in 't'; give values of lower derivatives only
        conditions: [u_t = sin(pi*x) at t = 0, u = 0 at boundary]
                     ^^^^^^^^^^^^^^^^^^^^^^^^
        """),
    Refusal(
      "component without that direction",
      """
      variables: {x: [-1, 1], t: [0, 1]}
      unknowns: [u, v]
      equations: ["u_t = u_xx + v", "v_t = u - v"]
      conditions: [u = 0 at t = 0, v = 0 at t = 0, u = 0 at x = -1, v = 0 at x = 1]

      """,
      gives: """
        p.yaml:4:63: no equation differentiates v by 'x': at x = 1 they give it without a condition; remove this one
        conditions: [u = 0 at t = 0, v = 0 at t = 0, u = 0 at x = -1, v = 0 at x = 1]
                                                                      ^^^^^^^^^^^^^^
        """),
    Refusal(
      "poisson neumann",
      """
      variables: {x: [-1, 1], y: [0, 1]}
      unknowns: [u]
      equations: ["laplace(u) = x"]
      conditions: [u_x = 0 at x = -1, u_x = 0 at x = 1, u_y = 0 at y = 0, u_y = 0 at y = 1]

      """,
      gives: """
        p.yaml:4:1: only derivatives of u occur: any constant may be added to it; pin it at a point: 'u = 0 at x = -1, y = 0'
        conditions: [u_x = 0 at x = -1, u_x = 0 at x = 1, u_y = 0 at y = 0, u_y = 0 at y = 1]
        ^^^^^^^^^^
        """),
    Refusal(
      "bvp neumann",
      """
      variables: {x: [-1, 1]}
      unknowns: [u]
      equations: ["u'' = x"]
      conditions: [u' = 0 at x = -1, u' = 0 at x = 1]

      """,
      gives: """
        p.yaml:4:1: only derivatives of u occur: any constant may be added to it; give u itself at one end
        conditions: [u' = 0 at x = -1, u' = 0 at x = 1]
        ^^^^^^^^^^
        """),
    Refusal(
      "boundary derivative",
      """
      variables: {x: [-1, 1], y: [0, 1]}
      unknowns: [u]
      equations: ["laplace(u) = u"]
      conditions: [u_x = 0 at boundary]

      """,
      gives: """
        p.yaml:4:14: warning: u_x runs along some faces of the boundary, and across others; write the derivative across, face by face: u_x at x = …, u_y at y = …
        conditions: [u_x = 0 at boundary]
                     ^^^^^^^^^^^^^^^^^^^
        """),
  ]
}
