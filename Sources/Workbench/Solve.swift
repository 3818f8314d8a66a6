import Reports

/// Runs `cauchy solve`.
public struct SolveWorkflow {
  private let options: SolveOptions

  /// Makes the workflow of the options given.
  public init(_ options: SolveOptions) { self.options = options }

  /// Does the work, prints what there is to say, and tells how it ended.
  public func run() -> ExitStatus { .success }
}
