import Expressions
import Numerics

/// Equations that hold at a point, left − right, and their exact partial derivatives, lowered.
struct PointEquations: Sendable {
  /// A partial derivative that can be non-zero: by a jet, or by the value of an integral.
  struct Entry: Sendable {
    let row: Int
    let column: Int
  }

  let count: Int
  let residuals: Program
  /// The entries of ``jets``, then of ``integrals``.
  let partials: Program
  let jets: [Entry]
  let integrals: [Entry]
  /// Outermost integrals that must be evaluated first, in order.
  let terms: [Int]

  /// Differentiates and lowers.
  ///
  /// - Parameter integrals: the symbols of the outermost integrals, and for each those it needs.
  /// - Throws: `DifferentiationError`, `ProgramError`.
  init(
    _ expressions: [Expression], inputs: Inputs, integrals symbols: [Symbol], needs: [Set<Int>]
  ) throws {
    count = expressions.count
    residuals = try Program(expressions, inputs: inputs)
    var values: [Expression] = []
    func entries(_ leaves: [Symbol]) throws -> [Entry] {
      var found: [Entry] = []
      for (row, expression) in expressions.enumerated() {
        let present = expression.symbols
        for (column, leaf) in leaves.enumerated() where present.contains(leaf) {
          let slope = try expression.derivative(by: leaf)
          if slope.isZero { continue }
          found.append(Entry(row: row, column: column))
          values.append(slope)
        }
      }
      return found
    }
    jets = try entries(inputs.state)
    integrals = try entries(symbols)
    partials = try Program(values, inputs: inputs)
    let present = expressions.reduce(into: Set<Symbol>()) { $0.formUnion($1.symbols) }
    var used: Set<Int> = []
    for (index, symbol) in symbols.enumerated() where present.contains(symbol) {
      used.formUnion(needs[index].union([index]))
    }
    terms = used.sorted()
  }
}

/// One worker's tapes of ``PointEquations``, with room for their results.
final class PointTapes {
  let equations: PointEquations
  private let residualTape: Tape
  private let partialTape: Tape
  private let storage: Storage
  private let partialStorage: Storage
  let residuals: Vector
  let partials: Vector

  init(_ equations: PointEquations) {
    self.equations = equations
    residualTape = Tape(equations.residuals)
    partialTape = Tape(equations.partials)
    storage = Storage(equations.count)
    partialStorage = Storage(equations.jets.count + equations.integrals.count)
    residuals = storage.vector
    partials = partialStorage.vector
  }

  func evaluate(_ environment: Vector, _ jets: Vector, _ parameters: Vector) {
    residualTape.evaluate(environment, jets, parameters, into: residuals)
  }

  func differentiate(_ environment: Vector, _ jets: Vector, _ parameters: Vector) {
    partialTape.evaluate(environment, jets, parameters, into: partials)
  }
}
