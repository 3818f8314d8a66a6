import Reports

/// Runs `cauchy check`.
public struct CheckWorkflow {
  private let options: CheckOptions

  /// Makes the workflow of the options given.
  public init(_ options: CheckOptions) { self.options = options }

  /// Does the work, prints what there is to say, and tells how it ended.
  public func run() -> ExitStatus { .success }
}
