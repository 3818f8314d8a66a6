import Numerics

/// Why a stepper cannot be made for a field.
public enum SteppingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// No stepper has this name.
  case unknownMethod(String, nearest: String?)
  /// The symplectic method needs a system that splits into positions and momenta.
  case notSeparable
  /// The method has no error estimate and no step was given.
  case needsFixedStep(String)
  /// The method cannot treat M·y' = f.
  case noMassMatrix(String, instead: [String])
  /// The method steps the gradient flow of a least-squares loss, and nothing else.
  case needsLeastSquares(String)
  /// The method's linear algebra is for fewer parameters.
  case tooManyParameters(String, Int, limit: Int)
  /// The method's steps cannot be differentiated backwards.
  case noAdjoint(String)
  /// GSL refused.
  case library(GSLError)

  public var description: String {
    switch self {
    case .unknownMethod(let name, let nearest):
      "there is no method '\(name)'"
        + (nearest.map { "; did you mean '\($0)'?" } ?? "; `cauchy methods` lists them")
    case .notSeparable:
      "symplectic4 needs a separable system: two groups of unknowns, the rates of each depending on "
        + "the other alone; use dop853, or write the system as q'' = f(q)"
    case .needsFixedStep(let name):
      "\(name) has no error estimate; give a fixed step (solve.step)"
    case .noMassMatrix(let name, let instead):
      "\(name) cannot solve equations with a mass matrix; use \(instead.joined(separator: ", "))"
    case .needsLeastSquares(let name):
      "\(name) steps the training of a network, not this system; use auto, rodas5p or rosenbrock-w"
    case .tooManyParameters(let name, let count, let limit):
      "\(name) takes all eigenvalues at every step, of at most \(limit) parameters, not \(count); use "
        + "lie2 or rosenbrock-w, or a smaller network"
    case .noAdjoint(let name):
      "the steps of \(name) cannot be followed backwards: the discrete adjoint goes with "
        + ExplicitStages.names.joined(separator: " and ")
        + "; use the interpolating adjoint, or forward sensitivities"
    case .library(let error): error.description
    }
  }
}
