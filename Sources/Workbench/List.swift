import Reports

/// Runs `cauchy list`.
public struct ListWorkflow {
  private let options: ListOptions

  /// Makes the workflow of the options given.
  public init(_ options: ListOptions) { self.options = options }

  /// Does the work, prints what there is to say, and tells how it ended.
  public func run() -> ExitStatus { .success }
}
