import Discretizations
import Numerics
import Problems
import Reports

/// Adds up the distance of a solution from the truth, unknown by unknown.
final class TruthErrors {
  struct Sums: Codable {
    var squares = 0.0
    var truth = 0.0
    var largest = 0.0
    var count = 0
  }

  private let unknowns: [String]
  var sums: [String: Sums] = [:]
  /// Columns of the reference table by unknown, and the unknown's place among the row's numbers.
  let columns: [(unknown: String, place: Int, values: [Double])]

  init(_ problem: Problem, usesReference: Bool) {
    unknowns = problem.unknowns
    columns =
      usesReference
      ? problem.unknowns.enumerated().compactMap { place, name in
        guard problem.exact[name] == nil, let values = problem.reference?.table.column(name) else {
          return nil
        }
        return (name, place, values)
      } : []
  }

  /// Compares a row with the closed form.
  func compare(_ evaluator: RowEvaluator, _ t: Double, _ y: Vector) {
    guard let truth = evaluator.truth(t, y) else { return }
    for (index, name) in evaluator.exactNames.enumerated() {
      guard let place = unknowns.firstIndex(of: name) else { continue }
      add(name, evaluator.row[place], truth[index])
    }
  }

  /// Compares a row with a row of the reference table.
  func compare(_ row: Vector, reference: Int) {
    for column in columns { add(column.unknown, row[column.place], column.values[reference]) }
  }

  func add(_ name: String, _ value: Double, _ truth: Double) {
    let error = (value - truth).magnitude
    guard error.isFinite else { return }
    sums[name, default: Sums()].squares += error * error
    sums[name, default: Sums()].truth += truth * truth
    sums[name, default: Sums()].count += 1
    if error > sums[name, default: Sums()].largest { sums[name, default: Sums()].largest = error }
  }

  /// The errors in the order of the unknowns; nil without any truth.
  var norms: [(unknown: String, norms: Summary.ErrorNorms)]? {
    let found = unknowns.compactMap { name -> (unknown: String, norms: Summary.ErrorNorms)? in
      guard let sum = sums[name], sum.count > 0 else { return nil }
      let relative = sum.truth > 0 ? (sum.squares / sum.truth).squareRoot() : nil
      return (name, Summary.ErrorNorms(relativeL2: relative, max: sum.largest))
    }
    return found.isEmpty ? nil : found
  }
}
