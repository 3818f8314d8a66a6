import Foundation
import Reports
import Testing
import Workbench

/// A run, and the figures that it has to show.
struct FigureCase: Sendable, CustomTestStringConvertible {
  enum Verb: Sendable {
    case solve, train, compare
  }

  var name: String
  var verb = Verb.solve
  var overrides: [String] = []
  var sweeps: [String] = []
  var sensitivities: [String] = []
  /// Name to how many panels it has.
  var figures: [String: Int]

  var testDescription: String { name + overrides.joined() }

  private static let gallery =
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    .joined(separator: "/") + "/problems"

  /// Makes the run in a folder of its own, which the caller removes.
  func run() throws -> RecordedRun {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "cauchy-figures-\(UUID().uuidString)").path
    let file = "\(FigureCase.gallery)/\(name).yaml"
    var options = RunOptions()
    (options.out, options.overrides, options.threads) = (folder, overrides, 1)
    (options.quiet, options.figures) = (true, false)
    switch verb {
    case .solve:
      var solve = SolveOptions(file: file)
      solve.run = options
      solve.sweeps = try sweeps.map(Sweep.init(parsing:))
      solve.sensitivities = sensitivities
      _ = SolveWorkflow(solve).run()
    case .train:
      var train = TrainOptions(file: file)
      train.run = options
      _ = TrainWorkflow(train).run()
    case .compare:
      var compare = CompareOptions(file: file)
      compare.run = options
      compare.flows = ["gradient", "adam"]
      _ = CompareWorkflow(compare).run()
    }
    return try RecordedRun.read(folder)
  }

  private static func steps(_ count: Int) -> String { "train.stop={steps: \(count)}" }

  /// A kind of problem and of run each; together they show every kind of figure but `study`.
  static let all = [
    FigureCase(name: "lorenz", figures: ["components": 1, "phase": 1, "error": 1]),
    // Three stacked panels on a logarithmic time axis; no orbit.
    FigureCase(name: "robertson", figures: ["components": 3, "observables": 1, "error": 1]),
    FigureCase(
      name: "bouncing-ball", figures: ["components": 2, "observables": 1, "phase": 1, "error": 1]),
    // Bodies in a plane, second order.
    FigureCase(
      name: "pleiades", figures: ["components": 14, "observables": 1, "phase": 1, "error": 1]),
    // One unknown of second order, over its slope.
    FigureCase(name: "damped-oscillator", figures: ["components": 1, "phase": 1, "error": 1]),
    FigureCase(name: "pollution", figures: ["components": 20, "error": 1]),
    FigureCase(
      name: "bateman-backward", figures: ["components": 1, "phase": 1, "error": 1]),
    FigureCase(
      name: "lotka-volterra", sensitivities: ["alpha", "beta"],
      figures: ["components": 1, "observables": 1, "sensitivities": 4, "phase": 1, "error": 1]),
    FigureCase(
      name: "lorenz", overrides: ["output.t=101"], sweeps: ["rho=20:28:5"], figures: ["cases": 3]),
    // Two names: one by colour, one by panels.
    FigureCase(
      name: "logistic", overrides: ["output.t=11"], sweeps: ["r=1,2", "K=1:2:3"],
      figures: ["cases": 2]),
    // A boundary-value problem with rows that are not even.
    FigureCase(name: "boundary-layer", figures: ["components": 1, "error": 1]),
    FigureCase(name: "heat", figures: ["field": 1, "slices": 1, "error": 1]),
    FigureCase(name: "heat-2d", figures: ["field": 6, "slices": 1, "error": 6]),
    FigureCase(name: "helmholtz", figures: ["field": 1, "slices": 2, "error": 1]),
    // Two unknowns.
    FigureCase(name: "brusselator-1d", figures: ["field": 2, "slices": 2, "error": 2]),
    // Backwards in no variable, places from a negative time on.
    FigureCase(name: "kdv-two-soliton", figures: ["field": 1, "slices": 1, "error": 1]),
    FigureCase(
      name: "poisson", verb: .train, overrides: [steps(8)],
      figures: ["field": 1, "slices": 2, "error": 1, "loss": 1, "steps": 2, "residual": 1]),
    FigureCase(
      name: "bratu", verb: .train, overrides: [steps(8)],
      figures: ["components": 1, "error": 1, "loss": 1, "steps": 2, "residual": 1]),
    // Points drawn anew, three variables.
    FigureCase(
      name: "heat-2d", verb: .train, overrides: [steps(4), "train.points.refresh=2"],
      figures: ["field": 6, "slices": 1, "error": 6, "loss": 1, "steps": 2, "residual": 6]),
    FigureCase(
      name: "lotka-volterra-ude", verb: .train, overrides: ["train.stop={steps: [30, 3, 3]}"],
      figures: [
        "components": 2, "phase": 1, "fit": 2, "terms": 2, "error": 1, "loss": 1, "steps": 2,
      ]),
    // Several trajectories, of which some are kept for a test.
    FigureCase(
      name: "hamiltonian-spring", verb: .train, overrides: ["train.stop={steps: [10, 1, 1]}"],
      figures: ["fit": 6, "terms": 1, "loss": 1, "steps": 2]),
    // A field; its term has one input.
    FigureCase(
      name: "fisher-ude", verb: .train, overrides: ["train.stop={steps: [2, 2, 2, 2]}"],
      figures: [
        "fit": 6, "terms": 1, "field": 1, "slices": 1, "error": 1, "loss": 1, "steps": 2,
      ]),
    FigureCase(
      name: "bratu", verb: .compare, overrides: [steps(10)], figures: ["comparison": 3]),
  ]
}
