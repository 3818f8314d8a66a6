import Glibc

/// Problems that are learned in a second.
extension Problems {
  /// -u″ = π²·sin(πx): one variable, conditions at both ends.
  static let bump = """
    title: A bump
    variables: {x: [0, 1]}
    unknowns: [u]
    parameters: {k: 1}
    equations: ["-u'' = k*pi^2*sin(pi*x)"]
    conditions: [u = 0 at x = 0, u = 0 at x = 1]
    exact: {u: k*sin(pi*x)}
    observables: {twice: 2*u}
    network: {hidden: [8]}
    train: {points: {interior: 40, refresh: 4}, stop: {steps: 12}, seed: 3}
    output: {x: 11}
    """

  /// A rod that cools: two variables, no truth.
  static let rod = """
    variables: {x: [0, 1], t: [0, 0.5]}
    unknowns: [u]
    equations: ["u_t = u_xx/4"]
    conditions: ["u = sin(pi*x) at t = 0", u = 0 at x = 0, u = 0 at x = 1]
    network: {hidden: [10]}
    train: {points: {interior: 150, boundary: 20}, stop: {steps: 15}}
    output: {x: 6, t: 3}
    """

  /// An initial-value problem; conditions at the upper end lead backwards.
  static let decay = """
    variables: {t: [0, 1]}
    unknowns: [y, z]
    equations: ["y' = -y", "z' = y"]
    conditions: [y = 1 at t = 0, z = 0 at t = 0]
    exact: {y: exp(-t), z: 1 - exp(-t)}
    network: {hidden: [8]}
    train: {points: {interior: 30}, stop: {steps: 15}}
    output: {t: 5}
    """

  /// A cup that cools in a room whose temperature, a function of time, is a network.
  static let cooling = """
    variables: {t: [0, 4]}
    unknowns: [T]
    estimate: {k: {start: 0.2, bounds: [0.01, 5]}}
    networks: {room: {inputs: [t], outputs: [A], hidden: [4]}}
    equations: ["T' = -k*(T - 20 - A)"]
    conditions: [T = 90 at t = 0]
    data: {file: cooling.csv}
    network: {hidden: [8]}
    train: {unknowns: network, points: {interior: 40, refresh: 10}}
    output: {t: 5}
    """

  /// T at some times, by 20 + 70·exp(−0.8t) and changes in the third digit.
  static let coolingRows = (1...16).map { row in
    let t = Double(row) / 4
    return "\(t),\(20 + 70 * exp(-0.8 * t) + 0.3 * sin(7 * t))\n"
  }.joined()

  /// A beam whose initial velocity is built in.
  static let beam = """
    variables: {x: [0, 1], t: [0, 1]}
    unknowns: [u]
    equations: [u_tt + u_xxxx = 0]
    conditions: ["u = sin(pi*x) at t = 0", u_t = 0 at t = 0, u = 0 at boundary, u_xx = 0 at boundary]
    train: {conditions: [exact, exact, exact, penalty]}
    """
}
