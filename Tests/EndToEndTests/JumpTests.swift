import Testing

/// A right-hand side that jumps in t, and the exact integral at the end.
struct Jump: Sendable, CustomTestStringConvertible {
  var rate: String
  var end: Double
  var settings = ""

  var testDescription: String { rate }

  static let all = [
    // (3.7 − 2·2.4 − 2)·e^3.9 + 2
    Jump(rate: "if(t < 3.7, 1, -2) + heaviside(t - 6.1)*y", end: -151.14759222714352),
    // ∫ over the pulses where sin t > ½ and t < 8, of +1, and −2 elsewhere.
    Jump(rate: "if(sin(t) > 0.5 and t < 8, 1, -2)", end: -10.137166941154070),
    // ∫ mod(t,1) = 5, floor 45, |sin t| 6 + 1 + cos 10, sign 4, max 62.5.
    Jump(
      rate: "mod(t, 1) + floor(t) + abs(sin(t)) + sign(t - 3) + max(t, 5)",
      end: 123.5 - 0.8390715290764525),
    // A pulse a millionth of the interval wide.
    Jump(rate: "if(t > 5 and t < 5.00001, 1e5, 0)", end: 1),
    // What no search can see is declared.
    Jump(rate: "if(y > 1e9, 0, 1) + 0*t", end: 10, settings: ", breakpoints: [2, 4]"),
  ]
}

@Suite(.tags(.endToEnd)) struct JumpTests {
  /// Steps end at the jumps: accuracy is that of smooth pieces, whatever the method.
  @Test(arguments: Jump.all, ["auto", "tsit5", "dop853", "rkf45", "rodas5p", "bdf"])
  func jumpsCostNoAccuracy(_ jump: Jump, _ method: String) throws {
    let place = Place()
    place.write(
      """
      variables: {t: [0, 10]}
      unknowns: [y]
      equations: ["y' = \(jump.rate)"]
      conditions: [y = 0 at t = 0]
      solve: {method: \(method), rtol: 1e-9, atol: 1e-11\(jump.settings)}
      output: {t: 11}
      """, to: "p.yaml")
    let run = place.cauchy("solve", "p.yaml", "--out", "run")
    #expect(run.status == 0, "\(run.errors)")
    let end = try #require(CSV(place("run/trajectory.csv")))["y"].last
    // A hundred times the tolerance: the worst piece grows by e^3.9.
    #expect((try #require(end) - jump.end).magnitude <= 1e-7 * jump.end.magnitude)
    let summary = try #require(Report(file: place("run/summary.json")))
    #expect(summary.evaluations < 20_000)
  }

  /// The value at the end belongs to what comes after: forcings held to the end, heaviside there.
  @Test(arguments: ["auto", "dop853", "rodas5p", "rkf45"], [10.0, 0])
  func jumpAtTheEndIsNotSeen(_ method: String, _ end: Double) throws {
    let place = Place()
    let condition = end == 10 ? 0.0 : 10
    let rate = end == 10 ? "heaviside(t - 10)" : "heaviside(-t)"
    place.write(
      """
      variables: {t: [0, 10]}
      unknowns: [y]
      equations: ["y' = 1 + \(rate)"]
      conditions: [y = \(condition) at t = \(condition)]
      solve: {method: \(method), rtol: 1e-4, atol: 1e-6}
      output: {t: 3}
      """, to: "p.yaml")
    for grid in ["3", "steps"] {
      let run = place.cauchy("solve", "p.yaml", "--out", grid, "--set", "output.t=\(grid)")
      #expect(run.status == 0, "\(run.errors)")
      let table = try #require(CSV(place("\(grid)/trajectory.csv")))
      #expect(table["t"].last == end)
      // Constant but for the end: exact to rounding.
      #expect((try #require(table["y"].last) - end).magnitude < 1e-11)
    }
  }

  /// An event may leave less than a step to go.
  @Test(arguments: ["10.0000000001", "10.00000000000001", "10", "9.9999999999999"])
  func eventJustBeforeTheEnd(_ end: String) throws {
    let place = Place()
    place.write(
      """
      variables: {t: [0, \(end)]}
      unknowns: [x]
      equations: ["x' = 1"]
      conditions: [x = 0 at t = 0]
      events: {reset: {when: "x - 1", set: {x: 0}}}
      output: {t: 2}
      """, to: "p.yaml")
    let run = place.cauchy("solve", "p.yaml", "--out", "run")
    #expect(run.status == 0, "\(run.errors)")
    let table = try #require(CSV(place("run/trajectory.csv")))
    #expect(table["t"].last == Double(end))
  }

  /// The integral of a table to t = 9.25, of straight lines, or of steps.
  @Test(arguments: [("linear", 9.0625), ("previous", 9)])
  func forcings(_ kind: String, _ integral: Double) throws {
    let place = Place()
    var table = "ignored,force,t\n"
    for row in 0...20 { table += "x,\(row % 3),\(Double(row) / 2)\n" }
    place.write(table, to: "force.csv")
    place.write(
      """
      variables: {t: [0, 9.25]}
      unknowns: [y]
      forcing: {F: {file: force.csv, column: force, interpolate: \(kind)}}
      equations: ["y' = F"]
      conditions: [y = 0 at t = 0]
      observables: {F: F}
      solve: {rtol: 1e-9, atol: 1e-11}
      output: {t: [0, 0.25, 0.75, 9.25]}
      """, to: "p.yaml")
    let run = place.cauchy("solve", "p.yaml", "--out", "run")
    #expect(run.status == 0, "\(run.errors)")
    let trajectory = try #require(CSV(place("run/trajectory.csv")))
    #expect((try #require(trajectory["y"].last) - integral).magnitude < 1e-8)
    #expect(Array(trajectory["F"].prefix(3)) == (kind == "linear" ? [0, 0.5, 1.5] : [0, 0, 1]))
    // The table travels with the run.
    #expect(Files.read(place("run/force.csv")) == Files.read(place("force.csv")))
    #expect(place.cauchy("solve", "run/problem.yaml", "--out", "again").status == 0)
    #expect(
      Files.read(place("again/trajectory.csv")) == Files.read(place("run/trajectory.csv")))
  }
}
