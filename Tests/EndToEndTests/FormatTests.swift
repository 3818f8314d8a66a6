import Testing

@Suite(.tags(.endToEnd)) struct FormatTests {
  /// Solves a problem into `run` of a place; the text is a problem file.
  private func solve(_ text: String, _ arguments: String...) throws -> (Place, CSV, Ran) {
    let place = Place()
    place.write(text, to: "p.yaml")
    let run = place.start(["solve", "p.yaml", "--out", "run"] + arguments).wait()
    #expect(run.status == 0, "\(run.errors)")
    return (place, try #require(CSV(place("run/trajectory.csv"))), run)
  }

  /// The events of x = cos t, with the terminal one's row at the end.
  @Test func eventsAndTheTerminalRow() throws {
    let (place, table, run) = try solve(
      """
      variables: {t: [0, 20]}
      unknowns: [x, v]
      equations: ["x' = v", "v' = -x"]
      conditions: [x = 1 at t = 0, v = 0 at t = 0]
      events:
        rising: {when: x, direction: up, count: 3, terminal: true}
        turn: {when: v}
        half: {when: x - 0.5, direction: down, count: 2}
      solve: {rtol: 1e-10, atol: 1e-12}
      output: {t: 5}
      """)
    let events = try #require(CSV(place("run/events.csv")))
    #expect(events.columns == ["t", "event", "x", "v"])
    // v = 0 at the start does not fire.
    let wanted: [(Double, String)] = [
      (.pi / 3, "half"), (.pi, "turn"), (1.5 * .pi, "rising"), (2 * .pi, "turn"),
      (7 * .pi / 3, "half"), (3 * .pi, "turn"), (3.5 * .pi, "rising"), (4 * .pi, "turn"),
      (5 * .pi, "turn"), (5.5 * .pi, "rising"),
    ]
    #expect(events.rows.map { $0[1] } == wanted.map(\.1))
    for (found, exact) in zip(events["t"], wanted) {
      // The tolerance, added up over three periods.
      #expect((found - exact.0).magnitude < 1e-8)
    }
    let last = try #require(table.rows.last)
    let end = try #require(events.rows.last)
    #expect(last == [end[0], end[2], end[3]])
    #expect(table["t"].dropLast() == [0, 5, 10, 15])
    #expect(run.output.hasPrefix("p.yaml: ended by event 'rising' at t = \(last[0])\n"))
  }

  /// events.csv has the state before `set`; all values set are those before the event.
  @Test func setSwapsAtOnce() throws {
    let (place, table, _) = try solve(
      """
      variables: {t: [0, 1]}
      unknowns: [a, b]
      equations: ["a' = 0", "b' = 0"]
      conditions: [a = 1 at t = 0, b = 2 at t = 0]
      events: {swap: {when: "t - 1/3", set: {a: b, b: a}}}
      output: {t: 3}
      """)
    #expect(table.rows == [["0", "1", "2"], ["0.5", "2", "1"], ["1", "2", "1"]])
    let events = try #require(CSV(place("run/events.csv")))
    #expect(events.rows.map { Array($0.dropFirst()) } == [["swap", "1", "2"]])
  }

  /// Adds to a third-order problem's column what is asked for, to the highest derivative.
  @Test func observablesHaveDerivatives() throws {
    let (_, table, _) = try solve(
      """
      variables: {s: [0, 3]}
      unknowns: [u]
      equations: ["u''' + u'' = -u' - sin(s)"]
      conditions: ["u = 0 at s = 0", "u' = 1 at s = 0", "u'' = 0 at s = 0"]
      exact: {u: sin(s)}
      observables: {slope: "u'", bend: "d(u, s, 2)", third: "u'''", both: "u*u' + s"}
      solve: {rtol: 1e-10, atol: 1e-12}
      output: {s: 7}
      """)
    #expect(table.columns == ["s", "u", "slope", "bend", "third", "both"])
    for (row, s) in table["s"].enumerated() {
      #expect((table["u"][row] - sine(s)).magnitude < 1e-9)
      #expect((table["slope"][row] - cosine(s)).magnitude < 1e-9)
      #expect((table["bend"][row] + sine(s)).magnitude < 1e-9)
      #expect((table["third"][row] + cosine(s)).magnitude < 1e-9)
      #expect((table["both"][row] - sine(s) * cosine(s) - s).magnitude < 1e-9)
    }
  }

  /// Ties four derivatives together by a matrix M(t, y): the path of LU in the right-hand side.
  ///
  /// Manufactured: each right side is that row of M times the derivative of the closed form.
  @Test(arguments: ["auto", "rodas5p", "bdf", "rk8pd"])
  func coupledDerivatives(_ method: String) throws {
    let (place, _, _) = try solve(
      """
      variables: {t: [0, 4]}
      unknowns: [a, b, c, d]
      functions: {da: cos(t), db: -sin(t), dc: exp(-t), dd: 2*t}
      equations:
        - (2 + sin(t))*a' + b' - 0.3*c*d' = (2 + sin(t))*da + db - 0.3*c*dd
        - a' + 3*b' + c' = da + 3*db + dc
        - 0.2*b*a' + 4*c' + d' = 0.2*b*da + 4*dc + dd
        - a' + 2*d' + (1 + a^2)*b' = da + 2*dd + (1 + a^2)*db
      conditions: [a = 0 at t = 0, b = 1 at t = 0, c = -1 at t = 0, d = 0 at t = 0]
      exact: {a: sin(t), b: cos(t), c: -exp(-t), d: t^2}
      solve: {method: \(method), rtol: 1e-8, atol: 1e-10}
      output: {t: 41}
      """)
    let summary = try #require(Report(file: place("run/summary.json")))
    #expect(summary.warnings.isEmpty)
    // A hundred times the tolerance: bdf falls short of it by one or two digits.
    #expect(try #require(summary.worstError) < 1e-6)
  }

  /// Equations without any derivative: a DAE of algebraic unknowns alone.
  @Test func algebraicEquationsAlone() throws {
    let (place, table, _) = try solve(
      """
      variables: {t: [3, 10]}
      unknowns: [a, b]
      equations: ["a + b = t", "a*b = 1"]
      conditions: [a = 2.6 at t = 3]
      exact: {a: (t + sqrt(t^2 - 4))/2, b: (t - sqrt(t^2 - 4))/2}
      output: {t: 8}
      """)
    #expect(table.rows.count == 8)
    let summary = try #require(Report(file: place("run/summary.json")))
    // The default tolerance of 1e-6.
    #expect(try #require(summary.worstError) < 1e-5)
  }

  @Test func backwards() throws {
    let (place, table, _) = try solve(
      """
      variables: {t: [0, 10]}
      unknowns: [y]
      equations: ["y' = if(t < 4, 1, 2)*y"]
      conditions: [y = 1 at t = 10]
      exact: {y: "if(t < 4, exp(t - 4 - 12), exp(2*(t - 10)))"}
      events: {thousandth: {when: y - 1e-3, direction: down}}
      solve: {rtol: 1e-9, atol: 1e-15}
      output: {t: 11}
      """)
    #expect(table["t"] == (0...10).reversed().map(Double.init))
    let summary = try #require(Report(file: place("run/summary.json")))
    #expect(try #require(summary.worstError) < 1e-8)
    let events = try #require(CSV(place("run/events.csv")))
    // exp(2(t − 10)) = 1e-3.
    #expect((try #require(events["t"].first) - 6.546122360508865).magnitude < 1e-8)
  }

  @Test(arguments: [
    ("[0, 1, pi, 2*pi, 10]", [0, 1, Double.pi, 2 * Double.pi, 10]),
    ("{log: 3, from: 0.1}", [0.1, 1, 10]), ("2", [0, 10]),
  ])
  func outputGrids(_ grid: String, _ times: [Double]) throws {
    let (_, table, _) = try solve(Problems.oscillator, "--set", "output.t=\(grid)")
    #expect(table.rows.count == times.count)
    for (t, wanted) in zip(table["t"], times) {
      // Two roundings of a power.
      #expect((t - wanted).magnitude <= 4 * wanted.ulp)
    }
    #expect(table["t"].last == 10)
  }

  @Test func everyStepIsARow() throws {
    let (place, table, _) = try solve(Problems.oscillator, "--set", "output.t=steps")
    let summary = try #require(Report(file: place("run/summary.json")))
    #expect(table.rows.count == (summary.values["steps"] as? Int ?? 0) + 1)
    #expect(table["t"].first == 0 && table["t"].last == 10)
  }
}

func sine(_ x: Double) -> Double { Problems.sine(x) }
func cosine(_ x: Double) -> Double { Problems.cosine(x) }
