import Expressions
import Numerics
import Problems

/// What a window of the marching variable starts from: the field that the window before has learned,
/// where that ends.
///
/// It is a field of the other variables, known with all its derivatives; each window asks the one
/// before, on walls as well, so that places asked for are remembered: a value then costs one pass
/// for every window so far. Not `Sendable`: it owns workspaces.
public final class GivenField {
  /// Of the window before.
  public let parameters: [Double]
  let residuals: PhysicsResiduals
  private var tables: [[Symbol]: FieldTable] = [:]
  private var answers: [Answer] = []

  /// What was asked for not long ago: columns by name at places, and their values.
  private struct Answer {
    let wanted: [Symbol]
    let places: [Double]
    let values: [[Double]]
  }

  /// In three space variables there are 27 kinds of places: inside, and on faces and edges.
  private static let memory = 32

  /// - Parameters:
  ///   - residuals: of the window before; its points may move, its problem may not change.
  ///   - parameters: `[P]`.
  public init(_ residuals: PhysicsResiduals, _ parameters: [Double]) {
    precondition(parameters.count == residuals.parameterCount, "parameters of another network")
    self.residuals = residuals
    self.parameters = parameters
  }

  /// Makes everything ready to evaluate the given leaves of a program.
  ///
  /// - Throws: `DifferentiationError`, or a fault for a derivative that no network pass carries.
  func prepare(_ symbols: [Symbol]) throws {
    for (_, leaves) in byPlace(symbols) {
      let wanted = leaves.map { Symbol($0.leaf.unknown, $0.leaf.derivatives) }
      if tables[wanted] == nil { tables[wanted] = try residuals.table(wanted) }
    }
  }

  /// The values by symbol, then by point; after ``prepare(_:)``.
  func values(_ symbols: [Symbol], at points: [Double]) -> [[Double]] {
    var found = symbols.map { _ in [Double]() }
    if symbols.isEmpty { return found }
    for (faces, leaves) in byPlace(symbols) {
      let wanted = leaves.map { Symbol($0.leaf.unknown, $0.leaf.derivatives) }
      let (places, numbers) = distinct(moved(points, to: faces))
      for (leaf, values) in zip(leaves, answer(wanted, at: places)) {
        found[leaf.row] = numbers.map { values[$0] }
      }
    }
    return found
  }

  private func answer(_ wanted: [Symbol], at places: [Double]) -> [[Double]] {
    if let known = answers.first(where: { $0.wanted == wanted && $0.places == places }) {
      return known.values
    }
    guard let table = tables[wanted] else {
      preconditionFailure("leaves that were not prepared: \(wanted)")
    }
    let theta = Storage(parameters)
    defer { theta.keep() }
    let values = table.values(theta.vector, at: places, residuals)
    if answers.count == Self.memory { answers.removeFirst() }
    answers.append(Answer(wanted: wanted, places: places, values: values))
    return values
  }

  /// The places among points without repetition, and the number of each point's.
  private func distinct(_ points: [Double]) -> (places: [Double], numbers: [Int]) {
    let dimension = residuals.field.dimension
    var known: [ArraySlice<Double>: Int] = [:]
    var places: [Double] = []
    var numbers: [Int] = []
    for first in stride(from: 0, to: points.count, by: dimension) {
      let point = points[first..<(first + dimension)]
      let number = known[point] ?? known.count
      if number == known.count {
        known[point] = number
        places += point
      }
      numbers.append(number)
    }
    return (places, numbers)
  }

  /// Given leaves by the faces they lie on, in a fixed order.
  private func byPlace(_ symbols: [Symbol]) -> [(
    faces: [Face], leaves: [(row: Int, leaf: GivenLeaf)]
  )] {
    var found: [(faces: [Face], leaves: [(row: Int, leaf: GivenLeaf)])] = []
    for (row, symbol) in symbols.enumerated() {
      guard let leaf = GivenLeaf(symbol) else { continue }
      if let place = found.firstIndex(where: { $0.faces == leaf.faces }) {
        found[place].leaves.append((row, leaf))
      } else {
        found.append((leaf.faces, [(row, leaf)]))
      }
    }
    return found
  }

  /// Points moved to the end of the window before, and to faces.
  private func moved(_ points: [Double], to faces: [Face]) -> [Double] {
    let (dimension, axis) = (residuals.field.dimension, residuals.field.marching)
    let seam = Face(variable: axis, isUpper: !residuals.problem.marchesDown)
    var moved = points
    for face in faces + [seam] {
      let place = residuals.calculus.place(face)
      for index in stride(from: face.variable, to: points.count, by: dimension) {
        moved[index] = place
      }
    }
    return moved
  }
}
