import Reports

/// Runs `cauchy methods`.
public struct MethodsWorkflow {
  private let options: MethodsOptions

  /// Makes the workflow of the options given.
  public init(_ options: MethodsOptions) { self.options = options }

  /// Does the work, prints what there is to say, and tells how it ended.
  public func run() -> ExitStatus { .success }
}
