import Foundation
import Problems

/// Sound problem files: to be read, and to be broken.
enum Sample {
  static let oscillator = """
    variables: {t: [0, 10]}
    unknowns: [x, y]
    parameters: {k: 2}
    equations:
      - x' = k*y
      - y' = -x
    conditions:
      - x = 1 at t = 0
      - y = 0 at t = 0

    """
  static let burgers = """
    variables: {x: [-1, 1], t: [0, 1]}
    unknowns: [u]
    equations:
      - u_t + u*u_x = 0.01*u_xx
    conditions:
      - u = -sin(pi*x) at t = 0
      - u = 0 at x = -1
      - u = 0 at x = 1

    """
  static let learned = """
    variables: {t: [0, 10]}
    unknowns: [x, y]
    networks: {f: {inputs: [x, y], outputs: [U1, U2]}}
    equations: [x' = U1, y' = U2]
    conditions: [x = 1 at t = 0, y = 0 at t = 0]

    """

  /// The four examples of the format's page, letter by letter.
  static let lorenz = """
    title: Lorenz system                     # ODE
    variables: {t: [0, 20]}
    unknowns: [x, y, z]
    parameters: {sigma: 10, rho: 28, beta: 8/3}
    equations:
      - x' = sigma*(y - x)
      - y' = x*(rho - z) - y
      - z' = x*y - beta*z
    conditions:
      - x = 1 at t = 0
      - y = 1 at t = 0
      - z = 1 at t = 0
    solve: {method: rk8pd, rtol: 1e-10, atol: 1e-12}
    output: {t: 2001}

    """
  static let viscousBurgers = """
    title: Viscous Burgers equation          # PDE
    about: Cole-Hopf solvable; steep front at x = 0
    variables: {x: [-1, 1], t: [0, 1]}
    unknowns: [u]
    parameters: {nu: 0.01/pi}
    equations:
      - u_t + u*u_x = nu*u_xx
    conditions:
      - u = -sin(pi*x) at t = 0
      - u = 0 at x = -1
      - u = 0 at x = 1
    reference: {file: burgers-reference.csv, accuracy: 1e-12}
    network: {hidden: [24, 24, 24], activation: tanh}
    train: {points: {interior: 6000}, stop: {seconds: 60}}
    output: {x: 201, t: 101}

    """
  static let spiral = """
    title: Neural ODE of the cubic spiral    # a network stands for the whole right-hand side
    variables: {t: [0, 25]}
    unknowns: [x, y]
    networks:
      f: {inputs: [x^3, y^3], outputs: [fx, fy], hidden: [50], activation: tanh}
    equations:
      - x' = fx
      - y' = fy
    conditions:
      - x = 2 at t = 0
      - y = 0 at t = 0
    data: {file: spiral.csv}                 # columns t, x, y

    """
  static let lotkaVolterra = """
    title: Lotka-Volterra with an unknown interaction    # universal differential equation
    variables: {t: [0, 3]}
    unknowns: [x, y]
    parameters: {alpha: 1.3}
    estimate: {delta: {start: 1, bounds: [0, 5]}}        # a parameter to be found
    networks:
      interaction: {inputs: [x, y], outputs: [U1, U2], hidden: [5, 5, 5], activation: rbf}
    equations:
      - x' = alpha*x + U1
      - y' = U2 - delta*y
    conditions: ["x = 0.44249296 at t = 0", "y = 4.6280594 at t = 0"]
    data: {file: lotka-volterra.csv, noise: 0.05}

    """

  /// As much of the format as fits in one file that marches.
  static let everything = """
    title: "Everything: at once"
    about: |
      two lines
      of text
    variables: {t: [0, 2*pi]}
    unknowns: [x, z, w]
    parameters: {k: 4, "μ": sqrt(k)/2, big: 1e3}
    functions: {energy: "x'^2/2 + k*x^2/2", twice: 2*energy}
    forcing:
      gust: {file: gust.csv, column: speed, interpolate: cubic}
      calm: {file: gust.csv}
    estimate: {c: {start: 0.1}, d: {start: 2, bounds: [1, big]}}
    equations:
      - x'' = -k*x - c*x' + if(t < 1, gust, calm)*d
      - z' = μ*x + integral(sin(s), s, 0, t)
      - w = x + twice
    conditions:
      - x = 1 at t = 0
      - x' = c at t = 0
      - z = data at t = 0
    data: {file: points.csv, noise: {x: 0.1}, split: {validation: 0.2, test: {time: 6}}}
    observables: {total: energy, "lag": "max(x, z)"}
    events:
      low: {when: x, direction: down, count: 3, set: {x: -x, "x'": -0.9*x'}}
      stop: {when: "w - min(9, big)", terminal: true}
    units: {t: s, x: "m (metre, SI)", c: 1/s}
    solve:
      method: bdf
      rtol: 1e-8
      atol: {x: 1e-10, z: 1e-3*k}
      first_step: 1e-4
      max_step: 1/k
      nonnegative: [w]
      breakpoints: [1, pi]
      code: tape
      control: PI
      norm: max
    output: {t: {log: 50, from: 1e-3}}
    train: {shooting: multiple, segments: 4, stop: {seconds: 60}, regularize: {ridge: 1}}

    """

  /// Tables that the samples name.
  static let tables = [
    "burgers-reference.csv": "x,t,u\n-1,0,0\n0.5,0.5,-0.25\n1,1,0\n",
    "spiral.csv": "t,x,y\n0,2,0\n1,,0.5\n25,0.1,\n",
    "lotka-volterra.csv": "trajectory,t,x,y\na,0,0.44,4.63\na,1,1,2\nb,0,0.5,4.5\nb,1,,2\n",
    "gust.csv": "t,speed,calm\n0,1,0\n3,2,0\n7,0,0\n",
    "points.csv":
      "\u{FEFF}t,x,z,note\r\n0,1,0.5,\"start, here\"\r\n2,0.5,,\r\n4,,0.4,\r\n6,,0.25,\"\"\r\n",
  ]

  static let all = [
    oscillator, burgers, lorenz, viscousBurgers, spiral, lotkaVolterra, everything,
  ]
}

extension String {
  /// The text with every occurrence of one part replaced by another.
  func with(_ part: String, _ other: String) -> String {
    precondition(contains(part), "the sample has no '\(part)'")
    return replacingOccurrences(of: part, with: other)
  }

  /// The text and more at its end.
  func adding(_ more: String) -> String { self + more }

  /// The text before the first occurrence of a part.
  func cut(at part: String) -> String {
    range(of: part).map { String(self[..<$0.lowerBound]) } ?? self
  }
}

/// A folder of its own for one test, removed with it.
final class Folder {
  let path: String

  init(_ files: [String: String] = [:]) throws {
    path = NSTemporaryDirectory() + "problems-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (name, text) in files {
      try text.write(toFile: path + "/" + name, atomically: true, encoding: .utf8)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func read(_ text: String, overrides: [String] = []) throws(ProblemFaults) -> Problem {
    try read(Array(text.utf8), overrides: overrides)
  }

  func read(_ bytes: [UInt8], overrides: [String] = []) throws(ProblemFaults) -> Problem {
    try ProblemReader.read(
      bytes: bytes, file: "p.yaml", folder: path, overrides: overrides,
      catalogs: Catalogs(methods: ["tsit5", "bdf", "rk8pd"]))
  }
}
