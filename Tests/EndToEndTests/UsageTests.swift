import Testing

/// Arguments that are refused, with the exit status and the first line of what is said.
struct Refusal: Sendable, CustomTestStringConvertible {
  var arguments: String
  var status: Int32
  var sentence: String

  var testDescription: String { arguments }

  init(_ arguments: String, _ status: Int32, _ sentence: String) {
    (self.arguments, self.status, self.sentence) = (arguments, status, sentence)
  }

  static let usage = [
    Refusal(
      "slove p.yaml", 64,
      "there is no verb 'slove'; the verbs are solve, train, predict, compare, check, reference, "
        + "list, methods, bench, study, runs, show, plot, report, serve"),
    Refusal(
      "bench trian", 64,
      "there is no table 'trian'; the tables are stiff, nonstiff, rows, code, start, ensemble, "
        + "peers, lines, train, train-errors, train-cost, train-deepxde, flows, neural, fits, serve"
    ),
    Refusal(
      "bench train-cost stepp", 64,
      "there is no row 'stepp'; the rows are step, evaluations, memory, threads"),
    Refusal("p.yaml", 64, "there is no verb 'p.yaml'; write: cauchy solve p.yaml"),
    Refusal("solve", 64, "Error: Missing expected argument '<file>'"),
    Refusal(
      "solve p.yaml --frce", 64, "Error: Unknown option '--frce'. Did you mean '--force'?"),
    Refusal(
      "solve p.yaml --threads 0", 64,
      "Error: --threads 0 is not a number of threads; write 1 or more"),
    Refusal(
      "solve p.yaml --threads 1000", 64,
      "Error: --threads 1000 is more than any machine has use for; write 256 or less"),
    Refusal(
      "solve p.yaml --set solve.rtol", 64,
      "Error: --set 'solve.rtol' is not PATH=VALUE; write for example --set parameters.rho=99.65"),
    Refusal(
      "solve p.yaml --sensitivity k,", 64,
      "Error: --sensitivity 'k,' lacks a name; write for example --sensitivity sigma,rho"),
    Refusal(
      "solve p.yaml --sensitivity kk", 64,
      "--sensitivity kk: no parameter, estimate or unknown has this name; did you mean 'k'?"),
    Refusal(
      "solve p.yaml --sweep k=1:2", 64,
      "Error: The value 'k=1:2' is invalid for '--sweep <name=values>': 'k=1:2' is not a range; "
        + "write NAME=FROM:TO:COUNT, or NAME=FROM:TO:COUNT:log for logarithmic spacing"),
    Refusal(
      "solve p.yaml --sweep k=1:2:0", 64,
      "Error: The value 'k=1:2:0' is invalid for '--sweep <name=values>': '0' in 'k=1:2:0' is not "
        + "a count; write a whole number above 0 there"),
    Refusal(
      "solve p.yaml --sweep k=1 --sweep k=2", 64,
      "Error: --sweep names 'k' twice; sweep each name once"),
    Refusal(
      "solve p.yaml --sweep q=1,2", 64,
      "no parameter, estimate or unknown is called 'q'; sweep one of k, x, v"),
    Refusal(
      "solve p.yaml --sweep k=-1:2:3:log", 64,
      "--sweep k: a logarithmic range needs positive ends, not -1.0 and 2.0"),
    Refusal(
      "solve p.yaml --sweep k=1,1/0", 64,
      "--sweep k: '1/0' is not a finite constant; use numbers, pi and parameters"),
    Refusal(
      "solve p.yaml --noise 5%q", 64,
      "Error: The value '5%q' is invalid for '--noise <sigma>': '5%q' is no noise; write a standard "
        + "deviation such as 0.1, 5% (of the column's standard deviation), 5%mean (of its mean), or "
        + "x=0.1,y=5%"),
    Refusal(
      "solve p.yaml --noise x=0.1,0.2", 64,
      "Error: The value 'x=0.1,0.2' is invalid for '--noise <sigma>': '0.2' in 'x=0.1,0.2' is no "
        + "noise; write a standard deviation such as 0.1, 5% (of the column's standard deviation), "
        + "5%mean (of its mean), or x=0.1,y=5%"),
    Refusal(
      "solve p.yaml --noise x=1,x=2", 64,
      "Error: The value 'x=1,x=2' is invalid for '--noise <sigma>': 'x' has its noise twice; give it "
        + "once"),
    Refusal(
      "solve p.yaml --noise vv=1", 64, "--noise: no unknown is called 'vv'; did you mean 'v'?"),
    Refusal(
      "solve p.yaml --seed 2", 64,
      "Error: --seed: nothing is drawn at random; add for example --noise 0.1"),
    Refusal(
      "solve p.yaml --noise 1 --resume run", 64,
      "Error: --noise: a run that is resumed cannot be given noise; solve it anew"),
    Refusal(
      "methods tsit6", 64, "there is no method 'tsit6'; did you mean 'tsit5'?"),
  ]

  static let files = [
    Refusal(
      "solve none.yaml", 3, "none.yaml: cannot be read: No such file or directory; check the path"),
    Refusal(
      "check none.yaml", 3, "none.yaml: cannot be read: No such file or directory; check the path"),
    Refusal("solve .", 3, ".: cannot be read: Is a directory; check the path"),
    Refusal(
      "list none", 3,
      "cannot read none: No such file or directory; check that it exists and may be read"),
    Refusal(
      "solve p.yaml --set solve.rtoll=3", 2,
      "--set solve.rtoll=3: unknown key 'rtoll' in 'solve'; did you mean 'rtol'?"),
    Refusal(
      "solve p.yaml --set solve.method=tsit6", 2,
      "--set solve.method=tsit6: 'method' does not know 'tsit6'; did you mean 'tsit5'?"),
    Refusal(
      "solve p.yaml --set solve.method=symplectic4", 2,
      "p.yaml: symplectic4 has no error estimate; give a fixed step (solve.step)"),
    Refusal(
      "solve dae.yaml --set solve.method=dop853", 2,
      "dae.yaml: dop853 cannot solve equations with a mass matrix; use auto, rodas5p, bdf"),
    Refusal(
      "solve index2.yaml", 2,
      "index2.yaml: the algebraic equations do not determine the algebraic unknowns at t = 0.0: the "
        + "system's index is above 1; differentiate a constraint, or replace it by its derivative"),
    Refusal(
      "solve measured.yaml", 2,
      "measured.yaml:4:14: an initial value comes from the data; solving needs a number: write it, or "
        + "give it with --set"),
    Refusal(
      "solve p.yaml --sweep-file none.csv", 3,
      "none.csv: cannot be read: No such file or directory; check the path"),
    Refusal(
      "solve p.yaml --sweep-file bad.csv", 2,
      "bad.csv:2:3: 'x' in column 'x' is not a finite number; write a number such as 0.5 or 1e-3"),
  ]
}

@Suite(.tags(.endToEnd)) struct UsageTests {
  @Test(arguments: Refusal.usage + Refusal.files)
  func refusalIsSaid(_ refusal: Refusal) {
    let place = Place()
    place.write(Problems.oscillator, to: "p.yaml")
    place.write(
      """
      variables: {t: [0, 1]}
      unknowns: [u, z]
      equations: ["u' = -z", "z = u"]
      conditions: [u = 1 at t = 0]
      """, to: "dae.yaml")
    place.write(
      """
      variables: {t: [0, 1]}
      unknowns: [x, v, l]
      equations: ["x' = v", "v' = l", "x = sin(t)"]
      conditions: [x = 0 at t = 0, v = 1 at t = 0]
      """, to: "index2.yaml")
    place.write(
      """
      variables: {t: [0, 1]}
      unknowns: [x]
      equations: ["x' = -x"]
      conditions: [x = data at t = 0]
      data: {file: data.csv}
      """, to: "measured.yaml")
    place.write("t,x\n0,1\n1,0.4\n", to: "data.csv")
    place.write("k,x\n1,x\n", to: "bad.csv")
    let run = place.shell("exec \"$CAUCHY\" \(refusal.arguments)")
    #expect(run.status == refusal.status)
    #expect(run.output.isEmpty)
    #expect(run.errors.split(separator: "\n").first.map(String.init) == refusal.sentence)
    // What cannot begin leaves nothing behind.
    #expect(!Files.names(in: place.path).contains("outputs"))
  }

  /// Every fault in one pass, each with its place, its line and a caret under it.
  @Test func faultsAreToldTogether() {
    let place = Place()
    place.write(
      """
      title: typos
      varibles: {t: [0, 10]}
      variables: {t: [0, 10]}
      unknowns: [x, y]
      parameters: {alpha: 1.5, beta: 2*gama}
      equations:
        - x' = alhpa*x - beta*x*y
        - y' = sinn(x) + 3*(y
      conditions:
        - x = 1 at t = 0
        - y = 2 at t = 0
      solve: {rtol: -1e-3, method: tsit55}
      """, to: "typos.yaml")
    for verb in ["solve", "check"] {
      let run = place.cauchy(verb, "typos.yaml")
      #expect(run.status == 2)
      #expect(run.output.isEmpty)
      let lines = run.errors.split(separator: "\n", omittingEmptySubsequences: false).map(
        String.init)
      let places = lines.filter { $0.hasPrefix("typos.yaml:") }
      #expect(
        places.map { $0.split(separator: " ")[0] }
          == [2, 5, 7, 8, 8, 12, 12].enumerated().map { index, line in
            "typos.yaml:\(line):\([1, 34, 10, 10, 22, 15, 30][index]):"
          })
      for (index, line) in lines.enumerated() where line.hasPrefix("typos.yaml:") {
        let column = Int(line.split(separator: ":")[2]) ?? 0
        let caret = lines[index + 2]
        #expect(caret.prefix { $0 == " " }.count == column - 1)
        #expect(caret.drop { $0 == " " }.allSatisfy { $0 == "^" })
      }
    }
  }

  @Test func checkReadsEveryFile() throws {
    let place = Place()
    place.write(Problems.oscillator, to: "right.yaml")
    place.write("unknowns: [x]\n", to: "wrong.yaml")
    let run = place.cauchy("check", "wrong.yaml", "right.yaml")
    #expect(run.status == 2)
    #expect(run.output == "right.yaml: right; initial-value problem, 2 equations\n")
    #expect(run.errors.hasPrefix("wrong.yaml:1:1: the key 'variables' is missing"))
    let json = place.cauchy("check", "right.yaml", "--json")
    #expect(json.status == 0 && json.errors.isEmpty)
    #expect(json.output.contains("\"verdict\": \"right\""))
    // An editor's text that is not saved, with the fault's place.
    let text = place.shell(
      "sed 's/-k/-q/' right.yaml | \"$CAUCHY\" check right.yaml --stdin --json")
    #expect(text.status == 2)
    #expect(text.output.contains("\"message\": \"unknown name 'q'\""))
    #expect(place.cauchy("check", "right.yaml", "wrong.yaml", "--stdin").status == 64)
    let quiet = place.cauchy("check", "right.yaml", "--quiet")
    #expect(quiet.status == 0 && quiet.output.isEmpty && quiet.errors.isEmpty)
  }

  /// A name that `cauchy methods` prints solves; the table names no other.
  @Test func methodsAreThoseThatSolve() {
    let place = Place()
    place.write(Problems.oscillator, to: "p.yaml")
    let table = place.cauchy("methods")
    #expect(table.status == 0)
    let lines = table.output.split(separator: "\n").drop { !$0.hasPrefix("steppers") }.dropFirst()
    let names = lines.prefix { $0.hasPrefix("  ") }.map { $0.split(separator: " ")[0] }
    #expect(names.count == 19)
    for name in names {
      let run = place.cauchy(
        "solve", "p.yaml", "--out", String(name), "--set", "solve.method=\(name)", "--set",
        "solve.step=0.01")
      #expect(run.status == 0, "\(name): \(run.errors)")
    }
  }

  @Test(arguments: [
    "solve", "train", "predict", "compare", "check", "reference", "list", "methods", "bench",
    "study", "runs", "show", "plot", "report", "serve",
  ])
  func helpHasAnExample(_ verb: String) {
    let run = Place().cauchy(verb, "--help")
    #expect(run.status == 0)
    #expect(run.output.contains("Example"))
    #expect(run.output.contains("cauchy \(verb)"))
  }
}
