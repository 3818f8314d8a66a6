extension RefusalCatalog {
  /// Files that are read with a warning, and places in text that YAML folds.
  static let warnings: [Refusal] = [
    Refusal(
      "corner",
      Sample.burgers.with("-sin(pi*x)", "cos(pi*x)"),
      gives: """
        p.yaml:7:5: warning: at the corner x = -1, t = 0 this gives u = 0, and line 6 gives -1: a jump of 1; let them agree there, or expect an error nearby
          - u = 0 at x = -1
            ^^^^^^^^^^^^^^^
        p.yaml:8:5: warning: at the corner x = 1, t = 0 this gives u = 0, and line 6 gives -1: a jump of 1; let them agree there, or expect an error nearby
          - u = 0 at x = 1
            ^^^^^^^^^^^^^^
        """),
    Refusal(
      "corner with boundary",
      Sample.burgers.with("-sin(pi*x)", "1").with(
        "  - u = 0 at x = -1\n  - u = 0 at x = 1\n", "  - u = 0 at boundary\n"),
      gives: """
        p.yaml:7:5: warning: at the corner x = -1, t = 0 this gives u = 0, and line 6 gives 1: a jump of 1; let them agree there, or expect an error nearby
          - u = 0 at boundary
            ^^^^^^^^^^^^^^^^^
        """),
    Refusal(
      "exact misses the equation",
      Sample.oscillator.adding("exact: {x: cos(t), y: -sin(t)}\n"),
      gives: """
        p.yaml:5:5: warning: 'exact' misses the equation: at t = 7.93997 the left side is -0.996306, the right side -1.99261; correct one of the two
          - x' = k*y
            ^^^^^^^^
        """),
    Refusal(
      "exact misses a condition",
      Sample.oscillator.with("x = 1 at", "x = 2 at").with("{k: 2}", "{k: 1}").adding(
        "exact: {x: cos(t), y: -sin(t)}\n"),
      gives: """
        p.yaml:8:5: warning: 'exact' misses the condition: at t = 0 the left side is 1, the right side 2; correct one of the two
          - x = 2 at t = 0
            ^^^^^^^^^^^^^^
        """),
    Refusal(
      "exact of a PDE",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: [u_t = u_xx]
      conditions: [u = sin(pi*x) at t = 0, u = 0 at boundary]
      exact: {u: exp(-pi*t)*sin(pi*x)}

      """,
      gives: """
        p.yaml:3:13: warning: 'exact' misses the equation: at x = 0.49588, t = 0.123109 the left side is -2.13377, the right side -6.70342; correct one of the two
        equations: [u_t = u_xx]
                    ^^^^^^^^^^
        """),
    Refusal(
      "system with another count",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u, v]
      equations: [u_t = v_x, v_t = u_x]
      conditions: [u = 0 at t = 0, v = 0 at t = 0, u = 0 at x = 0, u = 0 at x = 1, v = 0 at x = 1]

      """,
      gives: """
        p.yaml:4:1: warning: 3 conditions in 'x' for equations of total order 2 in it; 'solve' refuses if its discrete system is singular
        conditions: [u = 0 at t = 0, v = 0 at t = 0, u = 0 at x = 0, u = 0 at x = 1, v = 0 at x = 1]
        ^^^^^^^^^^
        """),
    Refusal(
      "missing condition with data",
      Sample.oscillator.with("  - y = 0 at t = 0\n", "").adding("data: {file: d.csv}\n"),
      files: ["d.csv": "t,x\n0,1\n1,2\n"],
      gives: """
        p.yaml:7:1: warning: 1 condition for equations of total order 2; 'train' finds the rest from the data; 'solve' needs it declared
        conditions:
        ^^^^^^^^^^
        """),
    Refusal(
      "fault in a folded scalar",
      """
      variables: {t: [0, 1]}
      unknowns: [x]
      equations:
      - "x' =
         -x*qq"
      conditions:
      - >
        x = 1
        at s = 0

      """,
      gives: """
        p.yaml:5:7: unknown name 'qq'; declare it, or correct the name
           -x*qq"
              ^^
        p.yaml:9:6: 's' is not a variable; the variables are t
          at s = 0
             ^
        """),
  ]
}
