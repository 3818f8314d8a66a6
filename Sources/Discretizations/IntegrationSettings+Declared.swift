import Integrators
import Problems

extension IntegrationSettings {
  /// Step control and steps as the section `solve` declares them; the rest is standard.
  public init(_ declared: SolveSettings) {
    self.init()
    if let law = declared.control.flatMap(StepControl.Law.init(rawValue:)) {
      control = StepControl(law)
    }
    firstStep = declared.firstStep
    maxStep = declared.maxStep
    fixedStep = declared.step
    maxSteps = declared.maxSteps
  }
}
