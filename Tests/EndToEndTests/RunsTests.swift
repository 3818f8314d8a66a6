import Testing

/// `cauchy runs` and `cauchy show`.
@Suite(.tags(.endToEnd)) struct RunsTests {
  private static let decay = """
    title: Decay
    variables: {t: [0, 1]}
    unknowns: [x]
    parameters: {k: 1}
    equations: ["x' = -k*x"]
    conditions: [x = 1 at t = 0]
    exact: {x: exp(-t)}
    """
  private static let growth = """
    variables: {t: [0, 1]}
    unknowns: [y]
    equations: ["y' = y"]
    conditions: [y = 1 at t = 0]
    """
  /// A training that only a signal ends.
  private static let endless = """
    variables: {x: [0, 1]}
    unknowns: [u]
    equations: ["u'' = -sin(3*x)"]
    conditions: [u = 0 at x = 0, u = 0 at x = 1]
    network: {hidden: [40, 40]}
    train: {stop: {seconds: 1000}}
    """

  /// Three runs: two of one problem, the second a failure, and one of another.
  private static func place() -> Place {
    let place = Place()
    place.write(decay, to: "decay.yaml")
    place.write(growth, to: "growth.yaml")
    _ = place.cauchy("solve", "decay.yaml", "--quiet")
    _ = place.cauchy("solve", "decay.yaml", "--quiet", "--set", "solve.max_steps=2")
    _ = place.cauchy("solve", "growth.yaml", "--quiet", "--out", "outputs/mine/growth")
    return place
  }

  /// The runs that a command lists, by their folders, in order.
  private static func listed(_ place: Place, _ arguments: String) -> [String] {
    let ran = place.shell("$CAUCHY runs \(arguments)")
    #expect(ran.status == 0 && ran.errors.isEmpty, "\(ran.errors)")
    return ran.output.split(separator: "\n").dropFirst().compactMap {
      $0.split(separator: " ").first.map(String.init)
    }
  }

  private static let first = "outputs/decay/solve-001"
  private static let second = "outputs/decay/solve-002"
  private static let mine = "outputs/mine/growth"

  @Test func theTableHasARowForEachRun() {
    let ran = Self.place().cauchy("runs")
    let lines = ran.output.split(separator: "\n")
    #expect(
      lines.first?.contains(#/^run +problem +verb +outcome +error +seconds +when$/#) == true)
    #expect(lines.count == 4 && ran.status == 0)
    #expect(lines[1].contains(#/^outputs/mine/growth +growth +solve +reached +[\d.e-]+ +\d{4}-/#))
    #expect(lines[2].contains(#/^outputs/decay/solve-002 +decay +solve +failed +\S+ +[\d.e-]+ +/#))
  }

  @Test(arguments: [
    ("", [mine, second, first]), ("outputs", [mine, second, first]), ("outputs/mine", [mine]),
    ("--problem decay", [second, first]), ("--problem growth.yaml,decay", [mine, second, first]),
    ("--outcome failed", [second]), ("--outcome reached --problem decay", [first]),
    ("--verb solve --limit 1", [mine]), ("--where error'<'1 --outcome reached", [first]),
    ("--where outcome=reached --where 'steps > 0'", [mine, first]),
    ("--where problem=decay", [second, first]), ("--where problem!=decay", [mine]),
    ("--where machine.cores'>='1 --sort problem", [second, first, mine]),
    ("--sort -problem", [mine, second, first]), ("--sort when", [first, second, mine]),
    ("--sort steps --limit 2", [second, mine]), ("outputs outputs/mine", [mine, second, first]),
  ])
  func runsAreFilteredAndSorted(_ arguments: String, _ runs: [String]) {
    let found = Self.listed(Self.place(), arguments)
    // Runs with as many steps keep their order; so does everything that is not sorted by.
    #expect(runs.isEmpty ? !found.contains { $0.hasPrefix("outputs") } : found == runs)
  }

  @Test func withoutRunsItSaysWhatToDo() {
    let place = Place()
    let none = place.cauchy("runs")
    #expect(none.status == 0)
    #expect(
      none.output
        == "no runs in outputs; make one, for example: cauchy solve problems/lorenz.yaml\n")
    #expect(place.cauchy("runs", "--json").output == "[]\n")
    let filtered = Self.place().cauchy("runs", "--where", "seconds>1000")
    #expect(
      filtered.output
        == "none of the 3 runs in outputs is like that; 'cauchy runs' lists them all\n")
  }

  @Test(arguments: [
    ("runs nowhere", "there is no folder nowhere; name one that holds runs"),
    (
      "runs --where secnds'<'1",
      "--where secnds<1: no run has a number or word 'secnds'; did you mean 'seconds'?"
    ),
    (
      "runs --sort -stepz",
      "--sort -stepz: no run has a number or word 'stepz'; did you mean 'steps'?"
    ),
    (
      "runs --outcome won",
      "Error: --outcome won is no outcome; use reached, failed, stopped, running, lost"
    ),
    ("runs --limit 0", "Error: --limit 0 leaves nothing; write 1 or more"),
    (
      "runs --where seconds",
      "Error: The value 'seconds' is invalid for '--where <key<value>': 'seconds' is no condition; write for example seconds<1"
    ),
    (
      "runs --where '<1'",
      "Error: The value '<1' is invalid for '--where <key<value>': '<1' lacks a key; write for example seconds<1"
    ),
    (
      "runs --where seconds'<'fast",
      "Error: The value 'seconds<fast' is invalid for '--where <key<value>': 'fast' in 'seconds<fast' is not a number; words can only be = or !="
    ),
    ("show nothing", "there is no run nothing; 'cauchy runs' lists those that there are"),
    ("show outputs", "outputs holds no run; 'cauchy runs' lists those that there are"),
  ])
  func wrongUseIsRefused(_ arguments: String, _ sentence: String) {
    let ran = Self.place().shell("$CAUCHY \(arguments)")
    #expect(ran.status == 64 && ran.errors.hasPrefix(sentence + "\n"), "\(ran.errors)")
    #expect(ran.output.isEmpty)
  }

  @Test func aRunIsShownInFull() {
    let place = Self.place()
    let ran = place.cauchy("show", "decay/solve-001")
    #expect(ran.status == 0)
    let lines = ran.output.split(separator: "\n").map(String.init)
    for line in [
      "outputs/decay/solve-001: reached t = 1", "  problem     Decay",
      "              t from 0 to 1", "  equations   x' = -k*x", "  conditions  x = 1 at t = 0",
      "              against the closed form in the problem",
      "  again       cauchy solve outputs/decay/solve-001/problem.yaml --threads 1",
    ] {
      #expect(lines.contains(line), "\(line) in \(ran.output)")
    }
    #expect(ran.output.contains(#/\n  answer +at t = 1: x = 0\.36787\d+\n/#))
    #expect(ran.output.contains(#/\n  error +x: relative \S+, max \S+\n/#))
    #expect(ran.output.contains(#/\n  files +trajectory.csv \(\S+ KB\)\n/#))
    // What it says how to make again gives the same bytes.
    let again = lines.last { $0.hasPrefix("  again") }?.dropFirst(14) ?? ""
    let repeated = place.shell(again.replacing("cauchy ", with: "$CAUCHY ") + " --out again")
    #expect(repeated.status == 0)
    #expect(
      Files.read(place("again/trajectory.csv"))
        == Files.read(place("outputs/decay/solve-001/trajectory.csv")))
  }

  @Test func theNewestIsMeantByAStem() {
    let place = Self.place()
    for name in ["decay", "outputs/decay", "outputs/decay/latest", "decay/"] {
      #expect(place.cauchy("show", name).output.hasPrefix("outputs/decay/solve-002: "))
    }
    #expect(
      place.cauchy("show", "decay", "--json").output
        == Files.read(place("outputs/decay/solve-002/summary.json")))
  }

  @Test func aRunningOneTellsItsLastStepAndALostOneHowToGoOn() throws {
    let place = Place()
    place.write(Self.endless, to: "w.yaml")
    let process = place.start(["train", "w.yaml", "--quiet"])
    let table = place("outputs/w/train-001/training.csv.partial")
    #expect(process.waitForFile(table, larger: 300))
    let shown = place.cauchy("show", "w").output
    #expect(shown.contains(#/^outputs/w/train-001: running in process \d+\n/#), "\(shown)")
    #expect(shown.contains(#/\n  step +step \d+, loss \S+, error \S+, h \S+, tau/#), "\(shown)")
    #expect(shown.contains(#/\n  to end it +kill -INT \d+ ends it and keeps what it has\n/#))
    #expect(shown.contains(#/\n  equations +/#), "the problem is there from the start: \(shown)")
    #expect(Self.listed(place, "--outcome running") == ["outputs/w/train-001"])
    let refused = place.cauchy("train", "w.yaml", "--out", "outputs/w/train-001", "--force")
    #expect(refused.status == 3)
    #expect(refused.errors.contains(#/^process \d+ is still writing to outputs/w/train-001; /#))
    process.interrupt()
    #expect(process.wait().status == 130)
    #expect(!Files.exists(place("outputs/w/train-001/running.json")))
    let stopped = place.cauchy("show", "w").output
    #expect(
      stopped.contains(#/cauchy train w.yaml --threads \d+ --resume outputs/w/train-001\n/#),
      "\(stopped)")
  }

  @Test func aRunThatWasKilledIsLost() throws {
    let place = Place()
    place.write(Self.endless, to: "w.yaml")
    let process = place.start(["train", "w.yaml", "--quiet"])
    let table = place("outputs/w/train-001/training.csv.partial")
    #expect(process.waitForFile(table, larger: 300))
    process.kill()
    #expect(process.wait().status == 128 + 9)
    let shown = place.cauchy("show", "w").output
    #expect(
      shown.contains(#/^outputs/w/train-001: process \d+ died without a summary\n/#), "\(shown)")
    #expect(shown.contains(#/\n  last step +step \d+, loss /#), "\(shown)")
    #expect(Self.listed(place, "--outcome lost") == ["outputs/w/train-001"])
    #expect(place.cauchy("solve", "w.yaml", "--out", "outputs/w/train-001").status == 3)
    let forced = place.cauchy("solve", "w.yaml", "--out", "outputs/w/train-001", "--force")
    #expect(forced.status == 0 && !Files.exists(table))
  }
}
