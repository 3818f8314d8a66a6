extension RefusalCatalog {
  /// The sections `solve` and `output`.
  static let settings: [Refusal] = [
    Refusal(
      "tolerances",
      Sample.oscillator.adding("solve: {rtol: 0, atol: -1, accuracy: 0}\n"),
      gives: """
        p.yaml:10:15: 'rtol' is 0, and must be positive; write a number above 0
        solve: {rtol: 0, atol: -1, accuracy: 0}
                      ^
        p.yaml:10:24: 'atol' is -1, and must be positive; write a number above 0
        solve: {rtol: 0, atol: -1, accuracy: 0}
                               ^^
        p.yaml:10:38: 'accuracy' is 0, and must be positive; write a number above 0
        solve: {rtol: 0, atol: -1, accuracy: 0}
                                             ^
        """),
    Refusal(
      "atol per unknown",
      Sample.oscillator.adding("solve: {atol: {x: 1, z: 1, y: -1}}\n"),
      gives: """
        p.yaml:10:22: unknown key 'z' in 'atol'; choose one of x, y
        solve: {atol: {x: 1, z: 1, y: -1}}
                             ^
        p.yaml:10:31: 'atol' is -1, and must be positive; write a number above 0
        solve: {atol: {x: 1, z: 1, y: -1}}
                                      ^^
        """),
    Refusal(
      "method",
      Sample.oscillator.adding("solve: {method: tsit55}\n"),
      gives: """
        p.yaml:10:17: 'method' does not know 'tsit55'; did you mean 'tsit5'?
        solve: {method: tsit55}
                        ^^^^^^
        """),
    Refusal(
      "control, code, norm",
      Sample.oscillator.adding("solve: {control: PIDD, code: natve, norm: rsm}\n"),
      gives: """
        p.yaml:10:18: 'control' does not know 'PIDD'; did you mean 'PID'?
        solve: {control: PIDD, code: natve, norm: rsm}
                         ^^^^
        p.yaml:10:30: 'code' does not know 'natve'; did you mean 'native'?
        solve: {control: PIDD, code: natve, norm: rsm}
                                     ^^^^^
        p.yaml:10:43: 'norm' does not know 'rsm'; did you mean 'rms'?
        solve: {control: PIDD, code: natve, norm: rsm}
                                                  ^^^
        """),
    Refusal(
      "numbers",
      Sample.oscillator.adding("solve: {step: 0, first_step: -1, max_step: x, max_steps: 1.5}\n"),
      gives: """
        p.yaml:10:15: 'step' is 0, and must be positive; write a number above 0
        solve: {step: 0, first_step: -1, max_step: x, max_steps: 1.5}
                      ^
        p.yaml:10:30: 'first_step' is -1, and must be positive; write a number above 0
        solve: {step: 0, first_step: -1, max_step: x, max_steps: 1.5}
                                     ^^
        p.yaml:10:44: 'x' is an unknown, not a constant; only numbers, pi and parameters may stand here
        solve: {step: 0, first_step: -1, max_step: x, max_steps: 1.5}
                                                   ^
        p.yaml:10:58: 'max_steps' is 1.5, and must be a whole number; write a whole number
        solve: {step: 0, first_step: -1, max_step: x, max_steps: 1.5}
                                                                 ^^^
        """),
    Refusal(
      "nonnegative",
      Sample.oscillator.adding("solve: {nonnegative: [x, z]}\n"),
      gives: """
        p.yaml:10:26: 'nonnegative' does not know 'z'; choose one of x, y
        solve: {nonnegative: [x, z]}
                                 ^
        """),
    Refusal(
      "breakpoints",
      Sample.oscillator.adding("solve: {breakpoints: [1, 11]}\n"),
      gives: """
        p.yaml:10:26: the breakpoint 11 is outside t in [0, 10]; write places inside the interval
        solve: {breakpoints: [1, 11]}
                                 ^^
        """),
    Refusal(
      "grid and scheme",
      Sample.burgers.adding("solve: {grid: {x: 1, z: 3}, scheme: differnce2}\n"),
      gives: """
        p.yaml:9:19: 'grid' is 1, which is too small; write at least 2
        solve: {grid: {x: 1, z: 3}, scheme: differnce2}
                          ^
        p.yaml:9:22: unknown key 'z' in 'grid'; choose one of x, t
        solve: {grid: {x: 1, z: 3}, scheme: differnce2}
                             ^
        p.yaml:9:37: 'scheme' does not know 'differnce2'; did you mean 'difference2'?
        solve: {grid: {x: 1, z: 3}, scheme: differnce2}
                                            ^^^^^^^^^^
        """),
    Refusal(
      "graded grid",
      Sample.burgers.adding("solve: {grid: {x: {pints: 9, near: [0, 2], ratio: 0.5}}}\n"),
      gives: """
        p.yaml:9:20: unknown key 'pints' in 'grid'; did you mean 'points'?
        solve: {grid: {x: {pints: 9, near: [0, 2], ratio: 0.5}}}
                           ^^^^^
        p.yaml:9:40: nodes near 2, which is outside x in [-1, 1]; write places inside the interval
        solve: {grid: {x: {pints: 9, near: [0, 2], ratio: 0.5}}}
                                               ^
        p.yaml:9:51: 'ratio' is 0.5, the coarsest spacing over the finest; write a number from 1 to 1e6
        solve: {grid: {x: {pints: 9, near: [0, 2], ratio: 0.5}}}
                                                          ^^^
        """),
    Refusal(
      "grading without a place, and of a spectral scheme",
      Sample.burgers.adding("solve: {grid: {x: {ratio: 5}, t: {near: 0}}, scheme: chebyshev}\n"),
      gives: """
        p.yaml:9:20: 'ratio' says how much nodes cluster, but not where; add near: [place]
        solve: {grid: {x: {ratio: 5}, t: {near: 0}}, scheme: chebyshev}
                           ^^^^^
        p.yaml:9:41: the scheme 'chebyshev' of 't' has nodes of its own; remove 'near' and 'ratio', or choose difference2, difference4, difference6 or limited
        solve: {grid: {x: {ratio: 5}, t: {near: 0}}, scheme: chebyshev}
                                                ^
        """),
    Refusal(
      "grading near nothing",
      Sample.burgers.adding("solve: {grid: {x: {near: []}}}\n"),
      gives: """
        p.yaml:9:26: 'near' names no place; write places in brackets, or remove it
        solve: {grid: {x: {near: []}}}
                                 ^
        """),
    Refusal(
      "guess and continue",
      Sample.burgers.adding("solve: {guess: {u: u + 1}, continue: {parameter: nu}}\n"),
      gives: """
        p.yaml:9:20: 'u' may not stand here; a guess is made of variables and parameters
        solve: {guess: {u: u + 1}, continue: {parameter: nu}}
                           ^^^^^
        p.yaml:9:38: 'continue' needs 'parameter' and 'from'; write {parameter: name, from: number}
        solve: {guess: {u: u + 1}, continue: {parameter: nu}}
                                             ^
        """),
    Refusal(
      "march",
      Sample.burgers.adding("solve: {march: y}\n"),
      gives: """
        p.yaml:9:16: 'march' does not know 'y'; choose one of x, t
        solve: {march: y}
                       ^
        """),
    Refusal(
      "output points",
      Sample.oscillator.adding("output: {t: 1}\n"),
      gives: """
        p.yaml:10:13: 't' is 1, which is too small; write at least 2
        output: {t: 1}
                    ^
        """),
    Refusal(
      "output of a stranger",
      Sample.oscillator.adding("output: {s: 10}\n"),
      gives: """
        p.yaml:10:10: unknown key 's' in 'output'; write t
        output: {s: 10}
                 ^
        """),
    Refusal(
      "output list outside",
      Sample.oscillator.adding("output: {t: [0, 5, 12]}\n"),
      gives: """
        p.yaml:10:20: the output point 12 is outside t in [0, 10]; write points inside the interval
        output: {t: [0, 5, 12]}
                           ^^
        """),
    Refusal(
      "output list unsorted",
      Sample.oscillator.adding("output: {t: [0, 5, 5]}\n"),
      gives: """
        p.yaml:10:20: the output point 5 does not follow 5; write the points in increasing order
        output: {t: [0, 5, 5]}
                           ^
        """),
    Refusal(
      "output log",
      Sample.oscillator.adding("output: {t: {log: 10}}\n"),
      gives: """
        p.yaml:10:13: a logarithmic output needs 'log' and 'from'; write {log: 100, from: 1e-6}
        output: {t: {log: 10}}
                    ^
        """),
    Refusal(
      "output log from 0",
      Sample.oscillator.adding("output: {t: {log: 10, from: 0}}\n"),
      gives: """
        p.yaml:10:29: 'from' is 0, and must be positive; write a number above 0
        output: {t: {log: 10, from: 0}}
                                    ^
        """),
    Refusal(
      "output steps of space",
      Sample.burgers.adding("output: {x: steps}\n"),
      gives: """
        p.yaml:9:13: 'steps' is for the variable that marches, not 'x'; write a number of points
        output: {x: steps}
                    ^^^^^
        """),
    Refusal(
      "output too large",
      Sample.oscillator.adding("output: {t: 1e8}\n"),
      gives: """
        p.yaml:10:1: the output has 300000000 values (100000000 rows of 3), more than 1e8; ask for fewer points
        output: {t: 1e8}
        ^^^^^^
        """),
  ]
}
