import Glibc
import Numerics
import Problems
import Residuals
import Testing

/// A problem file with its measurements, in a test.
struct TrajectorySample: Sendable, CustomTestStringConvertible {
  let name: String
  let text: String
  /// Contents of `data.csv` and `drive.csv`.
  let data: String
  var drive: String?

  init(_ name: String, _ text: String, data: String, drive: String? = nil) {
    self.name = name
    self.text = text
    self.data = data
    self.drive = drive
  }

  var testDescription: String { name }

  func problem(_ overrides: [String] = []) throws -> Problem {
    let folder = "/tmp/cauchy-trajectories-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    mkdir(folder, 0o700)
    let files = [("data.csv", data)] + (drive.map { [("drive.csv", $0)] } ?? [])
    defer {
      for (file, _) in files { unlink(folder + "/" + file) }
      rmdir(folder)
    }
    for (file, content) in files {
      guard let handle = fopen(folder + "/" + file, "w") else { continue }
      fputs(content, handle)
      fclose(handle)
    }
    return try ProblemReader.read(
      bytes: Array(text.utf8), file: "test.yaml", folder: folder, overrides: overrides)
  }

  /// - Parameter memory: numbers that an adjoint keeps.
  func residuals(
    _ overrides: [String] = [], pieces: Int = 1, threads: Int = 1, memory: Int? = nil
  ) throws -> TrajectoryResiduals {
    let problem = try problem(overrides)
    var plan = try TrajectoryPlan(problem)
    if let memory { plan.adjointMemory = memory }
    return try TrajectoryFit(problem, plan, threads: threads).residuals(pieces: pieces)
  }
}

extension TrajectoryResiduals {
  /// Parameters off the start, the same for the same layout.
  func someParameters() -> [Double] {
    var numbers = Numbers(7)
    return initialParameters(seed: 3).map { $0 + 0.05 * numbers.next() }
  }

  func values(_ parameters: [Double]) -> [Double] {
    borrowed(parameters) { theta in filled(residualCount) { residual(theta, into: $0) } }
  }

  func pulled(_ parameters: [Double], _ weights: [Double]) -> [Double] {
    borrowed(parameters) { theta in
      borrowed(weights) { w in
        filled(parameterCount) { transposedProduct(theta, w, into: $0) }
      }
    }
  }

  func pushed(_ parameters: [Double], _ direction: [Double]) -> [Double] {
    borrowed(parameters) { theta in
      borrowed(direction) { v in filled(residualCount) { product(theta, v, into: $0) } }
    }
  }
}

/// The largest difference in units of the largest number.
func distance(_ a: [Double], _ b: [Double]) -> Double {
  let size = a.reduce(0) { max($0, $1.magnitude) }
  return zip(a, b).reduce(0) { max($0, ($1.0 - $1.1).magnitude) } / size
}

let trajectoryCatalog: [TrajectorySample] = [
  TrajectorySample(
    "a network as the right-hand side",
    """
    variables: {t: [0, 1.5]}
    unknowns: [x, y]
    networks:
      f: {inputs: [x^3, y^3], outputs: [fx, fy], hidden: [6], activation: tanh}
    equations: [x' = fx, y' = fy]
    conditions: [x = 2 at t = 0, y = 0 at t = 0]
    data: {file: data.csv, noise: 0.1}
    """,
    data: "t,x,y\n0,2,0\n0.21,1.7,0.9\n0.22,1.6,1\n0.6,1,\n1.1,,1.2\n1.5,0.2,1.1\n"),
  TrajectorySample(
    "experiments with sought states, constants in rates, features and initial values",
    """
    variables: {t: [0, 2]}
    unknowns: [x, y]
    parameters: {alpha: 1.3}
    estimate:
      delta: {start: 1, bounds: [0, 5]}
      begin: {start: 0.5}
      gain: {start: 1.5}
    networks:
      u: {inputs: [gain*x, y], outputs: [U], hidden: [5, 4], activation: tanh}
    equations: [x' = alpha*x - x*y + U, y' = U^2 - delta*y*cos(t)]
    conditions: [x = begin + begin^2 at t = 0]
    data: {file: data.csv, noise: 0.1}
    """,
    data: """
      trajectory,t,x,y
      a,0,0.7,1.5
      a,0.4,0.8,1.1
      a,0.9,,0.8
      a,1.3,1.4,
      a,2,2,1
      b,0,0.8,2
      b,0.5,0.5,1.6
      b,1.7,0.6,0.7

      """),
  TrajectorySample(
    "a Hamiltonian network twice differentiated",
    """
    variables: {t: [0, 2]}
    unknowns: [q, p]
    networks:
      h: {inputs: [q, p], outputs: [H], hidden: [7], activation: tanh}
    equations: ["q' = d(H, p)", "p' = -d(H, q)"]
    conditions: [q = 1 at t = 0, p = 0.2 at t = 0]
    data: {file: data.csv, noise: 0.05}
    """,
    data: "t,q,p\n0,1,0.2\n0.5,0.9,\n1,0.5,-0.6\n1.5,0.1,-0.9\n2,,-0.8\n"),
  TrajectorySample(
    "a drive with kinks",
    """
    variables: {t: [0, 2]}
    unknowns: [x]
    forcing: {drive: {file: drive.csv, column: drive, interpolate: previous}}
    estimate: {k: {start: 2, bounds: [0, 9]}}
    networks:
      u: {inputs: [x, drive], outputs: [U], hidden: [5], activation: tanh}
    equations: [x' = drive - k*x + U]
    conditions: [x = 0 at t = 0]
    data: {file: data.csv, noise: 0.05}
    """,
    data: "t,x\n0,0\n0.3,0.3\n0.7,0.4\n1.1,-0.1\n1.6,0.2\n2,0.4\n",
    drive: "t,drive\n0,1\n0.7,-0.5\n1.2,1.5\n2,1\n"),
  TrajectorySample(
    "from the end backwards",
    """
    variables: {t: [0, 1.5]}
    unknowns: [x, y]
    estimate: {k: {start: 0.5}, last: {start: 0.4}}
    networks:
      u: {inputs: [x, y, t], outputs: [U], hidden: [5], activation: tanh}
    equations: [x' = y, y' = U - k*y]
    conditions: [x = last at t = 1.5, y = 0.3*last at t = 1.5]
    data: {file: data.csv, noise: 0.1}
    """,
    data: "t,x,y\n0,0.1,0.2\n0.4,0.2,\n0.9,,0.1\n1.3,0.3,0.1\n"),
]
