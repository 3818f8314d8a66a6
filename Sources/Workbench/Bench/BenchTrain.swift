import Reports

/// Trainings with the tool's own defaults in a given time, beside what others published.
package enum BenchTrain {
  /// A problem, the time it is given and the error wanted.
  struct Case: Sendable {
    /// How the command's words name it.
    var name: String
    /// The problem file's name, where it is another one.
    var file: String?
    var seconds: Double
    var goal: Double
    /// The best that others reached, as far as it is published.
    var theirs: Double?
    /// Whose figure that is, and others beside it.
    var source = ""
    /// Whether the training ends at the goal.
    var endsAtGoal = false
    var measured = BenchTraining.Measured.unknowns
  }

  /// Problems with published figures, then others of the gallery.
  static let cases =
    published + kinds + inverse
    + further.map { Case(name: $0, seconds: 300, goal: 1e-4, endsAtGoal: true) }

  private static let further = [
    "lotka-volterra", "pendulum", "euler-beam", "bratu", "fisher-kpp", "sine-gordon",
  ]

  private static let published = [
    Case(
      name: "poisson", seconds: 10, goal: 1e-10, theirs: 6e-8,
      source: "ENGD in 1000 s on a GPU; Adam 9e-5, L-BFGS 2e-4 there; prototype 2e-12 in 8 s"),
    Case(
      name: "heat", seconds: 20, goal: 1e-9, theirs: 3e-8, source: "ENGD in 1000 s on a GPU"),
    Case(
      name: "burgers", seconds: 60, goal: 1e-6, theirs: 6.7e-4,
      source: "Raissi; DeepXDE's example 1.2e-3 in 89 s; JAX prototype, front known, 4e-6 in 80 s"),
    Case(
      name: "burgers-300", file: "burgers", seconds: 300, goal: 1e-7, theirs: 1.6e-8,
      source: "SSBroyden in 2878 s; JAX prototype, front known, 5e-7 in 280 s"),
    Case(
      name: "helmholtz", seconds: 60, goal: 1e-8, theirs: 4e-9,
      source: "natural gradient in 251 s on a GPU; JAX prototype 3e-7 in 60 s"),
    Case(
      name: "wave", seconds: 120, goal: 1e-6, theirs: 1.6e-2,
      source: "first-order; JAX prototype 3e-5 in 80 s"),
    Case(
      name: "allen-cahn-smooth", seconds: 300, goal: 1e-6, theirs: 2e-5,
      source: "Adam's class on the kinked one; JAX prototype 2e-5 in 60 s"),
  ]

  /// Waves, chaos, more dimensions, corners and integrals.
  private static let kinds = [
    Case(
      name: "kdv", seconds: 300, goal: 1e-5, theirs: 4e-4,
      source: "PirateNet; JAX prototype 4e-4 in 80 s"),
    Case(
      name: "schrodinger", seconds: 300, goal: 1e-5, theirs: 2e-3,
      source: "Raissi; the kink at the ends leaves 1e-5 to 116 modes and more"),
    Case(name: "schrodinger-breather", seconds: 300, goal: 1e-5),
    Case(
      name: "kuramoto-sivashinsky-half", seconds: 600, goal: 1e-3, theirs: 2.7e-5,
      source: "SSBroyden in five windows"),
    Case(
      name: "poisson-5d", seconds: 120, goal: 1e-6, theirs: 6e-8,
      source: "ENGD on a GPU; Adam 1e-3 in 3000 s there"),
    Case(name: "advection", seconds: 300, goal: 1e-5, endsAtGoal: true),
    Case(name: "lid-cavity-corners", seconds: 300, goal: 5e-3, endsAtGoal: true),
    Case(
      name: "corner-singularity", seconds: 120, goal: 1e-4,
      measured: .observable("u", error: "u_error")),
    Case(name: "volterra", seconds: 60, goal: 1e-8, endsAtGoal: true),
  ]

  private static let inverse = [
    Case(
      name: "burgers-viscosity", seconds: 120, goal: 1e-2,
      measured: .estimate("nu", 0.01 / Double.pi)),
    Case(
      name: "diffusion-field", seconds: 300, goal: 1.5e-2, theirs: 1.5e-2,
      source: "the best published, of inconsistent equations",
      measured: .observable("a", error: "a_error")),
  ]

  /// Measures the errors of the rows chosen.
  package static func measure(
    _ options: BenchOptions, _ give: (BenchRow) throws -> Void
  ) throws {
    for row in cases where options.wants(row.name) { try give(measure(row, options)) }
  }

  private static func measure(_ row: Case, _ options: BenchOptions) throws -> BenchRow {
    let seconds = options.limited(row.seconds)
    var results: [BenchTraining.Result] = []
    var parameters = 0
    for seed in 1...options.seeds {
      var overrides = ["train.seed=\(seed)", "train.stop.seconds=\(seconds)"]
      if row.endsAtGoal, case .unknowns = row.measured {
        overrides.append("train.stop.error=\(row.goal)")
      }
      let training = try BenchTraining(
        "problems/\(row.file ?? row.name).yaml", overrides, threads: options.workers,
        measured: row.measured)
      parameters = training.model.parameters.count
      results.append(try training.run(goal: row.goal))
    }
    let label = "\(row.name), \(NumberText.text(seconds)) s, \(parameters) parameters"
    let error = BenchTiming.median(results.map(\.error))
    var found = BenchRow.compare(
      label, .error(error), row.theirs.map(BenchFigure.error), note: note(row, results))
    found.target = .atMost(.error(row.goal))
    // A time cut short settles nothing but what it reaches.
    let isReached = error <= row.goal
    found.isReached = seconds < row.seconds && !isReached ? nil : isReached
    return found
  }

  private static func note(_ row: Case, _ results: [BenchTraining.Result]) -> String {
    let errors = results.map(\.error)
    let reached = results.compactMap(\.reachedAfter)
    let ends = [errors.min() ?? .nan, errors.max() ?? .nan].map { NumberText.text($0, digits: 2) }
    let steps = BenchTiming.median(results.map { Double($0.steps) })
    let spread =
      results.count == 1
      ? "1 seed" : "\(ends[0]) to \(ends[1]) over \(results.count) seeds"
    var parts = [spread, "\(NumberText.text(steps)) steps"]
    if !reached.isEmpty {
      let after = NumberText.text(BenchTiming.median(reached), digits: 3)
      parts.append("goal after \(after) s in \(reached.count) of \(results.count)")
    }
    let covered = results.compactMap(\.isCovered)
    if !covered.isEmpty {
      parts.append("in its interval \(covered.count(where: \.self)) of \(covered.count)")
    }
    if let failure = results.compactMap(\.failure).first { parts.append("failed: \(failure)") }
    if !row.source.isEmpty { parts.append("theirs: \(row.source)") }
    return parts.joined(separator: "; ")
  }
}

extension BenchTable {
  static let trainErrors = BenchTable(
    name: "train-errors",
    about: "relative L2 error of trainings by default, wall time without start-up, median of three "
      + "seeds; theirs: as published, other machines, other times",
    group: "train", rows: BenchTrain.cases.map(\.name), body: BenchTrain.measure)
}
