import Testing

/// A problem and the parameters that its solution is differentiated to.
struct SensitivityCase: Sendable, CustomTestStringConvertible {
  var name: String
  var parameters: [(name: String, value: Double)]
  var unknowns: [String]
  var settings: [String] = []
  /// Of the difference quotient: noise over its step, and its step squared.
  var tolerance: Double

  var testDescription: String { name }

  static let all = [
    SensitivityCase(
      name: "lotka-volterra", parameters: [("alpha", 1.5), ("gamma", 3)],
      unknowns: ["prey", "predator"], tolerance: 1e-6),
    SensitivityCase(
      name: "kinetics", parameters: [("k1", 0.04), ("k2", 3e7), ("k3", 1e4)],
      unknowns: ["y1", "y2", "y3"], tolerance: 1e-6),
    SensitivityCase(
      name: "kinetics-dae", parameters: [("k1", 0.04), ("k2", 3e7), ("k3", 1e4)],
      unknowns: ["y1", "y2", "y3"], tolerance: 1e-6),
    SensitivityCase(
      name: "pendulum-dae", parameters: [("g", 9.8), ("length", 1)],
      unknowns: ["theta", "omega", "force"], tolerance: 1e-6),
  ]

  /// Robertson's kinetics to t = 40, as CVODES solves it.
  static func kinetics(_ last: String) -> String {
    """
    variables: {t: [0, 40]}
    unknowns: [y1, y2, y3]
    parameters: {k1: 0.04, k2: 3e7, k3: 1e4}
    equations:
      - y1' = -k1*y1 + k3*y2*y3
      - y2' = k1*y1 - k3*y2*y3 - k2*y2^2
      - \(last)
    conditions: [y1 = 1 at t = 0, y2 = 0 at t = 0, y3 = 0 at t = 0]
    solve: {rtol: 1e-10, atol: {y1: 1e-14, y2: 1e-18, y3: 1e-14}}
    output: {t: 5}
    """
  }

  /// The file that the command is given.
  func write(to place: Place) -> String {
    switch name {
    case "kinetics": place.write(SensitivityCase.kinetics("y3' = k2*y2^2"), to: "p.yaml")
    case "kinetics-dae": place.write(SensitivityCase.kinetics("y1 + y2 + y3 = 1"), to: "p.yaml")
    case "pendulum-dae":
      place.write(
        """
        variables: {t: [0, 3]}
        unknowns: [theta, omega, force]
        parameters: {g: 9.8, length: 1}
        equations:
          - theta' = omega
          - omega' = -g/length*sin(theta)
          - force = g*cos(theta) + length*omega^2
        conditions: [theta = 1 at t = 0, omega = 0 at t = 0, force = 5 at t = 0]
        solve: {rtol: 1e-10, atol: 1e-12}
        output: {t: 5}
        """, to: "p.yaml")
    default: return "\(Command.gallery)/\(name).yaml"
    }
    return "p.yaml"
  }
}

@Suite(.tags(.endToEnd)) struct SensitivityTests {
  @Test(arguments: SensitivityCase.all)
  func agreesWithDifferences(_ problem: SensitivityCase) throws {
    let place = Place()
    let file = problem.write(to: place)
    let names = problem.parameters.map(\.name)
    let grid = ["--set", "output.t=5", "--set", "solve.rtol=1e-11"]
    let run = place.start(
      ["solve", file, "--out", "run", "--sensitivity", names.joined(separator: ",")] + grid
    ).wait()
    #expect(run.status == 0, "\(run.errors)")
    let table = try #require(CSV(place("run/trajectory.csv")))
    let columns = names.flatMap { name in problem.unknowns.map { "\($0)_\(name)" } }
    let count = 1 + problem.unknowns.count
    #expect(Array(table.columns[count..<count + columns.count]) == columns)
    for (name, value) in problem.parameters {
      let step = 1e-4 * value
      var sides: [CSV] = []
      for side in [-1.0, 1] {
        let out = "\(name)\(side)"
        let solved = place.start(
          ["solve", file, "--out", out, "--set", "parameters.\(name)=\(value + side * step)"] + grid
        ).wait()
        #expect(solved.status == 0, "\(solved.errors)")
        sides.append(try #require(CSV(place("\(out)/trajectory.csv"))))
      }
      for unknown in problem.unknowns {
        let exact = table["\(unknown)_\(name)"]
        let size = exact.map(\.magnitude).max() ?? 0
        for (row, wanted) in exact.enumerated() {
          let quotient = (sides[1][unknown][row] - sides[0][unknown][row]) / (2 * step)
          // Central differences err by step² of the third derivative, and by the solutions' own
          // errors of 1e-11 over the step of 1e-4.
          #expect(
            (quotient - wanted).magnitude <= problem.tolerance * size,
            "\(unknown)_\(name) in row \(row): \(wanted), by differences \(quotient)")
        }
      }
    }
  }

  /// cvsRoberts_FSA of SUNDIALS prints y1's sensitivities at t = 40 to five digits; the last of
  /// them depends on its tolerance of 1e-4.
  @Test(arguments: ["kinetics", "kinetics-dae"])
  func givesThePublishedNumbers(_ name: String) throws {
    let place = Place()
    let problem = try #require(SensitivityCase.all.first { $0.name == name })
    let run = place.cauchy(
      "solve", problem.write(to: place), "--out", "run", "--sensitivity", "k1,k2,k3")
    #expect(run.status == 0, "\(run.errors)")
    let table = try #require(CSV(place("run/trajectory.csv")))
    for (column, published) in [("y1_k1", -4.2475), ("y1_k3", 1.3731e-5), ("y1_k2", -2.2883e-9)] {
      let value = try #require(table[column].last)
      #expect((value - published).magnitude <= 3e-5 * published.magnitude, "\(column): \(value)")
    }
    // Mass is conserved whatever the rates.
    for rate in ["k1", "k2", "k3"] {
      for row in table.rows.indices {
        let parts = ["y1", "y2", "y3"].map { table["\($0)_\(rate)"][row] }
        let size = parts.map(\.magnitude).max() ?? 0
        #expect(parts.reduce(0, +).magnitude <= 1e-8 * size)
      }
    }
  }

  /// An unknown stands for its initial value; x(t) = x₀ cos t + v₀ sin t.
  @Test func initialValuesHaveColumns() throws {
    let place = Place()
    place.write(Problems.oscillator, to: "p.yaml")
    let run = place.cauchy(
      "solve", "p.yaml", "--out", "run", "--sensitivity", "x,v", "--set", "solve.rtol=1e-10",
      "--set", "solve.atol=1e-12")
    #expect(run.status == 0)
    let table = try #require(CSV(place("run/trajectory.csv")))
    #expect(table.columns == ["t", "x", "v", "x_x0", "v_x0", "x_v0", "v_v0"])
    for (row, t) in table["t"].enumerated() {
      #expect((table["x_x0"][row] - cosine(t)).magnitude < 1e-8)
      #expect((table["x_v0"][row] - sine(t)).magnitude < 1e-8)
      #expect((table["v_x0"][row] + sine(t)).magnitude < 1e-8)
    }
  }

  @Test func jumpsAreRefused() {
    let run = Place().cauchy(
      "solve", "\(Command.gallery)/bouncing-ball.yaml", "--sensitivity", "g")
    #expect(run.status == 64)
    #expect(
      run.errors
        == "--sensitivity: event 'bounce' changes the state, and the time it happens moves "
        + "with the parameters; remove its 'set', or use --sweep and differences\n")
  }
}
