import Flows
import Problems
import Reports
import Residuals

/// What fits of the gallery reach with their own defaults: medians over three seeds.
enum BenchFits {
  private struct Row: Sendable {
    let name: String
    let file: String
    let what: String
    let limit: Double
    let measure: @Sendable (FittedModel) throws -> Double
  }

  static let names = table.map(\.name)

  private static let table: [Row] = [
    Row(
      name: "spiral", file: "spiral", what: "cubic spiral: mean square error", limit: 1e-8
    ) { model in
      try model.meanSquareMisfit()
    },
    Row(
      name: "pendulum", file: "damped-pendulum-fit",
      what: "damped pendulum to t = 20: relative error", limit: 0.03
    ) { model in
      try model.errorBesideReference()
    },
    Row(
      name: "lorenz", file: "lorenz-fit", what: "Lorenz: worst relative error of the parameters",
      limit: 0.003
    ) { model in
      let truth = ["sigma": 10, "rho": 28, "beta": 8.0 / 3]
      return model.found.map { ($1 / (truth[$0] ?? .nan) - 1).magnitude }.max() ?? .nan
    },
  ]

  static func measure(_ options: BenchOptions, _ give: (BenchRow) throws -> Void) throws {
    for row in table where options.wants(row.name) {
      var (errors, seconds): ([Double], [Double]) = ([], [])
      for seed in 1...3 {
        let model = try fit(
          problemFile: "problems/\(row.file).yaml", set: ["train.seed=\(seed)"],
          threads: options.threads)
        errors.append(try row.measure(model))
        seconds.append(model.report?.seconds ?? .nan)
      }
      try give(
        .bound(
          row.what, .error(BenchTiming.median(errors)), .atMost(.error(row.limit)),
          note: "\(BenchFigure.seconds(BenchTiming.median(seconds)).text), medians of three seeds"))
      if row.name == "spiral" { try giveSpiralPeers(BenchTiming.median(errors), give) }
    }
  }

  /// How long others may train: as long as the goal allows.
  private static let peerSeconds = 20.0

  private static func giveSpiralPeers(
    _ own: Double, _ give: (BenchRow) throws -> Void
  ) throws {
    guard let bytes = FileBytes.read("problems/data/spiral.csv") else { return }
    let table = String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst()
      .joined(separator: "\n")
    for run in try BenchFitsPython.spiral(table, seconds: peerSeconds) {
      try give(
        .compare(
          "the same with \(run.library) and Adam, \(Int(peerSeconds)) s", .error(own),
          .error(run.error), note: "\(run.steps) steps on batches of 20 pieces"))
    }
  }
}

extension FittedModel {
  /// The mean square distance of all measurements from the fit.
  fileprivate func meanSquareMisfit() throws -> Double {
    var (sum, count) = (0.0, 0)
    for series in fit.data.series {
      let rows = try values(at: series.times, of: series.label)
      for (row, state) in rows.enumerated() {
        for (column, entry) in fit.data.columns.enumerated() {
          guard let place = fit.problem.unknowns.firstIndex(of: entry.name) else { continue }
          let misfit = state[place] - series.values[column][row]
          if misfit.isFinite { (sum, count) = (sum + misfit * misfit, count + 1) }
        }
      }
    }
    return sum / Double(max(count, 1))
  }

  /// The worst relative error of an unknown over the points of the reference.
  fileprivate func errorBesideReference() throws -> Double {
    guard let table = fit.problem.reference?.table, let name = fit.problem.variables.first?.name,
      let times = table.column(name)
    else { return .nan }
    let rows = try values(at: times)
    return fit.problem.unknowns.enumerated().compactMap { place, unknown -> Double? in
      guard let truth = table.column(unknown), rows.count == truth.count else { return nil }
      let sum = zip(rows, truth).reduce(0) { $0 + ($1.0[place] - $1.1) * ($1.0[place] - $1.1) }
      return (sum / truth.reduce(0) { $0 + $1 * $1 }).squareRoot()
    }.max() ?? .nan
  }
}

extension BenchTable {
  static let fits = BenchTable(
    name: "fits",
    about: "neural and universal differential equations and inverse problems, own defaults",
    rows: BenchFits.names, body: BenchFits.measure)
}
