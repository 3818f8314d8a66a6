import Discretizations
import Glibc
import Integrators
import Numerics
import Problems
import Testing

/// The gallery's initial-value problems without networks, found from this file's place in the package.
let gallery: [String] = {
  let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
  let folder = "/" + root + "/problems"
  guard let stream = opendir(folder) else { return [] }
  defer { closedir(stream) }
  var names: [String] = []
  while let entry = readdir(stream) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name.hasSuffix(".yaml") { names.append("\(folder)/\(name)") }
  }
  return names.sorted().filter { name in
    // A file that cannot be read stays, and fails the tests.
    guard let problem = try? ProblemReader.read(path: name) else { return true }
    let isLearned = problem.hasNetworks || problem.conditions.contains(where: \.isData)
    return problem.kind == .initialValue && !isLearned && !BoundaryValueProblem.suits(problem)
  }
}()

func read(_ text: String) throws -> InitialValueProblem {
  try InitialValueProblem(ProblemReader.read(bytes: Array(text.utf8), file: "test.yaml"))
}

/// A field at a point near its start, off the initial values so that no derivative is zero by luck.
struct Probe {
  let problem: InitialValueProblem
  let field: ExpressionField
  let t: Double
  let y: Storage

  init(_ problem: InitialValueProblem, code: NativeCode.Choice = .tape) throws {
    self.problem = problem
    let parameters = try problem.parameters()
    field = problem.makeField(parameters, problem.makeCode(code))
    t = problem.start + 0.01 * (problem.end - problem.start) * 1e-3
    let start = try problem.initialState(field, parameters).y
    y = Storage(start.enumerated().map { $1 * 1.001 + 1e-3 * Double($0 + 1) })
  }

  func rate(_ t: Double, _ y: [Double]) -> [Double] {
    let (point, result) = (Storage(y), Storage(y.count))
    defer { point.keep(result) }
    field(t, point.vector, into: result.vector)
    return result.vector.array
  }
}

/// Central differences of order 6: error about h⁶ beside rounding ε/h, 1e-12 at h = 1e-2 relative.
func slope(_ h: Double, _ f: (Double) -> [Double]) -> [Double] {
  let points = [f(h), f(-h), f(2 * h), f(-2 * h), f(3 * h), f(-3 * h)]
  return points[0].indices.map { i in
    (45 * (points[0][i] - points[1][i]) - 9 * (points[2][i] - points[3][i])
      + (points[4][i] - points[5][i])) / (60 * h)
  }
}

@Suite("Fields from problem files") struct FieldTests {
  @Test("Jacobian and ∂f/∂t agree with differences", arguments: gallery)
  func derivatives(_ file: String) throws {
    let probe = try Probe(InitialValueProblem(ProblemReader.read(path: file)))
    let field = probe.field
    let n = field.dimension
    let entries = Storage(field.pattern.count)
    let time = Storage(n)
    defer { entries.keep(time, probe.y) }
    field.jacobian(probe.t, probe.y.vector, into: entries.vector)
    field.timeDerivative(probe.t, probe.y.vector, into: time.vector)
    var exact = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    for k in 0..<field.pattern.count {
      exact[field.pattern.rows[k]][field.pattern.columns[k]] = entries.vector[k]
    }
    let y = probe.y.vector.array
    let size = probe.rate(probe.t, y).reduce(1) { max($0, $1.magnitude) }
    for column in 0..<n {
      let h = 1e-4 * max(y[column].magnitude, 1e-3)
      let differences = slope(h) { shift in
        var moved = y
        moved[column] += shift
        return probe.rate(probe.t, moved)
      }
      for row in 0..<n {
        // Rounding of f, divided by h, beside the sixth-order error.
        let allowed = 1e-6 * exact[row][column].magnitude + 1e-13 * size / h
        #expect((differences[row] - exact[row][column]).magnitude <= allowed, "(\(row), \(column))")
      }
    }
    let h =
      1e-4 * max(probe.t.magnitude, 1e-6 * (probe.problem.end - probe.problem.start).magnitude)
    let differences = slope(h) { probe.rate(probe.t + $0, y) }
    for row in 0..<n {
      let allowed = 1e-6 * time.vector[row].magnitude + 1e-13 * size / h
      #expect((differences[row] - time.vector[row]).magnitude <= allowed, "∂/∂t \(row)")
    }
  }

  @Test("native code has the bits of the tape", arguments: gallery)
  func native(_ file: String) throws {
    let problem = try InitialValueProblem(ProblemReader.read(path: file))
    let tape = try Probe(problem)
    let native = try Probe(problem, code: .native)
    let y = tape.y.vector.array
    #expect(tape.rate(tape.t, y) == native.rate(tape.t, y))
  }

  /// Highest derivatives of four equations hang together, with factors of the solution and of t.
  @Test("an LU-solved block satisfies its equations and has exact derivatives") func coupled()
    throws
  {
    let problem = try read(
      """
      variables: {t: [0, 1]}
      unknowns: [a, b, c, d]
      equations:
        - (3 + a^2)*a' + b' = -a
        - a' + (4 + sin(t))*b' + c' = -b
        - b' + 4*c' + d' = -c*d
        - c' + (2 + a*b)*d' = -d + t
      conditions: [a = 1 at t = 0, b = 2 at t = 0, c = -1 at t = 0, d = 0.5 at t = 0]
      """)
    let probe = try Probe(problem)
    let y = probe.y.vector.array
    let v = probe.rate(0.3, y)
    let residuals = [
      (3 + y[0] * y[0]) * v[0] + v[1] + y[0],
      v[0] + (4 + sin(0.3)) * v[1] + v[2] + y[1],
      v[1] + 4 * v[2] + v[3] + y[2] * y[3],
      v[2] + (2 + y[0] * y[1]) * v[3] + y[3] - 0.3,
    ]
    #expect(residuals.allSatisfy { $0.magnitude < 1e-14 }, "\(residuals)")
    let entries = Storage(probe.field.pattern.count)
    let time = Storage(4)
    defer { entries.keep(time) }
    probe.field.jacobian(0.3, probe.y.vector, into: entries.vector)
    probe.field.timeDerivative(0.3, probe.y.vector, into: time.vector)
    for column in 0..<4 {
      let differences = slope(1e-2) { shift in
        var moved = y
        moved[column] += shift
        return probe.rate(0.3, moved)
      }
      for row in 0..<4 {
        #expect((differences[row] - entries.vector[row * 4 + column]).magnitude < 1e-10)
      }
    }
    let slopes = slope(1e-2) { probe.rate(0.3 + $0, y) }
    for row in 0..<4 { #expect((slopes[row] - time.vector[row]).magnitude < 1e-10) }
  }

  @Test("an index above 1 is said at the start") func index() throws {
    let problem = try read(
      """
      about: the pendulum in Cartesian coordinates, index 3
      variables: {t: [0, 1]}
      unknowns: [x, y, lambda]
      equations: ["x'' = -lambda*x", "y'' = -lambda*y - 9.81", x^2 + y^2 = 1]
      conditions: [x = 1 at t = 0, y = 0 at t = 0, "x' = 0 at t = 0", "y' = 0 at t = 0"]
      """)
    let parameters = try problem.parameters()
    let field = problem.makeField(parameters, problem.makeCode(.tape))
    #expect(throws: InitialStateError.higherIndex(t: 0)) {
      try problem.initialState(field, parameters)
    }
  }

  /// z is declared wrongly on purpose; x is differential and stays.
  @Test("inconsistent algebraic values are moved, differential ones kept") func consistency() throws
  {
    let problem = try read(
      """
      variables: {t: [0, 1]}
      unknowns: [x, z]
      equations: ["x' = -z", z^3 + z = x]
      conditions: [x = 10 at t = 0, z = 1 at t = 0]
      """)
    let parameters = try problem.parameters()
    let field = problem.makeField(parameters, problem.makeCode(.tape))
    let (y, moved) = try problem.initialState(field, parameters)
    // 2³ + 2 = 10.
    #expect(y[0] == 10 && (y[1] - 2).magnitude < 1e-14)
    #expect(moved == ["z"])
  }

  @Test("initial values may be the solution of equations") func implicitConditions() throws {
    let problem = try read(
      """
      variables: {t: [0, 1]}
      unknowns: [x]
      equations: ["x'' = -x"]
      conditions: [x + 2*x' = 4 at t = 0, x^2 - x' = 3 at t = 0]
      solve: {guess: {x: 2}}
      """)
    let parameters = try problem.parameters()
    let field = problem.makeField(parameters, problem.makeCode(.tape))
    let y = try problem.initialState(field, parameters).y
    #expect((y[0] + 2 * y[1] - 4).magnitude < 1e-13 && (y[0] * y[0] - y[1] - 3).magnitude < 1e-13)
  }

  @Test("jumps in the marching variable are breakpoints") func breakpoints() throws {
    let problem = try read(
      """
      variables: {t: [0, 10]}
      unknowns: [x]
      parameters: {delay: 2.5}
      equations: ["x' = if(t < delay, 1, 0) + heaviside(t - 7) + abs(x) + mod(t, 4)*0"]
      conditions: [x = 0 at t = 0]
      solve: {breakpoints: [9]}
      """)
    let found = problem.breakpoints(try problem.parameters())
    for wanted in [2.5, 7, 9] {
      #expect(found.contains { ($0 - wanted).magnitude < 1e-14 * 10 }, "\(found)")
    }
  }
}
