import Testing

/// A file of the gallery that is fitted to trajectories which a file of `problems/truth` made.
struct MeasuredCase: Sendable, CustomTestStringConvertible {
  var name: String
  /// Whether `solve` can answer it, with the start values of what is to be estimated.
  var isSolved = false
  /// Whether no condition gives the starts, which is said.
  var seeksStarts = false

  var testDescription: String { name }

  static let all = [
    MeasuredCase(name: "damped-pendulum-fit"),
    MeasuredCase(name: "fitzhugh-nagumo-unknown"),
    MeasuredCase(name: "hamiltonian-pendulum", seeksStarts: true),
    MeasuredCase(name: "hamiltonian-spring", seeksStarts: true),
    MeasuredCase(name: "lorenz-fit", isSolved: true),
    MeasuredCase(name: "lotka-volterra-ude"),
    MeasuredCase(name: "oscillators"),
    MeasuredCase(name: "pendulum-dae", isSolved: true),
    MeasuredCase(name: "second-order"),
    MeasuredCase(name: "sir-fit", isSolved: true),
    MeasuredCase(name: "spiral"),
    MeasuredCase(name: "stiff-kinetics"),
  ]

  /// The tables that the file says how to make: the arguments of the command, and the table's place
  /// in the gallery.
  var recipes: [(arguments: [String], table: String)] {
    let lines = (Files.read("\(Command.gallery)/\(name).yaml") ?? "").split(separator: "\n")
    let mark = "# Made by: cauchy "
    return zip(lines, lines.dropFirst()).filter { $0.0.hasPrefix(mark) }.map { line, next in
      let file = next.split(separator: " ").drop { !$0.hasSuffix("file:") }.dropFirst().first ?? ""
      return (
        line.dropFirst(mark.count).split(separator: " ").map {
          String($0).replacing("problems/", with: Command.gallery + "/")
        }, String(file.prefix { $0 != "," && $0 != "}" })
      )
    }
  }
}

@Suite(.tags(.endToEnd)) struct MeasuredGalleryTests {
  @Test(arguments: MeasuredCase.all)
  func isSound(_ problem: MeasuredCase) throws {
    let place = Place()
    let file = "\(Command.gallery)/\(problem.name).yaml"
    let check = place.cauchy("check", file)
    let isQuiet = check.errors.isEmpty
    let isWarned = check.errors.contains(
      "0 conditions for equations of total order 2; 'train' finds")
    #expect(check.status == 0 && (problem.seeksStarts ? isWarned : isQuiet), "\(check.errors)")
    let text = try #require(Files.read(file))
    #expect(text.contains("\nabout:") && text.contains("\ndata:"))
    let run = place.cauchy("solve", file, "--out", "run", "--quiet")
    #expect(run.status == (problem.isSolved ? 0 : 2), "\(run.errors)")
  }

  /// The table in the gallery is what its command writes, to the last byte.
  @Test(arguments: MeasuredCase.all)
  func tablesAreMadeAnew(_ problem: MeasuredCase) throws {
    let recipes = problem.recipes
    #expect(recipes.first?.table == "data/\(problem.name).csv")
    for (index, recipe) in recipes.enumerated() {
      let place = Place()
      let run = place.start(recipe.arguments + ["--out", "run-\(index)", "--quiet"]).wait()
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
      let made = try #require(Files.read(place("run-\(index)/trajectory.csv")))
      let kept = try #require(Files.read("\(Command.gallery)/\(recipe.table)"))
      #expect(made == kept, "\(recipe.table)")
    }
  }

  /// Every file of `problems/truth` is what some table is made by.
  @Test func everyTruthIsUsed() {
    let used = MeasuredCase.all.flatMap(\.recipes).flatMap(\.arguments)
    for name in Files.names(in: "\(Command.gallery)/truth") {
      #expect(used.contains("\(Command.gallery)/truth/\(name)"), "\(name)")
    }
  }
}
