import Expressions
import Problems

/// Forward sensitivities: the system extended by S' = ∂f/∂y·S + ∂f/∂p, exactly and symbolically.
///
/// Extended system and original share steps and error control, as in a simultaneous corrector
/// (T. Maly & L. Petzold, Appl. Numer. Math. 20 (1996) 57).
extension SystemForm {
  /// Adds the sensitivities to some names: parameters, and unknowns for their initial values.
  ///
  /// - Throws: `ProblemFaults`-like errors are the caller's to place: ``SensitivityError`` says why a
  ///   system has no sensitivities here; `DifferentiationError` where a function has no rule.
  public func extended(
    by names: [String], _ conditions: InitialConditions
  ) throws -> (form: SystemForm, conditions: InitialConditions) {
    guard coupled == nil else { throw SensitivityError.coupled }
    var form = self
    var initial = conditions
    let count = state.count
    for name in names {
      let parameter = Symbol(name)
      if let entry = mass.first(where: { $0.value.contains(parameter) }) {
        throw SensitivityError.massDepends(name, "\(entry.value)")
      }
      let own = state.map { SystemForm.sensitivity(of: $0, to: name) }
      for (row, rate) in rates.enumerated() {
        let leaves = rate.symbols
        var sum =
          leaves.contains(parameter) && !state.contains(parameter)
          ? try rate.derivative(by: parameter) : .zero
        for (column, symbol) in state.enumerated() where leaves.contains(symbol) {
          sum = sum + (try rate.derivative(by: symbol)) * .symbol(own[column])
        }
        form.rates.append(sum)
        let start = try initial.values[row].map { value in
          state[row] == parameter
            ? Expression.one : try value.derivative(by: parameter)
        }
        initial.values.append(start ?? .zero)
        initial.guesses.append(.zero)
      }
      let offset = form.state.count
      form.state += own
      form.mass += mass.map {
        MassEntry(row: $0.row + offset, column: $0.column + offset, value: $0.value)
      }
    }
    precondition(form.state.count == count * (names.count + 1), "one block a name")
    initial = InitialConditions(initial, state: form.state)
    return (form, initial)
  }

  /// The leaf of ∂y/∂p; its name cannot be written in a problem file.
  static func sensitivity(of component: Symbol, to name: String) -> Symbol {
    Symbol("\(component)|\(name)")
  }
}

extension InitialConditions {
  /// The same values and residuals for an extended state.
  init(_ other: InitialConditions, state: [Symbol]) {
    self.state = state
    values = other.values
    residuals = other.residuals
    guesses = other.guesses
  }
}

/// Why a system has no forward sensitivities.
public enum SensitivityError: Error, Sendable, Equatable, CustomStringConvertible {
  case unknownName(String, nearest: String?)
  case coupled
  case massDepends(String, String)
  case conditionsImplicit
  case jumps(event: String)

  public var description: String {
    switch self {
    case .unknownName(let name, let nearest):
      "--sensitivity \(name): no parameter, estimate or unknown has this name"
        + (nearest.map { "; did you mean '\($0)'?" } ?? "; name one of the problem's")
    case .coupled:
      "--sensitivity: more than three equations share their highest derivatives; solve them for the "
        + "derivatives by hand first"
    case .massDepends(let name, let factor):
      "--sensitivity \(name): the factor \(factor) of a derivative depends on it; divide by it"
    case .conditionsImplicit:
      "--sensitivity: the conditions are equations between initial values; write them as "
        + "'x = value at t = start'"
    case .jumps(let event):
      "--sensitivity: event '\(event)' changes the state, and the time it happens moves with the "
        + "parameters; remove its 'set', or use --sweep and differences"
    }
  }
}
