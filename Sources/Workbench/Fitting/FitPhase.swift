import Flows
import Residuals

/// A phase of a fit of trajectories.
enum FitPhase: Codable, Equatable {
  /// Rates at the smoothed data.
  case matching
  /// Multiple shooting with so many pieces of each trajectory.
  case pieces(Int)
  /// Single shooting over a part of the time.
  case whole(Double)
  /// Single shooting once more, with so many times the default ridge.
  case ridge(Double)

  static let stepsBetweenRounds = 10
  static let mostMatchingSteps = 300
  /// Parts of the time that single shooting grows through where it starts far off.
  static let horizons = [0.1, 0.2, 0.35, 0.55, 0.8, 1]

  /// What a person reads.
  var name: String {
    switch self {
    case .matching: "rates"
    case .pieces(let count): "\(count) pieces"
    case .whole(1): "whole"
    case .whole(let part): "first \(Int((100 * part).rounded())) %"
    case .ridge(let factor): "ridge * \(factor)"
    }
  }

  /// The part of the time left that it may take.
  var share: Double {
    switch self {
    case .matching: 0.15
    case .pieces: 0.5
    case .whole(1): 1
    case .whole: 0.3
    case .ridge: 0.3
    }
  }

  var hasStates: Bool { self != .matching }

  var hasWholeTrajectories: Bool {
    switch self {
    case .matching, .pieces: false
    case .whole, .ridge: true
    }
  }

  /// All phases that a fit may go through.
  static func all(_ fit: TrajectoryFit) -> [FitPhase] {
    var phases: [FitPhase] = []
    let kind = fit.plan.shooting
    if kind != .single, fit.isWhole { phases.append(.matching) }
    if kind == .collocation { return phases.isEmpty ? [.whole(1)] : phases }
    if kind != .single, fit.isWhole, fit.pieces > 1 { phases.append(.pieces(fit.pieces)) }
    return phases + [.whole(1)]
  }

  /// The phase that a fit begins with.
  static func first(_ fit: TrajectoryFit) -> FitPhase {
    let first = all(fit)[0]
    return first == .whole(1) ? .whole(horizons[0]) : first
  }

  /// What follows a phase; nil where the training is over.
  static func next(
    after phase: FitPhase, _ fit: TrajectoryFit, _ report: TrainingReport, isSettled: Bool
  ) -> FitPhase? {
    if case .ridge = phase { return nil }
    if case .stopped = report.outcome, !isSettled { return nil }
    let all = all(fit)
    if case .whole(let part) = phase {
      if case .failed = report.outcome { return nil }
      return horizons.first { $0 > part }.map { .whole($0) }
    }
    // Pieces that cannot be closed still leave parameters to start from.
    guard let place = all.firstIndex(of: phase), place + 1 < all.count else { return nil }
    return all[place + 1]
  }
}
