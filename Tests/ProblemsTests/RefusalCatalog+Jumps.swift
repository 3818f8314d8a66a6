extension RefusalCatalog {
  /// Derivatives of expressions that jump; what is silent gives nothing.
  static let jumps: [Refusal] = [
    Refusal(
      "jump in flux",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: ["u_t = d(if(x < 0.5, 1, 10)*u_x, x)"]
      conditions: [u = sin(pi*x) at t = 0, u = 0 at boundary]

      """,
      gives: """
        p.yaml:3:20: what is differentiated by 'x' here jumps at x = 0.5, and the derivative of the jump is lost; give what stands inside d(…, x) as an unknown of its own (q = …, and d(q, x) here), or smooth the jump
        equations: ["u_t = d(if(x < 0.5, 1, 10)*u_x, x)"]
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        """),
    Refusal(
      "jump in function",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      functions: {a: "1 + 9*heaviside(x - 1/3)"}
      equations: ["u_t = d(a*u_x, x)"]
      conditions: [u = sin(pi*x) at t = 0, u = 0 at boundary]

      """,
      gives: """
        p.yaml:4:20: what is differentiated by 'x' here jumps at x = 0.333333, and the derivative of the jump is lost; give what stands inside d(…, x) as an unknown of its own (q = …, and d(q, x) here), or smooth the jump
        equations: ["u_t = d(a*u_x, x)"]
                           ^^^^^^^^^^^
        """),
    Refusal(
      "jump in the solution",
      """
      variables: {x: [-1, 1], t: [0, 1]}
      unknowns: [u]
      equations: ["u_t = d((1 + (u > 0.5))*u_x, x)"]
      conditions: [u = sin(pi*x) at t = 0, u = 0 at boundary]

      """,
      gives: """
        p.yaml:3:20: warning: what is differentiated by 'x' here jumps at u = 0.5, and the derivative of the jump is lost; give what stands inside d(…, x) as an unknown of its own (q = …, and d(q, x) here), or smooth the jump
        equations: ["u_t = d((1 + (u > 0.5))*u_x, x)"]
                           ^^^^^^^^^^^^^^^^^^^^^^^^^
        """),
    Refusal(
      "laplace jump",
      """
      variables: {x: [-1, 1], y: [0, 1]}
      unknowns: [u]
      equations: ["laplace(sign(y - 0.25)*u) = 1"]
      conditions: [u = 0 at boundary]

      """,
      gives: """
        p.yaml:3:14: what is differentiated by 'y' here jumps at y = 0.25, and the derivative of the jump is lost; give what stands inside d(…, y) as an unknown of its own (q = …, and d(q, y) here), or smooth the jump
        equations: ["laplace(sign(y - 0.25)*u) = 1"]
                     ^^^^^^^^^^^^^^^^^^^^^^^^^
        """),
    Refusal(
      "jump in a function of the other variable",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      functions: {a: "1 + 9*heaviside(t - 1/3)"}
      equations: ["u_t = d(a*u_x, x)"]
      conditions: [u = sin(pi*x) at t = 0, u = 0 at boundary]

      """,
      gives: """
        """),
    Refusal(
      "kink",
      """
      variables: {x: [-1, 1], t: [0, 1]}
      unknowns: [u]
      equations: ["u_t = d((1 + abs(x))*u_x, x) + d(if(x < 0, 0, x)*u, x)"]
      conditions: [u = sin(pi*x) at t = 0, u = 0 at boundary]

      """,
      gives: """
        """),
    Refusal(
      "jump not differentiated",
      """
      variables: {x: [-1, 1], t: [0, 1]}
      unknowns: [u]
      equations: ["u_t = if(x < 0, 1, 2)*u_xx + heaviside(x)"]
      conditions: [u = sin(pi*x) at t = 0, u = 0 at boundary]

      """,
      gives: """
        """),
  ]
}
