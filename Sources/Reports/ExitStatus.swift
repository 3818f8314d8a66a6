/// How the command ends; the raw value is the exit code.
public enum ExitStatus: Int32, Sendable, CaseIterable {
  /// The end was reached, and the accuracy that was asked for.
  case success = 0
  /// A numerical failure, or an accuracy not met; what was reached is written.
  case numericalFailure = 1
  /// The problem file, or a file that it names, is wrong or missing.
  case wrongProblem = 2
  /// The problem file cannot be read, or a result cannot be written.
  case cannotReadOrWrite = 3
  /// The command was used wrongly.
  case wrongUsage = 64
  /// Interrupted; what was reached is written.
  case interrupted = 130
}

/// How a run ended, in the word that `summary.json` uses.
public enum Outcome: String, Sendable, CaseIterable {
  /// The end of the interval, a terminal event or a declared stop; the accuracy is met.
  case reached
  /// A numerical failure, or an accuracy not met.
  case failed
  /// Interrupted.
  case stopped

  /// The exit status that goes with the outcome.
  public var exitStatus: ExitStatus {
    switch self {
    case .reached: .success
    case .failed: .numericalFailure
    case .stopped: .interrupted
    }
  }
}

/// The version of this package.
public enum Release {
  /// Semantic version, as `cauchy --version` prints it and every summary records it.
  public static let version = "0.1.0"
}
