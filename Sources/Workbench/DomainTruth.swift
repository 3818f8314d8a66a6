import Discretizations
import Expressions
import Numerics
import Problems

extension TruthErrors {
  /// Compares a solution on a tensor product of places with the closed forms and the reference.
  func compare(_ solution: DomainSolution, _ problem: Problem, _ probes: [SamplingPlan.Probe])
    throws
  {
    try compareExact(solution.rows, problem)
    compareReference(solution, problem, probes)
  }

  private func compareExact(_ rows: SampledSolution, _ problem: Problem) throws {
    let named = problem.unknowns.enumerated().compactMap { place, name in
      problem.exact[name].map { (place, name, $0) }
    }
    guard !named.isEmpty, rows.rowCount > 0 else { return }
    let parameters = problem.parameterValues.sorted { $0.key.description < $1.key.description }
    let inputs = Inputs(
      point: rows.variables.map { Symbol($0) }, parameters: parameters.map(\.key))
    let tape = Tape(try Program(named.map(\.2), inputs: inputs))
    let point = Storage(rows.variables.count)
    let values = Storage(parameters.map(\.value))
    let truth = Storage(named.count)
    let none = Storage(0)
    defer { point.keep(values, truth, none) }
    for row in 0..<rows.rowCount {
      var rest = row
      for axis in rows.places.indices.reversed() {
        point.vector[axis] = rows.places[axis][rest % rows.places[axis].count]
        rest /= rows.places[axis].count
      }
      tape.evaluate(point.vector, none.vector, values.vector, into: truth.vector)
      for (index, (place, name, _)) in named.enumerated() {
        add(name, rows.values[place][row], truth.vector[index])
      }
    }
  }

  private func compareReference(
    _ solution: DomainSolution, _ problem: Problem, _ probes: [SamplingPlan.Probe]
  ) {
    guard !columns.isEmpty, let table = problem.reference?.table else { return }
    let rows = solution.rows
    let coordinates = rows.variables.map { table.column($0) ?? [] }
    let probed = Dictionary(uniqueKeysWithValues: probes.enumerated().map { ($1.row, $0) })
    for row in 0..<table.rowCount {
      if let probe = probed[row] {
        for column in columns where column.place < solution.probes.count {
          add(column.unknown, solution.probes[column.place][probe], column.values[row])
        }
        continue
      }
      var index = 0
      var isInside = true
      for (places, coordinate) in zip(rows.places, coordinates) {
        guard let place = SamplingPlan.index(places, coordinate[row]) else {
          isInside = false
          break
        }
        index = index * places.count + place
      }
      guard isInside else { continue }
      for column in columns {
        add(column.unknown, rows.values[column.place][index], column.values[row])
      }
    }
  }
}
