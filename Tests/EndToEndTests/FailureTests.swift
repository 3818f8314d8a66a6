import Testing

/// A problem that cannot be solved, and the sentence that says why.
struct Failure: Sendable, CustomTestStringConvertible {
  var name: String
  var problem: String
  /// The message with each number written as #.
  var sentence: String
  /// Whether rows beyond the first must be there.
  var leavesRows = true

  var testDescription: String { name }

  static let all = [
    Failure(
      name: "right-hand side turns NaN",
      problem: """
        variables: {t: [0, 2]}
        unknowns: [y]
        equations: ["y' = -sqrt(1 - t)"]
        conditions: [y = 1 at t = 0]
        """,
      sentence: "the right-hand side or the solution stopped being finite at t = # with h = # "
        + "(largest error in y); look for a division by zero, a root or logarithm of a negative "
        + "number, or a blow-up there; partial: rows up to there were written"),
    Failure(
      name: "NaN at the start",
      problem: """
        variables: {t: [0, 2]}
        unknowns: [y]
        equations: ["y' = 1/t"]
        conditions: [y = 1 at t = 0]
        """,
      sentence: "the right-hand side or the solution stopped being finite at t = # with h = # "
        + "(largest error in y); look for a division by zero, a root or logarithm of a negative "
        + "number, or a blow-up there; partial: rows up to there were written",
      leavesRows: false),
    Failure(
      name: "step underflows at a blow-up", problem: Problems.blowUp,
      sentence: "the step size fell to the rounding of t at t = # with h = # (largest error in "
        + "y); h·|λ| is about #; the solution may have a singularity there, or the tolerance is "
        + "below what rounding allows: loosen solve.rtol or solve.atol, or end the interval "
        + "before; partial: rows up to there were written"),
    Failure(
      name: "stiff system given to rkf45",
      problem: """
        variables: {t: [0, 10]}
        unknowns: [y]
        equations: ["y' = -1e6*(y - cos(t))"]
        conditions: [y = 0 at t = 0]
        solve: {method: rkf45, max_steps: 1000}
        output: {t: steps}
        """,
      sentence: "the limit of 1000 steps was used up at t = # with h = # (largest error in y); "
        + "raise solve.max_steps, or loosen solve.rtol; if the solution is smooth there, the "
        + "system may be stiff: use auto, rodas5p or bdf; partial: rows up to there were written"),
    Failure(
      name: "stiff system given to tsit5",
      problem: """
        variables: {t: [0, 10]}
        unknowns: [y]
        equations: ["y' = -1e6*(y - cos(t))"]
        conditions: [y = 0 at t = 0]
        solve: {method: tsit5, max_steps: 1000}
        output: {t: steps}
        """,
      sentence: "the limit of 1000 steps was used up at t = # with h = # (largest error in y); "
        + "h·|λ| is about #; the system is stiff: use rodas5p, bdf or auto, or raise "
        + "solve.max_steps; partial: rows up to there were written"),
  ]
}

@Suite(.tags(.endToEnd)) struct FailureTests {
  @Test(arguments: Failure.all)
  func numericalFailureIsSaid(_ failure: Failure) throws {
    let place = Place()
    place.write(failure.problem, to: "problem.yaml")
    let run = place.cauchy("solve", "problem.yaml", "--out", "run")
    #expect(run.status == 1)
    #expect(run.output.isEmpty)
    let summary = try #require(Report(file: place("run/summary.json")))
    #expect(summary.outcome == "failed")
    #expect(run.errors.hasPrefix("problem.yaml: \(summary.message)\n"))
    #expect(withoutNumbers(summary.message) == withoutNumbers(failure.sentence))
    let table = try #require(CSV(place("run/trajectory.csv")))
    #expect(failure.leavesRows ? table.rows.count > 1 : table.rows.count <= 1)
    #expect(table.rows.joined().allSatisfy { Double($0)?.isFinite == true })
    let names = Files.names(in: place("run"))
    #expect(names == ["command.json", "problem.yaml", "summary.json", "trajectory.csv"])
  }

  /// Numbers and `#`, both as #: the digits of a failure may move, its words may not.
  private func withoutNumbers(_ text: String) -> String {
    text.split(separator: " ").map { word in
      let bare = word.filter { !";,)".contains($0) }
      let isNumber = Double(bare) != nil || bare == "#"
      return isNumber ? "#" + word.filter { ";,)".contains($0) } : String(word)
    }.joined(separator: " ")
  }

  @Test(arguments: ["auto", "dop853", "rodas5p", "bdf", "rkf45", "msbdf"])
  func impossibleToleranceIsSaid(_ method: String) throws {
    let place = Place()
    place.write(Problems.oscillator, to: "problem.yaml")
    let run = place.cauchy(
      "solve", "problem.yaml", "--out", "run", "--set", "solve.rtol=1e-20", "--set",
      "solve.atol=1e-30", "--set", "solve.method=\(method)")
    #expect(run.status == 1)
    let summary = try #require(Report(file: place("run/summary.json")))
    #expect(
      withoutNumbers(summary.message)
        == withoutNumbers(
          "the tolerance asks for more digits than a double has at t = 0.0 with h = # (largest "
            + "error in x); loosen solve.rtol to 1e-14 or more, or solve.atol; partial: rows up to "
            + "there were written"))
  }

  /// Every initial value has its own way to be wrong.
  @Test(arguments: [
    (
      "x = log(-1) at t = 0", "",
      "the initial value of x is not finite; check the condition and its parameters"
    ),
    (
      "x^2 = -1 at t = 0", "",
      "the conditions could not be solved for the initial values (residual #); write them as 'x = "
        + "value at t = start', or give a start in solve.guess"
    ),
  ])
  func initialValueFails(_ condition: String, _ extra: String, _ sentence: String) throws {
    let place = Place()
    place.write(
      """
      variables: {t: [0, 1]}
      unknowns: [x]
      equations: ["x' = -x"]
      conditions: ["\(condition)"]
      """, to: "problem.yaml")
    let run = place.cauchy("solve", "problem.yaml", "--out", "run")
    #expect(run.status == 1)
    let summary = try #require(Report(file: place("run/summary.json")))
    #expect(withoutNumbers(summary.message) == sentence)
    #expect(try #require(CSV(place("run/trajectory.csv"))).rows.isEmpty)
  }

  @Test func algebraicEquationsWithoutSolutionFail() throws {
    let place = Place()
    place.write(
      """
      variables: {t: [0, 10]}
      unknowns: [a, b]
      equations: ["a + b = t", "a*b = 1"]
      conditions: [a = 1 at t = 0]
      """, to: "problem.yaml")
    let run = place.cauchy("solve", "problem.yaml", "--out", "run", "--json")
    #expect(run.status == 1 && run.errors.isEmpty)
    let summary = try #require(Report(run.output))
    #expect(
      summary.message == "no consistent initial values were found at t = 0.0 (residual 1.0); give "
        + "conditions on the algebraic unknowns, near the wanted solution")
  }
}
