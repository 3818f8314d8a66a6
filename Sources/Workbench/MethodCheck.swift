import Discretizations
import Integrators
import Problems

extension InitialValueProblem {
  /// Refuses a method that does not suit the system, and a system that has no initial state.
  ///
  /// - Throws: `SteppingError`, `InitialStateError` or `EvaluationError`.
  func requireMethod() throws {
    let parameters = try parameters()
    let field = makeField(parameters, makeCode(.tape))
    let (y0, _) = try initialState(field, parameters)
    let row = try StepperCatalog.find(problem.solve.method)
    if row.needsFixedStep, problem.solve.step == nil {
      throw SteppingError.needsFixedStep(row.name)
    }
    _ = try StepperCatalog.make(problem.solve.method, field, tolerances(y0, parameters))
  }

  /// Refuses what no run can begin with, so that nothing is left behind.
  ///
  /// An initial state that is not found is a numerical outcome: the run says it.
  func requireStart() throws {
    do {
      try requireMethod()
    } catch let error as InitialStateError {
      if case .higherIndex = error { throw error }
    }
  }
}
