extension RefusalCatalog {
  /// Counts, conditions, and what may stand in equations.
  static let conditions: [Refusal] = [
    Refusal(
      "equations for unknowns",
      Sample.oscillator.with("  - y' = -x\n", ""),
      gives: """
        p.yaml:4:1: 1 equation for 2 unknowns; write one for each of x, y
        equations:
        ^^^^^^^^^
        """),
    Refusal(
      "missing condition",
      Sample.oscillator.with("  - y = 0 at t = 0\n", ""),
      gives: """
        p.yaml:7:1: 1 condition for equations of total order 2; add 'y = … at t = 0'
        conditions:
        ^^^^^^^^^^
        """),
    Refusal(
      "no conditions",
      Sample.oscillator.cut(at: "conditions"),
      gives: """
        p.yaml:4:1: 0 conditions for equations of total order 2; add values of x, y at t = 0
        equations:
        ^^^^^^^^^
        """),
    Refusal(
      "too many conditions",
      Sample.oscillator.adding("  - x + y = 1 at t = 0\n"),
      gives: """
        p.yaml:7:1: 3 conditions for equations of total order 2; remove 1
        conditions:
        ^^^^^^^^^^
        """),
    Refusal(
      "two values, one missing",
      Sample.oscillator.with("y = 0 at", "x = 0 at"),
      gives: """
        p.yaml:9:5: x has a value at t = 0 already, from line 8; remove one of the two
          - x = 0 at t = 0
            ^^^^^^^^^^^^^^
        """),
    Refusal(
      "missing derivative",
      Sample.oscillator.with("y' = -x", "y'' = -x"),
      gives: """
        p.yaml:7:1: 2 conditions for equations of total order 3; add 'y' = … at t = 0'
        conditions:
        ^^^^^^^^^^
        """),
    Refusal(
      "condition of too high an order",
      Sample.oscillator.with("y = 0", "y' = 0"),
      gives: """
        p.yaml:9:5: a condition on y', but the equations are of order 1 in 'y'; give values of lower derivatives only
          - y' = 0 at t = 0
            ^^^^^^^^^^^^^^^
        """),
    Refusal(
      "no conditions but data",
      Sample.oscillator.cut(at: "conditions").adding("data: {file: none.csv}\n"),
      gives: """
        p.yaml:4:1: warning: 0 conditions for equations of total order 2; 'train' finds the rest from the data; 'solve' needs it declared
        equations:
        ^^^^^^^^^
        p.yaml:7:14: the file 'none.csv' cannot be read: No such file or directory; check the path
        data: {file: none.csv}
                     ^^^^^^^^
        """),
    Refusal(
      "scalar equation, one boundary value",
      Sample.burgers.with("  - u = 0 at x = 1\n", ""),
      gives: """
        p.yaml:5:1: 1 condition in 'x', and the equation is of order 2 in 'x'; add 1, or 'periodic in x'
        conditions:
        ^^^^^^^^^^
        """),
    Refusal(
      "scalar equation, three boundary values",
      Sample.burgers.adding("  - u_x = 0 at x = 1\n"),
      gives: """
        p.yaml:5:1: 3 conditions in 'x', and the equation is of order 2 in 'x'; remove 1
        conditions:
        ^^^^^^^^^^
        """),
    Refusal(
      "scalar equation, no initial value",
      Sample.burgers.with("  - u = -sin(pi*x) at t = 0\n", ""),
      gives: """
        p.yaml:5:1: 0 conditions in 't', and the equation is of order 1 in 't'; add 1
        conditions:
        ^^^^^^^^^^
        """),
    Refusal(
      "two values on a face",
      Sample.burgers.with("u_xx", "u_xxx").adding("  - u = 1 at x = 1\n"),
      gives: """
        p.yaml:9:5: u has a value at x = 1 already, from line 8; remove one of the two
          - u = 1 at x = 1
            ^^^^^^^^^^^^^^
        """),
    Refusal(
      "value and boundary",
      Sample.burgers.with("u_xx", "u_xxxx").adding("  - u = 1 at boundary\n"),
      gives: """
        p.yaml:9:5: u has a value at x = -1 already, from line 7; remove one of the two
          - u = 1 at boundary
            ^^^^^^^^^^^^^^^^^
        """),
    Refusal(
      "periodic with ends",
      Sample.burgers.with("  - u = 0 at x = -1\n", "  - periodic in x\n"),
      gives: """
        p.yaml:8:5: 'x' is periodic and has no ends; remove this condition, or 'periodic in x'
          - u = 0 at x = 1
            ^^^^^^^^^^^^^^
        """),
    Refusal(
      "periodic in time",
      Sample.burgers.adding("  - periodic in t\n"),
      gives: """
        p.yaml:9:5: 't' marches and cannot be periodic; write conditions at its start
          - periodic in t
            ^^^^^^^^^^^^^
        """),
    Refusal(
      "both ends of t",
      Sample.burgers.with("u = 0 at x = 1", "u = 0 at t = 1"),
      gives: """
        p.yaml:5:1: 1 condition in 'x', and the equation is of order 2 in 'x'; add 1, or 'periodic in x'
        conditions:
        ^^^^^^^^^^
        p.yaml:8:5: conditions stand at both ends of 't', which marches; keep them at one end, or give the variable another name than 't'
          - u = 0 at t = 1
            ^^^^^^^^^^^^^^
        """),
    Refusal(
      "place outside",
      Sample.oscillator.with("y = 0 at t = 0", "y = 0 at t = 20"),
      gives: """
        p.yaml:9:18: the place t = 20 is outside t in [0, 10]; write 0 or 10
          - y = 0 at t = 20
                         ^^
        """),
    Refusal(
      "place inside",
      Sample.oscillator.with("y = 0 at t = 0", "y = 0 at t = 5"),
      gives: """
        p.yaml:9:18: the place t = 5 is no end of t in [0, 10]; write 0 or 10
          - y = 0 at t = 5
                         ^
        """),
    Refusal(
      "no place",
      Sample.oscillator.with("y = 0 at t = 0", "y = 0"),
      gives: """
        p.yaml:9:10: the condition does not say where it holds; end it with 'at t = 0' or 'at boundary'
          - y = 0
                 ^
        """),
    Refusal(
      "condition without unknown",
      Sample.oscillator.with("y = 0 at t = 0", "1 = 1 at t = 0"),
      gives: """
        p.yaml:9:5: the condition has no unknown; write one such as x = 0 at t = 0
          - 1 = 1 at t = 0
            ^^^^^^^^^^^^^^
        """),
    Refusal(
      "edge",
      """
      variables: {x: [0, 1], y: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: [u_t = laplace(u)]
      conditions: [u = 0 at t = 0, u = 0 at boundary, 'u = 1 at x = 0, y = 0']

      """,
      gives: """
        p.yaml:4:49: the condition fixes 2 of 3 variables; fix one (a face), or all of them (a point)
        conditions: [u = 0 at t = 0, u = 0 at boundary, 'u = 1 at x = 0, y = 0']
                                                        ^^^^^^^^^^^^^^^^^^^^^^^
        """),
    Refusal(
      "data without data",
      Sample.oscillator.with("y = 0 at t = 0", "y = data at t = 0"),
      gives: """
        p.yaml:9:5: 'data' stands here, and the file names no data; add data: {file: …}
          - y = data at t = 0
            ^
        """),
    Refusal(
      "data for a derivative",
      Sample.oscillator.with("y = 0 at t = 0", "2*y = data at t = 0"),
      gives: """
        p.yaml:9:5: 'data' gives the first value of an unknown; write x = data at t = 0
          - 2*y = data at t = 0
            ^^^
        """),
    Refusal(
      "nonlinear in the derivative",
      Sample.oscillator.with("y' = -x", "y'^2 + x' = -x"),
      gives: """
        p.yaml:6:5: the term y'^2 is not linear in y'; write the equation linear in the highest derivatives, or add an unknown for them
          - y'^2 + x' = -x
            ^^^^^^^^^^^^^^
        """),
    Refusal(
      "product of derivatives",
      Sample.oscillator.with("y' = -x", "y'*x' - 3 = -x"),
      gives: """
        p.yaml:6:5: the term y'*x' is not linear in x'; write the equation linear in the highest derivatives, or add an unknown for them
          - y'*x' - 3 = -x
            ^^^^^^^^^^^^^^
        """),
    Refusal(
      "equation that YAML reads as a mapping",
      Sample.oscillator.with("x' = k*y", "x' = {a: 1}").with("y' = -x", "y: -x"),
      gives: """
        p.yaml:5:5: an equation is a text, and this is a mapping; write left = right
          - x' = {a: 1}
            ^
        p.yaml:6:5: an equation is a text, and this is a mapping; write left = right
          - y: -x
            ^
        """),
    Refusal(
      "condition that YAML reads as a mapping",
      Sample.oscillator.with("y = 0 at t = 0", "y: 0"),
      gives: """
        p.yaml:9:5: a condition is a text, and this is a mapping; write x = 0 at t = 0
          - y: 0
            ^
        """),
    Refusal(
      "first value of an unknown that is not measured",
      Sample.oscillator.with("y = 0 at", "y = data at").adding("data: {file: d.csv}\n"),
      files: ["d.csv": "t,x\n0,1\n1,2\n"],
      gives: """
        p.yaml:9:5: 'y' is not measured: the data have no such column; give its value, or add the column
          - y = data at t = 0
            ^^^^^^^^^^^^^^^^^
        """),
    Refusal(
      "faults of a variable do not spread to its output",
      Sample.oscillator.with("[0, 10]", "[0, 0]").adding(
        "output: {t: 11}\nsolve: {grid: {t: 3}}\n"),
      gives: """
        p.yaml:1:16: the interval [0, 0] of 't' is empty; write two different ends
        variables: {t: [0, 0]}
                       ^
        """),
  ]
}
