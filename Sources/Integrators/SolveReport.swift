/// How an integration ended.
public enum Outcome: Sendable, Equatable {
  /// At the end of the interval.
  case reached
  /// At a terminal event.
  case terminated(event: String)
  /// Because it was told to.
  case stopped
  /// For a numerical reason.
  case failed(SolveFailure)
}

/// The numerical reason for which an integration could not go on, with the numbers of the place.
public struct SolveFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// What went wrong.
  public enum Cause: Sendable, Equatable {
    case stepUnderflow
    case tooManySteps(Int)
    /// f(t, y) or the trial solution is infinite or NaN.
    case notFinite
    /// The equations of an implicit step had no solution for every step tried: a singular matrix, or
    /// an iteration that diverged.
    case noConvergence
    /// A nonnegative unknown would become negative for every step tried.
    case negative
    /// The field admitted the end of no step.
    case notAdmitted
    /// The tolerance lies below the rounding of the solution itself.
    case beyondRounding
    /// An event that changes the state happens infinitely often in a finite time.
    case eventsAccumulate(String)
  }

  public var cause: Cause
  public var t: Double
  public var h: Double
  /// The unknown with the largest error.
  public var component: Int
  /// h times the estimated spectral radius of ∂f/∂y, where known.
  public var stiffness: Double?
  public var method: String
  public var isImplicit: Bool
  /// The names of the unknowns; `y[i]` where there are none.
  public var names: [String] = []

  public var description: String {
    if case .eventsAccumulate = cause { return "\(fact) t = \(t); \(advice)" }
    let place = "at t = \(t) with h = \(h) (largest error in \(name))"
    let stiff = stiffness.map { "; h·|λ| is about \(rounded($0))" } ?? ""
    return "\(fact) \(place)\(stiff); \(advice)"
  }

  private var name: String {
    component < names.count ? names[component] : "y[\(component)]"
  }

  private func rounded(_ value: Double) -> String {
    value < 1e6 ? "\((value * 100).rounded() / 100)" : "\(value)"
  }

  private var fact: String {
    switch cause {
    case .stepUnderflow: "the step size fell to the rounding of t"
    case .tooManySteps(let limit): "the limit of \(limit) steps was used up"
    case .notFinite: "the right-hand side or the solution stopped being finite"
    case .noConvergence: "the equations of the implicit step could not be solved for any step"
    case .beyondRounding: "the tolerance asks for more digits than a double has"
    case .notAdmitted: "the system refused the end of every step"
    case .negative: "an unknown declared nonnegative would become negative for any step"
    case .eventsAccumulate(let name):
      "the event '\(name)' happens ever faster, infinitely often up to about"
    }
  }

  private var stepAdvice: String {
    let more = "raise solve.max_steps, or loosen solve.rtol"
    if isImplicit { return more }
    guard let stiffness else {
      return more
        + "; if the solution is smooth there, the system may be stiff: use auto, rodas5p or bdf"
    }
    return stiffness > 1
      ? "the system is stiff: use rodas5p, bdf or auto, or raise solve.max_steps" : more
  }

  private var advice: String {
    switch cause {
    case .stepUnderflow:
      "the solution may have a singularity there, or the tolerance is below what rounding allows: "
        + "loosen solve.rtol or solve.atol, or end the interval before"
    case .tooManySteps:
      stepAdvice
    case .notFinite:
      "look for a division by zero, a root or logarithm of a negative number, or a blow-up there"
    case .noConvergence:
      "check that the equations determine every unknown there, or use another method"
    case .eventsAccumulate(let name):
      "end there with events.\(name).terminal, or let it happen so many times with "
        + "events.\(name).count"
    case .notAdmitted: "loosen nothing: start elsewhere, or use another method"
    case .beyondRounding: "loosen solve.rtol to 1e-14 or more, or solve.atol"
    case .negative:
      "loosen nothing: check that the right-hand side of that unknown is not negative at zero"
    }
  }
}

/// What an integration did: where it ended, and what it cost.
public struct SolveReport: Sendable {
  public var method: String
  public var outcome: Outcome = .reached
  /// Where it ended, and the state there: the last good one if it failed.
  public var t = 0.0
  public var y: [Double] = []
  /// Accepted steps, and rejected ones.
  public var steps = 0
  public var rejected = 0
  public var counts = FieldCounts()
  /// The largest h·|λ| seen, where the method estimates it.
  public var stiffness: Double?

  /// Reports nothing yet.
  public init(method: String) { self.method = method }
}

/// One attempted step, for those who want to see why it was accepted or rejected.
public struct StepRecord: Sendable {
  public var t: Double
  public var h: Double
  /// The weighted error: accepted if at most 1.
  ///
  /// NaN where the method's own iteration failed.
  public var error: Double
  public var isAccepted: Bool
}
