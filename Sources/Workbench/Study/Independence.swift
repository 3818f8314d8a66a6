import Flows
import Networks
import Numerics
import Reports
import Residuals

/// One regression trained by every flow from several starts, without and with an explicit ridge.
///
/// β = u⊙u − v⊙v, d = 100 features of which 5 matter (1/√5 each), n = 40 samples, x ~ N(0, I),
/// y = x·β* + 0.1ε; the loss is ½·Σ(Xβ − y)²/n + ½λ‖θ‖², λ = 0 or 0.03; every start is u = v = α. Without
/// the ridge all trainings fit the data and each ends at another β; with it the minimum decides.
/// - Source: the start's part: B. Woodworth et al., Kernel and rich regimes in overparametrized models,
///   COLT 2020; the question: how much an explicit regulariser takes over from an implicit one.
package struct Independence: Sendable {
  /// A flow with a stepper.
  package struct Optimiser: Sendable, Equatable {
    package var flow: String
    package var stepper: String
    package var name: String { "\(flow)/\(stepper)" }
  }

  /// What one training came to.
  package struct Run: Sendable {
    package var optimiser: Optimiser
    /// α.
    package var start: Double
    /// λ.
    package var ridge: Double
    /// ‖β − β*‖².
    package var error: Double
    /// The loss with the ridge in it.
    package var objective: Double
    /// The part of the data in it.
    package var data: Double
    package var report: TrainingReport
  }

  package var dimension = 100
  package var relevant = 5
  package var samples = 40
  package var noise = 0.1
  package var ridge = 0.03
  package var starts = [0.01, 0.1, 1]
  package var seed: UInt64 = 1
  /// Steps after which a training ends in any case.
  package var mostSteps = 10_000

  package init() {}

  /// Every flow with its own stepper, and the gradient flow with explicit ones beside it.
  package static var optimisers: [Optimiser] {
    FlowCatalog.all.flatMap { flow in
      let further = flow.name == "gradient" ? ["tsit5", "rkc2", "recycled-euler"] : []
      return ([flow.defaultStepper] + further.filter(flow.steppers.contains))
        .map { Optimiser(flow: flow.name, stepper: $0) }
    }
  }

  package var data: RegressionData {
    var generator = RandomNumbers(seed: seed)
    let size = 1 / Double(relevant).squareRoot()
    return RegressionData(
      truth: (0..<dimension).map { $0 < relevant ? size : 0 }, noise: noise, samples: samples,
      &generator)
  }

  /// Trains once.
  ///
  /// - Throws: `FlowError` for an optimiser that there is not.
  package func run(
    _ optimiser: Optimiser, start: Double, ridge: Double, on data: RegressionData
  ) throws -> Run {
    let problem = data.regression(
      samples: samples, features: dimension, form: .squares, ridge: ridge)
    var settings = TrainingSettings()
    settings.flow = optimiser.flow
    settings.stepper = optimiser.stepper
    settings.scaling = .identity
    settings.stop.steps = mostSteps
    if ridge > 0 { settings.stop.gradientNorm = 1e-6 } else { settings.stop.loss = 1e-8 }
    let training = try Training(problem, settings)
    training.isCancelled = { Interrupt.isRequested }
    let report = training.run(from: [Double](repeating: start, count: problem.parameterCount))
    let theta = Storage(report.theta)
    let residual = Storage(problem.residualCount)
    defer { theta.keep(residual) }
    problem.residual(theta.vector, into: residual.vector)
    let losses = problem.losses(residual.vector)
    return Run(
      optimiser: optimiser, start: start, ridge: ridge,
      error: data.error(problem.coefficients(theta.vector)), objective: losses.reduce(0, +),
      data: losses[0], report: report)
  }

  /// Trains with every optimiser, from every start, without and with the ridge.
  package func measure(_ progress: (Double, String) -> Void = { _, _ in }) throws -> [Run] {
    let data = data
    let optimisers = Independence.optimisers
    let count = 2 * optimisers.count * starts.count
    var runs: [Run] = []
    for optimiser in optimisers {
      for ridge in [0, ridge] {
        for start in starts where !Interrupt.isRequested {
          progress(Double(runs.count) / Double(count), optimiser.name)
          runs.append(try run(optimiser, start: start, ridge: ridge, on: data))
        }
      }
    }
    return runs
  }
}

extension StudyRow {
  static let independence = StudyRow(
    name: "independence",
    claim: "with an explicit ridge every optimiser reaches the same test error from every start; "
      + "without it they do not",
    source: "Woodworth et al. 2020"
  ) { seed, progress in
    var study = Independence()
    study.seed = UInt64(bitPattern: Int64(seed))
    let runs = try study.measure { part, name in progress.work(part, name) }
    return IndependenceFindings(study, runs).findings
  }
}
