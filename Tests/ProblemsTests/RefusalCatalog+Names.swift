extension RefusalCatalog {
  /// Keys, names, constants and intervals.
  static let names: [Refusal] = [
    Refusal(
      "unknown key",
      Sample.oscillator.with("unknowns:", "unknwons:"),
      gives: """
        p.yaml:2:1: unknown key 'unknwons'; did you mean 'unknowns'?
        unknwons: [x, y]
        ^^^^^^^^
        """),
    Refusal(
      "unknown key without a neighbour",
      Sample.oscillator.adding("solve: {wobble: 1}\n"),
      gives: """
        p.yaml:10:9: unknown key 'wobble' in 'solve'; choose one of method, rtol, atol, step, first_step, max_step, max_steps, nonnegative, accuracy, grid, scheme, guess, continue, breakpoints, march, code, control, norm
        solve: {wobble: 1}
                ^^^^^^
        """),
    Refusal(
      "missing keys",
      "title: nothing\n",
      gives: """
        p.yaml:1:1: the key 'variables' is missing; add variables: {t: [0, 1]}
        title: nothing
        ^
        p.yaml:1:1: the key 'unknowns' is missing; add unknowns: [x]
        title: nothing
        ^
        p.yaml:1:1: the key 'equations' is missing; add a list of 'left = right'
        title: nothing
        ^
        """),
    Refusal(
      "wrong kinds",
      Sample.oscillator.adding(
        "solve: [1]\noutput: 3\nobservables: text\nunits: {x: [m]}\ntitle: {a: b}\n"),
      gives: """
        p.yaml:10:8: 'solve' must be a mapping, and is a list; write it as key: value, or in braces
        solve: [1]
               ^
        p.yaml:11:9: 'output' must be a mapping, and is a text; write it as key: value, or in braces
        output: 3
                ^
        p.yaml:12:14: 'observables' must be a mapping, and is a text; write it as key: value, or in braces
        observables: text
                     ^^^^
        p.yaml:13:12: 'x' must be a text, and is a list; write a text
        units: {x: [m]}
                   ^
        p.yaml:14:8: 'title' must be a text, and is a mapping; write a text
        title: {a: b}
               ^
        """),
    Refusal(
      "unknowns as text",
      Sample.oscillator.with("[x, y]", "x"),
      gives: """
        p.yaml:2:11: 'unknowns' must be a list, and is a text; write it in brackets: [a, b]
        unknowns: x
                  ^
        """),
    Refusal(
      "equations as mapping",
      """
      variables: {t: [0, 1]}
      unknowns: [x]
      equations: {x: 1}

      """,
      gives: """
        p.yaml:3:12: 'equations' must be a list, and is a mapping; write it in brackets: [a, b]
        equations: {x: 1}
                   ^
        """),
    Refusal(
      "refused names",
      Sample.oscillator.with("{k: 2}", "{k: 2, pi: 3, data: 1}"),
      gives: """
        p.yaml:3:20: 'pi' may not be declared: it has a meaning of its own; rename it
        parameters: {k: 2, pi: 3, data: 1}
                           ^^
        p.yaml:3:27: 'data' may not be declared: it has a meaning of its own; rename it
        parameters: {k: 2, pi: 3, data: 1}
                                  ^^^^
        """),
    Refusal(
      "not names",
      Sample.oscillator.with("{k: 2}", "{k: 2, 2a: 3, a-b: 1}"),
      gives: """
        p.yaml:3:20: '2a' is not a name; write letters, digits and '_', not starting with a digit
        parameters: {k: 2, 2a: 3, a-b: 1}
                           ^^
        p.yaml:3:27: 'a-b' is not a name; write letters, digits and '_', not starting with a digit
        parameters: {k: 2, 2a: 3, a-b: 1}
                                  ^^^
        """),
    Refusal(
      "clash",
      Sample.oscillator.with("{k: 2}", "{k: 2, x: 3}"),
      gives: """
        p.yaml:3:20: 'x' is declared already, as an unknown in line 2; give one of the two another name
        parameters: {k: 2, x: 3}
                           ^
        """),
    Refusal(
      "clash of unknowns",
      Sample.oscillator.with("[x, y]", "[x, y, x]"),
      gives: """
        p.yaml:2:18: 'x' is declared already, as an unknown in line 2; give one of the two another name
        unknowns: [x, y, x]
                         ^
        """),
    Refusal(
      "reads as a derivative",
      Sample.oscillator.with("{k: 2}", "{k: 2, x_t: 3}"),
      gives: """
        p.yaml:3:20: 'x_t' reads as a derivative of 'x'; give it a name without '_t'
        parameters: {k: 2, x_t: 3}
                           ^^^
        """),
    Refusal(
      "unknown name",
      Sample.oscillator.with("k*y", "kk*y"),
      gives: """
        p.yaml:5:10: unknown name 'kk'; did you mean 'k'?
          - x' = kk*y
                 ^^
        """),
    Refusal(
      "unknown name, near",
      Sample.oscillator.with("k*y", "omgea*y").with("{k: 2}", "{omega: 2}"),
      gives: """
        p.yaml:5:10: unknown name 'omgea'; did you mean 'omega'?
          - x' = omgea*y
                 ^^^^^
        """),
    Refusal(
      "derivative by an undeclared variable",
      Sample.oscillator.with("x' =", "x_z ="),
      gives: """
        p.yaml:5:5: 'x_z' differentiates by 'z', which is not a variable; the variables are t
          - x_z = k*y
            ^^^
        """),
    Refusal(
      "wrong argument count",
      Sample.oscillator.with("= -x", "= -atan2(x)"),
      gives: """
        p.yaml:6:11: atan2 takes 2 arguments, not 1; write atan2(a, b)
          - y' = -atan2(x)
                  ^^^^^^^^
        """),
    Refusal(
      "syntax",
      Sample.oscillator.with("k*y", "k*(y"),
      gives: """
        p.yaml:5:12: '(' is never closed; add ')'; inside [...] or {...} quote an expression that holds a comma
          - x' = k*(y
                   ^
        """),
    Refusal(
      "two faults in one expression",
      Sample.oscillator.with("k*y", "kk*y + foo(x)"),
      gives: """
        p.yaml:5:10: unknown name 'kk'; did you mean 'k'?
          - x' = kk*y + foo(x)
                 ^^
        p.yaml:5:17: unknown function 'foo'; 'cauchy methods' lists the functions
          - x' = kk*y + foo(x)
                        ^^^
        """),
    Refusal(
      "parameter depends on itself",
      Sample.oscillator.with("{k: 2}", "{k: 2*k}"),
      gives: """
        p.yaml:3:17: parameter 'k' depends on itself; give it a value that does not use it
        parameters: {k: 2*k}
                        ^^^
        """),
    Refusal(
      "parameters depend on each other",
      Sample.oscillator.with("{k: 2}", "{k: 2*a, a: k}"),
      gives: """
        p.yaml:3:17: parameter 'k' depends on itself, through 'a'; give one of them a value that does not use the other
        parameters: {k: 2*a, a: k}
                        ^^^
        p.yaml:3:25: parameter 'a' depends on itself, through 'k'; give one of them a value that does not use the other
        parameters: {k: 2*a, a: k}
                                ^
        """),
    Refusal(
      "later parameter",
      Sample.oscillator.with("{k: 2}", "{k: 2*a, a: 1}"),
      gives: """
        p.yaml:3:17: parameter 'k' uses 'a', which is declared after it; move 'a' above it
        parameters: {k: 2*a, a: 1}
                        ^^^
        """),
    Refusal(
      "parameter not finite",
      Sample.oscillator.with("{k: 2}", "{k: 1/0}"),
      gives: """
        p.yaml:3:17: 'k' is inf, not a finite number; write a finite number
        parameters: {k: 1/0}
                        ^^^
        """),
    Refusal(
      "parameter of unknown",
      Sample.oscillator.with("{k: 2}", "{k: x}"),
      gives: """
        p.yaml:3:17: 'x' is an unknown, not a constant; only numbers, pi and parameters may stand here
        parameters: {k: x}
                        ^
        """),
    Refusal(
      "later function",
      Sample.oscillator.adding("functions:\n  f: g + 1\n  g: x\n"),
      gives: """
        p.yaml:11:6: function 'f' uses 'g', which is declared after it; move 'g' above it
          f: g + 1
             ^
        """),
    Refusal(
      "function of itself",
      Sample.oscillator.adding("functions: {f: f + 1}\n"),
      gives: """
        p.yaml:10:16: function 'f' uses itself; write it without 'f'
        functions: {f: f + 1}
                       ^
        """),
    Refusal(
      "refused function is reported once",
      Sample.oscillator.with("k*y", "f*y").adding("functions: {f: zz + 1}\n"),
      gives: """
        p.yaml:10:16: unknown name 'zz'; declare it, or correct the name
        functions: {f: zz + 1}
                       ^^
        """),
    Refusal(
      "reversed interval",
      Sample.oscillator.with("[0, 10]", "[10, 0]"),
      gives: """
        p.yaml:1:16: the interval [10, 0] of 't' is reversed; write [0, 10]
        variables: {t: [10, 0]}
                       ^
        """),
    Refusal(
      "empty interval",
      Sample.oscillator.with("[0, 10]", "[1, 1]"),
      gives: """
        p.yaml:1:16: the interval [1, 1] of 't' is empty; write two different ends
        variables: {t: [1, 1]}
                       ^
        """),
    Refusal(
      "endless interval",
      Sample.oscillator.with("[0, 10]", "[0, 1e400]"),
      gives: """
        p.yaml:1:20: the number is too large for a double; stay below 1.8e308
        variables: {t: [0, 1e400]}
                           ^^^^^
        """),
    Refusal(
      "half an interval",
      Sample.oscillator.with("[0, 10]", "[0]"),
      gives: """
        p.yaml:1:16: 't' has no interval; write its two ends in brackets: [0, 1]
        variables: {t: [0]}
                       ^
        """),
    Refusal(
      "interval of a variable",
      Sample.oscillator.with("[0, 10]", "[0, 10*x]"),
      gives: """
        p.yaml:1:23: 'x' is an unknown, not a constant; only numbers, pi and parameters may stand here
        variables: {t: [0, 10*x]}
                              ^
        """),
    Refusal(
      "no variables",
      Sample.oscillator.with("{t: [0, 10]}", "{}"),
      gives: """
        p.yaml:1:12: 'variables' names none; write at least one: {t: [0, 1]}
        variables: {}
                   ^
        """),
  ]
}
