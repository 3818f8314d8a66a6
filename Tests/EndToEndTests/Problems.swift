import Glibc

/// Problems that several tests solve.
enum Problems {
  static let oscillator = """
    title: Harmonic oscillator
    variables: {t: [0, 10]}
    unknowns: [x, v]
    parameters: {k: 1}
    equations: ["x' = v", "v' = -k*x"]
    conditions: [x = 1 at t = 0, v = 0 at t = 0]
    output: {t: 11}
    """

  /// Takes minutes: 10⁷ is 1.6·10⁶ periods.
  static let endless = """
    variables: {t: [0, 1e7]}
    unknowns: [x, v]
    parameters: {k: 1}
    equations: ["x' = v", "v' = -k*x"]
    conditions: [x = 1 at t = 0, v = 0 at t = 0]
    solve: {max_steps: 1e12}
    output: {t: 1000001}
    """

  /// y = y₀/(1 − a·y₀·t): infinite at t = 1/(a·y₀).
  static let blowUp = """
    variables: {t: [0, 1.5]}
    unknowns: [y]
    parameters: {a: 1}
    equations: ["y' = a*y^2"]
    conditions: [y = 1 at t = 0]
    output: {t: 4}
    """

  static func sine(_ x: Double) -> Double { sin(x) }
  static func cosine(_ x: Double) -> Double { cos(x) }
}

func exponential(_ x: Double) -> Double { exp(x) }
