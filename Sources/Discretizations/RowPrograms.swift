import Expressions
import Numerics
import Problems

/// The columns of a trajectory beyond the unknowns, and the truth of the unknowns.
struct RowPrograms: Sendable {
  let names: [String]
  /// Places of the unknowns, then of the sensitivities, in the state.
  let places: [Int]
  let observables: Program?
  let exact: Program?
  let exactNames: [String]

  init(
    _ problem: Problem, _ form: SystemForm, _ inputs: Inputs, _ sensitivities: [String]
  ) throws {
    var names = problem.unknowns
    var places = problem.unknowns.compactMap { form.state.firstIndex(of: Symbol($0)) }
    for name in sensitivities {
      let suffix = problem.unknowns.contains(name) ? name + "0" : name
      for unknown in problem.unknowns {
        names.append("\(unknown)_\(suffix)")
        let symbol = SystemForm.sensitivity(of: Symbol(unknown), to: name)
        places += form.state.firstIndex(of: symbol).map { [$0] } ?? []
      }
    }
    self.places = places
    self.names = names + problem.observables.map(\.name)
    // Integrals need the whole solution: ``IntegralObservables`` fills these columns in.
    let expressions = problem.observables.map { observable in
      observable.expression.integralDepth > 0
        ? .number(.nan) : observable.expression.substituting(form.derivatives)
    }
    observables = expressions.isEmpty ? nil : try Program(expressions, inputs: inputs)
    exactNames = problem.unknowns.filter { problem.exact[$0] != nil }
    let truths = exactNames.compactMap { problem.exact[$0] }
    exact = truths.isEmpty ? nil : try Program(truths, inputs: inputs)
  }
}

/// Turns states into the numbers of a trajectory's row.
///
/// One worker's own.
public final class RowEvaluator {
  private let programs: RowPrograms
  private let observables: Tape?
  private let exact: Tape?
  private let parameters: Storage
  private let point: ForcedPoint
  /// The numbers of the row: unknowns, sensitivities, observables.
  public let row: Vector
  private let rowStorage: Storage
  private let truth: Storage

  /// Prepares for given parameters.
  public init(_ problem: InitialValueProblem, parameters values: [Double]) {
    programs = problem.rows
    observables = programs.observables.map(Tape.init)
    exact = programs.exact.map(Tape.init)
    parameters = Storage(values)
    point = ForcedPoint(problem.system)
    rowStorage = Storage(programs.names.count)
    row = rowStorage.vector
    truth = Storage(programs.exactNames.count)
  }

  /// Names of the columns after the marching variable.
  public var names: [String] { programs.names }

  /// Names of the unknowns with a closed-form truth.
  public var exactNames: [String] { programs.exactNames }

  /// Fills ``row`` for the state `y` at `t`.
  public func fill(_ t: Double, _ y: Vector) {
    for (index, place) in programs.places.enumerated() { row[index] = y[place] }
    guard let observables else { return }
    point.move(to: t)
    let first = programs.places.count
    observables.evaluate(
      point.vector, y, parameters.vector, into: row.slice(first, row.count - first))
  }

  /// The closed-form truth at `t`, in the order of ``exactNames``; nil without one.
  public func truth(_ t: Double, _ y: Vector) -> Vector? {
    guard let exact else { return nil }
    point.move(to: t)
    exact.evaluate(point.vector, y, parameters.vector, into: truth.vector)
    return truth.vector
  }
}
