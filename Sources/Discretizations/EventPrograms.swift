import Expressions
import Integrators
import Numerics
import Problems

/// A declared event, lowered.
struct EventPrograms: Sendable {
  let declaration: EventDeclaration
  let when: Program
  /// Components that the event sets, and their values.
  let targets: [Int]
  let values: Program?

  init(
    _ event: EventDeclaration, _ problem: Problem, _ form: SystemForm, _ inputs: Inputs
  ) throws {
    declaration = event
    when = try Program([event.when.substituting(form.derivatives)], inputs: inputs)
    targets = event.set.compactMap { form.state.firstIndex(of: $0.target) }
    let expressions = event.set.map { $0.value.substituting(form.derivatives) }
    values = expressions.isEmpty ? nil : try Program(expressions, inputs: inputs)
  }
}

extension InitialValueProblem {
  /// The events for given parameters; they belong to one worker.
  ///
  /// After an event has changed the state, algebraic unknowns are made consistent again on `field`.
  public func makeEvents(_ parameters: [Double], _ field: VectorField) -> [Event] {
    let values = Storage(parameters)
    return events.map { programs in
      let declaration = programs.declaration
      let when = PointEvaluator(programs.when, system, values)
      let new = programs.values.map { PointEvaluator($0, system, values) }
      let targets = programs.targets
      return Event(
        declaration.name,
        direction: Event.Direction(rawValue: declaration.direction.rawValue) ?? .both,
        isTerminal: declaration.isTerminal, count: declaration.count,
        change: new.map { new in
          { t, y in
            let result = new.evaluate(t, y)
            for (index, place) in targets.enumerated() { y[place] = result[index] }
            // An inconsistent state is left as it is: the next step then fails and says so.
            if field.mass != nil, let consistent = try? Consistency.solve(field, t, y.array) {
              y.assign(consistent)
            }
          }
        },
        value: { t, y in when.evaluate(t, y)[0] })
    }
  }
}

/// A program at (t, y) with the forcings of t filled in.
private final class PointEvaluator {
  private let tape: Tape
  private let point: ForcedPoint
  private let parameters: Storage
  private let out: Storage

  init(_ program: Program, _ system: CompiledSystem, _ parameters: Storage) {
    tape = Tape(program)
    point = ForcedPoint(system)
    self.parameters = parameters
    out = Storage(program.outputCount)
  }

  func evaluate(_ t: Double, _ y: Vector) -> Vector {
    point.move(to: t)
    tape.evaluate(point.vector, y, parameters.vector, into: out.vector)
    return out.vector
  }
}
