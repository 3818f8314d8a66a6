import Testing

/// A file of the gallery, and how near to its truth the solution must come.
struct GalleryCase: Sendable, CustomTestStringConvertible {
  var name: String
  /// solve.rtol of the file.
  var tolerance: Double
  /// By how much the problem multiplies errors of the size of the tolerance; the reason is beside.
  var condition: Double
  var rows: Int
  /// The first row's time.
  var first = 0.0

  var testDescription: String { name }
  var bound: Double { tolerance * condition }

  static let all: [GalleryCase] = [
    // Each revolution passes the moon closely: errors there grow a hundredfold.
    GalleryCase(name: "arenstorf", tolerance: 1e-11, condition: 300, rows: 401),
    // Relative to a solution that grows backwards, errors shrink.
    GalleryCase(name: "bateman-backward", tolerance: 1e-10, condition: 10, rows: 101, first: 10),
    // Oscillations: errors add up, some tenth of the tolerance a step.
    GalleryCase(name: "bessel", tolerance: 1e-10, condition: 10, rows: 491, first: 1),
    GalleryCase(name: "damped-oscillator", tolerance: 1e-10, condition: 10, rows: 401),
    GalleryCase(name: "forced-oscillator", tolerance: 1e-10, condition: 10, rows: 241),
    GalleryCase(name: "harmonic-oscillator", tolerance: 1e-10, condition: 10, rows: 201),
    GalleryCase(name: "lotka-volterra", tolerance: 1e-9, condition: 30, rows: 201),
    GalleryCase(name: "pendulum", tolerance: 1e-9, condition: 10, rows: 201),
    GalleryCase(name: "pendulum-period", tolerance: 1e-10, condition: 10, rows: 201),
    GalleryCase(name: "rigid-body", tolerance: 1e-10, condition: 10, rows: 201),
    GalleryCase(name: "van-der-pol", tolerance: 1e-10, condition: 10, rows: 201),
    // Parabolas: exact but for rounding, which the bounces' times amplify a little.
    GalleryCase(name: "bouncing-ball", tolerance: 1e-10, condition: 0.01, rows: 301),
    // Limit cycles: what an error moves along the cycle stays, and the fronts are steep.
    GalleryCase(name: "brusselator", tolerance: 1e-9, condition: 30, rows: 401),
    GalleryCase(name: "fitzhugh-nagumo", tolerance: 1e-9, condition: 30, rows: 401),
    GalleryCase(name: "oregonator", tolerance: 1e-8, condition: 30, rows: 361),
    GalleryCase(name: "van-der-pol-stiff", tolerance: 1e-8, condition: 300, rows: 201),
    // A pole that falls, two pendulums that tumble: errors grow as exp(λ t).
    GalleryCase(name: "cart-pole", tolerance: 1e-10, condition: 30, rows: 201),
    GalleryCase(name: "double-pendulum", tolerance: 1e-10, condition: 300, rows: 501),
    GalleryCase(name: "lorenz", tolerance: 1e-10, condition: 1e4, rows: 2001),
    // Bodies that meet: errors grow with the inverse square of the distance.
    GalleryCase(name: "figure-eight", tolerance: 1e-11, condition: 100, rows: 401),
    GalleryCase(name: "kepler", tolerance: 1e-11, condition: 1e4, rows: 401),
    GalleryCase(name: "pleiades", tolerance: 1e-9, condition: 3000, rows: 301),
    // Kinetics and growth: the solution's own decay forgets errors.
    GalleryCase(name: "e5", tolerance: 1e-8, condition: 10, rows: 181, first: 1e-5),
    GalleryCase(name: "hires", tolerance: 1e-8, condition: 10, rows: 201),
    GalleryCase(name: "logistic", tolerance: 1e-10, condition: 10, rows: 201),
    GalleryCase(name: "parachutist", tolerance: 1e-10, condition: 10, rows: 201),
    GalleryCase(name: "pollution", tolerance: 1e-8, condition: 10, rows: 121),
    GalleryCase(name: "robertson", tolerance: 1e-8, condition: 10, rows: 161, first: 1e-5),
    GalleryCase(name: "robertson-dae", tolerance: 1e-8, condition: 10, rows: 161, first: 1e-5),
    GalleryCase(name: "sir", tolerance: 1e-9, condition: 10, rows: 151),
    // An error in the moment of ignition is multiplied by the speed of the front.
    GalleryCase(name: "flame", tolerance: 1e-10, condition: 100, rows: 401),
    // Circuits and constraints: algebraic unknowns have no error control of their own.
    GalleryCase(name: "circle-dae", tolerance: 1e-9, condition: 30, rows: 126),
    GalleryCase(name: "transistor-amplifier", tolerance: 1e-8, condition: 30, rows: 401),
    GalleryCase(name: "ring-modulator", tolerance: 1e-7, condition: 100, rows: 1001),
    // h⁴ = 1e-8 at a fixed step, over a time of 100.
    GalleryCase(name: "henon-heiles", tolerance: 1e-8, condition: 100, rows: 1001),
    // So stiff that the order of a Rosenbrock method falls to its stage order between steps.
    GalleryCase(name: "prothero-robinson", tolerance: 1e-9, condition: 1000, rows: 201),
  ]
}

@Suite(.tags(.endToEnd)) struct GalleryTests {
  @Test func everyFileHasItsCase() {
    let solved = GalleryCase.all.map(\.name) + FieldCase.all.map(\.name)
    let learned = FieldCase.learned.map(\.0) + MeasuredCase.all.map(\.name)
    #expect((solved + learned).sorted() == Files.gallery.sorted())
  }

  @Test(arguments: GalleryCase.all)
  func reachesItsTruth(_ problem: GalleryCase) throws {
    let place = Place()
    let file = "\(Command.gallery)/\(problem.name).yaml"
    let check = place.cauchy("check", file)
    #expect(check.status == 0 && check.errors.isEmpty, "\(check.errors)")
    let run = place.cauchy("solve", file, "--out", "run")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.isEmpty)
    let summary = try #require(Report(file: place("run/summary.json")))
    #expect(summary.outcome == "reached")
    #expect(summary.warnings.isEmpty)
    #expect(summary.files.sorted() == Files.names(in: place("run")))
    #expect(summary.files.first == "trajectory.csv")
    let error = try #require(summary.worstError, "no truth")
    #expect(error <= problem.bound)

    let table = try #require(CSV(place("run/trajectory.csv")))
    #expect(table.rows.count == problem.rows)
    #expect(table.rows.allSatisfy { $0.count == table.columns.count })
    let times = table[table.columns[0]]
    #expect(times.first == problem.first)
    let direction = problem.name == "bateman-backward" ? -1.0 : 1
    #expect(zip(times, times.dropFirst()).allSatisfy { ($1 - $0) * direction > 0 })
    let last = try #require(table.rows.last?.first)
    #expect(summary.message == "reached \(table.columns[0]) = \(last)")
    for row in table.rows {
      #expect(row.allSatisfy { Double($0)?.isFinite == true })
    }
  }

  /// Native code and tape, the resolved file and its source, the first run and the second: one
  /// solution, to the last bit.
  @Test(arguments: GalleryCase.all.map(\.name))
  func givesTheSameBytes(_ name: String) throws {
    let place = Place()
    let file = "\(Command.gallery)/\(name).yaml"
    let runs = [
      ["solve", file, "--set", "solve.code=tape", "--out", "tape"],
      ["solve", file, "--set", "solve.code=native", "--out", "native"],
      ["solve", "tape/problem.yaml", "--set", "solve.code=tape", "--out", "again"],
      ["solve", "again/problem.yaml", "--out", "resolved"],
    ]
    for arguments in runs {
      let run = place.start(arguments + ["--quiet"]).wait()
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.isEmpty && run.errors.isEmpty)
    }
    let native = try #require(Report(file: place("native/summary.json")))
    #expect(native.warnings.isEmpty, "the native code was not used")
    let bytes = try #require(Files.read(place("tape/trajectory.csv")))
    for folder in ["native", "again", "resolved"] {
      #expect(Files.read(place("\(folder)/trajectory.csv")) == bytes, "\(folder)")
    }
    #expect(
      Files.read(place("tape/problem.yaml")) == Files.read(place("again/problem.yaml")))
  }

  @Test func listNamesEveryFileWithItsTitle() {
    let place = Place()
    let list = place.cauchy("list", Command.gallery)
    #expect(list.status == 0 && list.errors.isEmpty)
    let lines = list.output.split(separator: "\n")
    // Behind the gallery stand the files that its data were made with.
    #expect(lines.count > Files.gallery.count)
    #expect(
      lines.dropFirst(Files.gallery.count).allSatisfy { $0.contains("/problems/truth/") })
    for (line, name) in zip(lines, Files.gallery) {
      #expect(line.hasPrefix("\(Command.gallery)/\(name).yaml  "))
      #expect(!line.contains("(wrong") && !line.contains("(no title)"))
    }
  }
}
