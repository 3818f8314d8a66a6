import Testing

@Suite(.tags(.endToEnd)) struct PredictTests {
  /// Trains once; the folder has the run and its problem.
  private static let trained: Place = {
    let place = Place()
    place.write(Problems.bump, to: "bump.yaml")
    place.write(Problems.rod, to: "rod.yaml")
    _ = place.cauchy("train", "bump.yaml", "--out", "bump", "--quiet")
    _ = place.cauchy("train", "rod.yaml", "--out", "rod", "--quiet")
    return place
  }()

  /// At the points of trajectory.csv the model gives trajectory.csv: its columns of unknowns and
  /// observables are replaced by what is predicted.
  @Test(arguments: ["bump", "rod"]) func ownRowsComeBack(_ name: String) {
    let place = PredictTests.trained
    let run = place.cauchy("predict", name, "--at", "\(name)/trajectory.csv")
    #expect(run.status == 0 && run.errors.isEmpty)
    let isSame = run.output == Files.read(place("\(name)/trajectory.csv"))
    #expect(isSame)
  }

  /// Columns in another order, further ones carried along, into a file.
  @Test func columnsAreFoundByName() throws {
    let place = PredictTests.trained
    place.write("station,t,x\n7,0.25,0.5\n8,0,0.5\n", to: "points.csv")
    let run = place.cauchy("predict", "rod", "--at", "points.csv", "--out", "values.csv")
    #expect(run.status == 0 && run.output.isEmpty && run.errors.isEmpty)
    let table = try #require(CSV(place("values.csv")))
    #expect(table.columns == ["station", "t", "x", "u"])
    #expect(table["station"] == [7, 8] && table["t"] == [0.25, 0] && table["x"] == [0.5, 0.5])
    // u(x, 0) = sin(πx) is built in; exp(-π²/16)·sin(π/2) is learned in fifteen steps.
    #expect((table["u"][1] - 1).magnitude < 1e-3)
    #expect((table["u"][0] - exponential(-9.869604401089358 / 16)).magnitude < 1e-2)
  }

  @Test func pointsOutsideAreWarnedOf() {
    let place = PredictTests.trained
    place.write("x\n0.5\n1.5\n-1\n", to: "outside.csv")
    let run = place.cauchy("predict", "bump", "--at", "outside.csv")
    #expect(run.status == 0 && run.output.hasPrefix("x,u,twice\n0.5,"))
    #expect(
      run.errors == "outside.csv: warning: 2 of 3 points lie outside the domain, the first of them "
        + "x = 1.5; nothing was learned there\n")
  }

  @Test(arguments: [
    (
      "y\n1\n", 2,
      "bad.csv:1:1: there is no column 'x'; give every variable a column: x"
    ),
    (
      "x,x\n1,1\n", 2,
      "bad.csv:1:1: there are 2 columns 'x'; leave all but one of them out"
    ),
    (
      "x\n0.5\nhalf\n", 2,
      "bad.csv:3:1: 'half' in column 'x' is not a finite number; write a number such as 0.5 or 1e-3"
    ),
  ])
  func badPoints(_ table: String, _ status: Int32, _ sentence: String) {
    let place = Place()
    place.write(table, to: "bad.csv")
    let run = place.cauchy("predict", PredictTests.trained("bump"), "--at", "bad.csv")
    #expect(run.status == status && run.output.isEmpty)
    #expect(run.errors.split(separator: "\n").first.map(String.init) == sentence)
  }

  @Test func missingPoints() {
    let run = PredictTests.trained.cauchy("predict", "bump", "--at", "none.csv")
    #expect(run.status == 3 && run.output.isEmpty)
    #expect(
      run.errors == "none.csv: cannot be read: No such file or directory; check the path\n")
  }

  /// A solved run has no model; a cut one is not read.
  @Test func noModel() throws {
    let place = Place()
    place.write(Problems.bump, to: "bump.yaml")
    #expect(place.cauchy("solve", "bump.yaml", "--out", "solved", "--quiet").status == 0)
    let solved = place.cauchy("predict", "solved", "--at", "solved/trajectory.csv")
    #expect(solved.status == 64)
    #expect(
      solved.errors == "solved has no model.safetensors; give the folder of a run of 'cauchy "
        + "train'\n")
    #expect(place.cauchy("train", "bump.yaml", "--out", "run", "--quiet").status == 0)
    let cut = place.shell(
      "head -c 700 run/model.safetensors > x && mv x run/model.safetensors && "
        + "exec \"$CAUCHY\" predict run --at run/trajectory.csv")
    #expect(cut.status == 64 && cut.output.isEmpty)
    #expect(cut.errors.hasPrefix("run/model.safetensors: safetensors: "))
  }
}
