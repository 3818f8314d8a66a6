import Testing

/// A file of the gallery with several variables, or with conditions at both ends, and how near to
/// its truth the solution must come.
struct FieldCase: Sendable, CustomTestStringConvertible {
  var name: String
  /// solve.accuracy of the file: relative, the estimate of the solution's own refinement.
  var accuracy: Double
  /// How far the error may lie above the estimate; 3 unless the reason is beside.
  var slack = 3.0
  /// The accuracy of the file's truth, relative to the solution's size.
  var truth = 0.0
  /// Rows of trajectory.csv: the product of the counts under `output`.
  var rows: Int
  /// Solved in a second or so: cheap enough for a second run.
  var isQuick = false

  var testDescription: String { name }
  var bound: Double { accuracy * slack + truth }

  static let all: [FieldCase] = [
    FieldCase(name: "advection", accuracy: 1e-7, rows: 65 * 51, isQuick: true),
    FieldCase(name: "allen-cahn", accuracy: 1e-5, truth: 1e-10, rows: 101 * 51),
    FieldCase(name: "allen-cahn-smooth", accuracy: 1e-7, truth: 2e-11, rows: 101 * 51),
    FieldCase(name: "anisotropic-diffusion", accuracy: 1e-6, rows: 21 * 21 * 11),
    FieldCase(name: "boundary-layer", accuracy: 1e-8, rows: 101, isQuick: true),
    FieldCase(name: "bratu", accuracy: 1e-10, rows: 101, isQuick: true),
    FieldCase(name: "bratu-upper", accuracy: 1e-10, rows: 101, isQuick: true),
    FieldCase(name: "brusselator-1d", accuracy: 1e-7, truth: 2e-10, rows: 51 * 51),
    FieldCase(name: "brusselator-2d", accuracy: 1e-4, truth: 1e-9, rows: 21 * 21 * 11),
    FieldCase(name: "burgers", accuracy: 1e-7, truth: 1e-12, rows: 201 * 51),
    // Solved with the start of nu, three times its truth: that far is the solution from the truth.
    FieldCase(name: "burgers-viscosity", accuracy: 1e-5, truth: 0.08, rows: 201 * 51),
    // What fractional powers of r leave to polynomials lies at the corner, where the estimate looks.
    FieldCase(name: "corner-plain", accuracy: 1e-3, slack: 1, rows: 41 * 41, isQuick: true),
    FieldCase(name: "corner-singularity", accuracy: 1e-3, slack: 1, rows: 41 * 41, isQuick: true),
    FieldCase(name: "euler-beam", accuracy: 1e-6, rows: 101, isQuick: true),
    FieldCase(name: "fisher-kpp", accuracy: 1e-7, rows: 61 * 41, isQuick: true),
    FieldCase(name: "gray-scott", accuracy: 1e-4, truth: 2e-9, rows: 21 * 21 * 11),
    FieldCase(name: "heat", accuracy: 1e-8, rows: 51 * 51, isQuick: true),
    FieldCase(name: "heat-2d", accuracy: 1e-7, rows: 21 * 21 * 11),
    FieldCase(name: "heated-rod", accuracy: 1e-8, rows: 41 * 41, isQuick: true),
    FieldCase(name: "helmholtz", accuracy: 1e-9, rows: 51 * 51),
    // A shock is smeared over a cell or two of 0.01, which of a block of length 1 to 1.75 in the
    // square mean is (0.01/1.75)^½: no estimate is asked of it, since the grid is fixed.
    FieldCase(name: "inviscid-burgers", accuracy: 0.08, slack: 1, rows: 101 * 16),
    FieldCase(name: "kdv", accuracy: 1e-6, truth: 1e-10, rows: 201 * 51),
    FieldCase(name: "kdv-two-soliton", accuracy: 1e-6, rows: 101 * 41),
    FieldCase(name: "kuramoto-sivashinsky", accuracy: 1e-4, truth: 2e-10, rows: 101 * 51),
    FieldCase(name: "kuramoto-sivashinsky-half", accuracy: 1e-4, truth: 2e-10, rows: 101 * 26),
    FieldCase(name: "lid-cavity", accuracy: 1e-3, truth: 1e-6, rows: 41 * 41),
    FieldCase(name: "lid-cavity-corners", accuracy: 1e-3, truth: 1e-6, rows: 41 * 41),
    FieldCase(name: "nonlinear-elliptic", accuracy: 1e-8, rows: 41 * 41, isQuick: true),
    FieldCase(name: "nonlocal-fisher", accuracy: 1e-7, rows: 41 * 41, isQuick: true),
    FieldCase(name: "poisson", accuracy: 1e-9, rows: 51 * 51, isQuick: true),
    // A cubic through cos(pi*x) at 4 points is off by some hundredth in the middle.
    FieldCase(name: "poisson-5d", accuracy: 0.01, slack: 1, rows: 3125),
    FieldCase(name: "schrodinger", accuracy: 1e-4, truth: 1e-7, rows: 101 * 51),
    FieldCase(name: "schrodinger-breather", accuracy: 1e-3, rows: 101 * 51),
    FieldCase(name: "sine-gordon", accuracy: 1e-6, rows: 101 * 51),
    FieldCase(name: "taylor-green", accuracy: 1e-6, rows: 21 * 21 * 11),
    FieldCase(name: "volterra", accuracy: 1e-10, rows: 101, isQuick: true),
    FieldCase(name: "wave", accuracy: 1e-7, rows: 101 * 51, isQuick: true),
    FieldCase(name: "wave-2d", accuracy: 1e-6, rows: 21 * 21 * 21),
  ]

  /// Files whose grid is fixed say no estimate that has to be met.
  var refines: Bool { !["inviscid-burgers", "poisson-5d"].contains(name) }

  /// Files that nothing but training answers, and what else `check` says of them.
  static let learned = [
    ("diffusion-field", ["0 conditions in 'x'", "0 conditions in 'y'"]), ("fisher-ude", []),
  ]
}

@Suite(.tags(.endToEnd)) struct FieldGalleryTests {
  @Test(arguments: FieldCase.all)
  func reachesItsTruth(_ problem: FieldCase) throws {
    let place = Place()
    let file = "\(Command.gallery)/\(problem.name).yaml"
    let check = place.cauchy("check", file)
    #expect(check.status == 0 && check.errors.isEmpty, "\(check.errors)")
    let run = place.cauchy("solve", file, "--out", "run", "--quiet")
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    let summary = try #require(Report(file: place("run/summary.json")))
    #expect(summary.outcome == "reached", "\(summary.message)")
    #expect(summary.warnings.isEmpty, "\(summary.warnings)")
    #expect(summary.files.sorted() == Files.names(in: place("run")))
    let error = try #require(summary.worstError, "no truth")
    #expect(error <= problem.bound)
    if problem.refines {
      let estimate = try #require(summary.worstEstimate, "no estimate")
      #expect(estimate <= problem.accuracy)
    }
    let table = try #require(CSV(place("run/trajectory.csv")))
    #expect(table.rows.count == problem.rows)
    for row in table.rows {
      #expect(row.count == table.columns.count && row.allSatisfy { Double($0)?.isFinite == true })
    }
  }

  @Test(arguments: FieldCase.learned)
  func asksForAModel(_ name: String, _ warnings: [String]) throws {
    let place = Place()
    let file = "\(Command.gallery)/\(name).yaml"
    let check = place.cauchy("check", file)
    #expect(check.status == 0, "\(check.errors)")
    let said = check.errors.split(separator: "\n").filter { $0.contains("warning: ") }
    #expect(said.count == warnings.count)
    for (line, warning) in zip(said, warnings) { #expect(line.contains(warning)) }
    let run = place.cauchy("solve", file, "--out", "run", "--quiet")
    #expect(run.status == 2)
    #expect(
      run.errors.hasSuffix(
        "\(name).yaml: networks stand in the equations; train them with cauchy train, then "
          + "solve with --model RUN\n"))
    #expect(Files.names(in: place("run")).isEmpty)
  }

  /// The first run and the second, the file and what it was resolved to: one solution, to the last
  /// bit.
  @Test(arguments: FieldCase.all.filter(\.isQuick).map(\.name))
  func givesTheSameBytes(_ name: String) throws {
    let place = Place()
    for (file, folder) in [
      ("\(Command.gallery)/\(name).yaml", "first"), ("first/problem.yaml", "resolved"),
    ] {
      let run = place.cauchy("solve", file, "--out", folder, "--quiet")
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    }
    let bytes = try #require(Files.read(place("first/trajectory.csv")))
    #expect(Files.read(place("resolved/trajectory.csv")) == bytes)
  }
}

extension Report {
  /// The largest estimated error of an unknown; nil without an estimate.
  var worstEstimate: Double? { (values["estimated_error"] as? [String: Double])?.values.max() }
}
