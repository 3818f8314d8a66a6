extension RefusalCatalog {
  /// Events, truth, networks, training, and overrides.
  static let sections: [Refusal] = [
    Refusal(
      "event",
      Sample.oscillator.adding(
        "events:\n  hit: {wen: x}\n  back: {when: x, direction: upp, count: 0, terminal: yes, set: {z: 1, x': 2}}\n"
      ),
      gives: """
        p.yaml:11:3: event 'hit' has no 'when'; add when: expression
          hit: {wen: x}
          ^^^
        p.yaml:11:9: unknown key 'wen' in 'hit'; did you mean 'when'?
          hit: {wen: x}
                ^^^
        p.yaml:12:30: 'direction' does not know 'upp'; did you mean 'up'?
          back: {when: x, direction: upp, count: 0, terminal: yes, set: {z: 1, x': 2}}
                                     ^^^
        p.yaml:12:42: 'count' is 0, which is too small; write at least 1
          back: {when: x, direction: upp, count: 0, terminal: yes, set: {z: 1, x': 2}}
                                                 ^
        p.yaml:12:55: 'terminal' does not know 'yes'; choose one of true, false
          back: {when: x, direction: upp, count: 0, terminal: yes, set: {z: 1, x': 2}}
                                                              ^^^
        p.yaml:12:66: 'z' is no unknown, and cannot be set; choose one of x, y
          back: {when: x, direction: upp, count: 0, terminal: yes, set: {z: 1, x': 2}}
                                                                         ^
        p.yaml:12:72: 'x'' is not part of the state, and cannot be set; set 'x' or a derivative of lower order
          back: {when: x, direction: upp, count: 0, terminal: yes, set: {z: 1, x': 2}}
                                                                               ^^
        """),
    Refusal(
      "events of an elliptic problem",
      """
      variables: {x: [0, 1], y: [0, 1]}
      unknowns: [u]
      equations: [laplace(u) = 1]
      conditions: [u = 0 at boundary]
      events: {e: {when: u}}

      """,
      gives: """
        p.yaml:5:9: events happen along a variable that marches, and none does; remove 'events'
        events: {e: {when: u}}
                ^
        """),
    Refusal(
      "units",
      Sample.oscillator.adding("units: {x: m, z: s}\n"),
      gives: """
        p.yaml:10:15: unknown key 'z' in 'units'; choose one of t, x, y, k
        units: {x: m, z: s}
                      ^
        """),
    Refusal(
      "exact of a stranger",
      Sample.oscillator.adding("exact: {x: cos(t), z: 1, y: x}\n"),
      gives: """
        p.yaml:10:20: unknown key 'z' in 'exact'; choose one of x, y
        exact: {x: cos(t), z: 1, y: x}
                           ^
        p.yaml:10:29: 'x' may not stand here; write 'exact' in variables and parameters
        exact: {x: cos(t), z: 1, y: x}
                                    ^
        """),
    Refusal(
      "observable that is a column",
      Sample.oscillator.adding("observables: {x: 1, energy: x^2 + zz}\n"),
      gives: """
        p.yaml:10:15: 'x' is an unknown, and a column of the output already; give the observable another name
        observables: {x: 1, energy: x^2 + zz}
                      ^
        p.yaml:10:35: unknown name 'zz'; declare it, or correct the name
        observables: {x: 1, energy: x^2 + zz}
                                          ^^
        """),
    Refusal(
      "train keys",
      Sample.oscillator.adding(
        "train: {residul: collocation, points: {interior: 0, samplr: a}, stop: {seconds: -1}}\n"),
      gives: """
        p.yaml:10:9: unknown key 'residul' in 'train'; did you mean 'residual'?
        train: {residul: collocation, points: {interior: 0, samplr: a}, stop: {seconds: -1}}
                ^^^^^^^
        p.yaml:10:50: 'interior' is 0, which is too small; write at least 1
        train: {residul: collocation, points: {interior: 0, samplr: a}, stop: {seconds: -1}}
                                                         ^
        p.yaml:10:53: unknown key 'samplr' in 'points'; did you mean 'sampler'?
        train: {residul: collocation, points: {interior: 0, samplr: a}, stop: {seconds: -1}}
                                                            ^^^^^^
        p.yaml:10:81: 'seconds' is -1, and must be positive; write a number above 0
        train: {residul: collocation, points: {interior: 0, samplr: a}, stop: {seconds: -1}}
                                                                                        ^^
        """),
    Refusal(
      "keys of the other kind",
      Sample.oscillator.adding("train: {unknowns: network, shooting: single}\n"),
      gives: """
        p.yaml:10:28: 'shooting' does not go with train.unknowns: network; remove it, or set train.unknowns: trajectory
        train: {unknowns: network, shooting: single}
                                   ^^^^^^^^
        """),
    Refusal(
      "network beside trajectories",
      Sample.oscillator.adding(
        "network: {hidden: [3]}\ntrain: {unknowns: trajectory, points: {interior: 5}}\n"),
      gives: """
        p.yaml:10:1: 'network' describes unknowns as networks; here they are trajectories; remove it, or set train.unknowns: network
        network: {hidden: [3]}
        ^^^^^^^
        p.yaml:11:31: 'points' does not go with train.unknowns: trajectory; remove it, or set train.unknowns: network
        train: {unknowns: trajectory, points: {interior: 5}}
                                      ^^^^^^
        """),
    Refusal(
      "network",
      Sample.oscillator.adding("networks: {f: {inputs: [x], hidden: [0], activaton: tanh}}\n"),
      gives: """
        p.yaml:10:12: network 'f' has no 'outputs'; add outputs: [x]
        networks: {f: {inputs: [x], hidden: [0], activaton: tanh}}
                   ^
        p.yaml:10:38: 'hidden' is 0, which is too small; write at least 1
        networks: {f: {inputs: [x], hidden: [0], activaton: tanh}}
                                             ^
        p.yaml:10:42: unknown key 'activaton' in 'f'; did you mean 'activation'?
        networks: {f: {inputs: [x], hidden: [0], activaton: tanh}}
                                                 ^^^^^^^^^
        """),
    Refusal(
      "estimate",
      Sample.oscillator.adding(
        "estimate: {a: {start: 9, bounds: [0, 5]}, b: {bounds: [0, 1]}, c: {start: 1, bounds: [1, 0]}}\n"
      ),
      gives: """
        p.yaml:10:23: 'start' is 9, outside the bounds [0, 5]; start inside the bounds
        estimate: {a: {start: 9, bounds: [0, 5]}, b: {bounds: [0, 1]}, c: {start: 1, bounds: [1, 0]}}
                              ^
        p.yaml:10:43: 'b' has no 'start'; add start: 1
        estimate: {a: {start: 9, bounds: [0, 5]}, b: {bounds: [0, 1]}, c: {start: 1, bounds: [1, 0]}}
                                                  ^
        p.yaml:10:86: 'bounds' must be two increasing numbers; write bounds: [0, 5]
        estimate: {a: {start: 9, bounds: [0, 5]}, b: {bounds: [0, 1]}, c: {start: 1, bounds: [1, 0]}}
                                                                                             ^
        """),
    Refusal(
      "discover",
      Sample.oscillator.adding("discover: {terms: [x, q], of: U}\n"),
      gives: """
        p.yaml:10:1: 'discover' looks into a network's output, and the file has none; declare 'networks'
        discover: {terms: [x, q], of: U}
        ^^^^^^^^
        p.yaml:10:23: unknown name 'q'; declare it, or correct the name
        discover: {terms: [x, q], of: U}
                              ^
        """),
    Refusal(
      "discover in several outputs",
      Sample.learned.adding("discover: {of: [U1, V], term: [x]}\n"),
      gives: """
        p.yaml:6:21: 'of' does not know 'V'; choose one of U1, U2
        discover: {of: [U1, V], term: [x]}
                            ^
        p.yaml:6:25: unknown key 'term' in 'discover'; did you mean 'terms'?
        discover: {of: [U1, V], term: [x]}
                                ^^^^
        """),
    Refusal(
      "discover in none",
      Sample.learned.adding("discover: {of: []}\n"),
      gives: """
        p.yaml:6:16: 'of' is an empty list; write a value, or remove 'of'
        discover: {of: []}
                       ^
        """),
    Refusal(
      "several faults in order",
      """
      variables: {t: [0, -1]}
      unknowns: [x, y]
      parameters: {k: 1/0, k: 3}
      equations:
        - x' = q*y
        - y' = sin(x
      conditions:
        - x = 1 at s = 0
      solve: {rtol: -1, methd: x}

      """,
      gives: """
        p.yaml:1:16: the interval [0, -1] of 't' is reversed; write [-1, 0]
        variables: {t: [0, -1]}
                       ^
        p.yaml:3:17: 'k' is inf, not a finite number; write a finite number
        parameters: {k: 1/0, k: 3}
                        ^^^
        p.yaml:3:22: the key 'k' is already given in line 3; keep one of the two
        parameters: {k: 1/0, k: 3}
                             ^
        p.yaml:5:10: unknown name 'q'; declare it, or correct the name
          - x' = q*y
                 ^
        p.yaml:6:13: '(' is never closed; add ')'; inside [...] or {...} quote an expression that holds a comma
          - y' = sin(x
                    ^
        p.yaml:8:14: 's' is not a variable; the variables are t
          - x = 1 at s = 0
                     ^
        p.yaml:9:15: 'rtol' is -1, and must be positive; write a number above 0
        solve: {rtol: -1, methd: x}
                      ^^
        p.yaml:9:19: unknown key 'methd' in 'solve'; did you mean 'method'?
        solve: {rtol: -1, methd: x}
                          ^^^^^
        """),
    Refusal(
      "override fault",
      Sample.oscillator,
      overrides: ["solve.rtol=-1"],
      gives: """
        --set solve.rtol=-1: 'rtol' is -1, and must be positive; write a number above 0
        solve.rtol=-1
                   ^^
        """),
    Refusal(
      "override of an unknown key",
      Sample.oscillator,
      overrides: ["solve.rtoll=1", "parameters.k=abc"],
      gives: """
        --set solve.rtoll=1: unknown key 'rtoll' in 'solve'; did you mean 'rtol'?
        solve.rtoll=1
              ^^^^^
        --set parameters.k=abc: unknown name 'abc'; declare it, or correct the name
        parameters.k=abc
                     ^^^
        """),
    Refusal(
      "override without value",
      Sample.oscillator,
      overrides: ["solve.rtol=", "rtol", "a..b=1", "title.x=1", "title={"],
      gives: """
        --set solve.rtol=: the override has no value; write one after '='
        solve.rtol=
                  ^
        --set rtol: the override has no '='; write path=value, as in solve.rtol=1e-9
        rtol
        ^^^^
        --set a..b=1: 'a..b' is no path of keys; write keys joined by dots: solve.rtol
        a..b=1
        ^^^^^^
        --set title.x=1: 'title' must be a text, and is a mapping; write a text
        title.x=1
        ^^^^^
        --set title={: a value is missing here; write one, or quote an empty text
        title={
               ^
        """),
    Refusal(
      "alias as a key",
      Sample.oscillator.adding("*a: 1\n"),
      gives: """
        p.yaml:10:1: an alias '*a:'; write the value out, or quote an expression that starts with '*'
        *a: 1
        ^^^
        """),
    Refusal(
      "a comma in an expression",
      Sample.oscillator.with("k*y", "k*y,"),
      gives: """
        p.yaml:5:13: a comma stands outside the arguments of a function; delete it
          - x' = k*y,
                    ^
        """),
    Refusal(
      "output of a word",
      Sample.oscillator.adding("output: {t: stepz}\n"),
      gives: """
        p.yaml:10:13: unknown name 'stepz'; declare it, or correct the name
        output: {t: stepz}
                    ^^^^^
        """),
    Refusal(
      "unit of nothing",
      Sample.oscillator.adding("units: [a]\n"),
      gives: """
        p.yaml:10:8: 'units' must be a mapping, and is a list; write it as key: value, or in braces
        units: [a]
               ^
        """),
  ]
}
