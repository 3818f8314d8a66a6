import Reports

/// Runs `cauchy bench`.
public struct BenchWorkflow {
  private let options: BenchOptions

  /// Makes the workflow of the options given.
  public init(_ options: BenchOptions) { self.options = options }

  /// Does the work, prints what there is to say, and tells how it ended.
  public func run() -> ExitStatus { .success }
}
