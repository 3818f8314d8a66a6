import Flows
import Problems
import Residuals

extension FitTraining {
  /// Factors of the default ridge that are tried, from 1 on, while the validation data are met better.
  private static let ladders = [[10.0, 100, 1000], [0.1, 0.01]]

  /// Whether nobody says what the ridge weighs, and measurements are kept aside to tell.
  private var seeksRidge: Bool {
    fit.plan.ridge > 0 && fit.layout.networkCount > 0
      && fit.data.series.contains { $0.roles.contains(.validation) }
      && !fit.plan.choices.contains { $0.key == "train.regularize" && $0.reason == "declared" }
  }

  /// Rescales the ridge by the validation data; the parameters of the best are kept.
  ///
  /// - Returns: the report of the last training, `report` where nothing was tried.
  func chooseRidge(after report: TrainingReport) throws -> TrainingReport {
    guard seeksRidge, case .reached = settled(report).outcome else { return report }
    var last = report
    var best = try Attempt(1, self)
    for ladder in FitTraining.ladders where best.factor == 1 {
      for factor in ladder {
        last = try train(ridge: factor, after: last)
        if isCancelled() { return last }
        let attempt = try Attempt(factor, self)
        guard attempt.chiSquare < best.chiSquare else { break }
        best = attempt
      }
    }
    keep(best)
    return last
  }

  /// Where the training stands with a ridge.
  struct Attempt {
    var factor: Double
    var chiSquare: Double
    var parameters: [Double]
    var states: [Double]
    var residuals: TrajectoryResiduals?

    init(_ factor: Double, _ training: FitTraining) throws {
      self.factor = factor
      parameters = training.parameters
      states = training.states
      residuals = training.residuals
      let model = FittedModel(training.fit, parameters: parameters, states: states)
      let noise = training.residuals?.noise ?? training.fit.noise
      chiSquare = try model.chiSquare(.validation, noise: noise)?.perPoint ?? .infinity
    }
  }
}
