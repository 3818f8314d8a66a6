import Discretizations
import Expressions
import Numerics
import Problems
import Reports

/// The solution of partial differential equations on its grid, thinned where that is finer than a
/// figure shows.
struct RunField {
  /// Places that are kept of each of one, two, three, four variables.
  private static let most = [2000, 401, 81, 25]

  /// Names, places and values; the last variable varies fastest.
  let solution: SampledSolution
  let unknowns: [String]
  /// Whether the table has more cases, of a sweep, behind this one.
  let isOfSweep: Bool
  /// The truth by unknown, NaN where it is not known; only of those that have one.
  let truth: [String: [Double]]

  /// Reads `trajectory.csv`; of a sweep the first case.
  ///
  /// - Parameter comparable: the unknowns whose truth is asked for.
  /// - Throws: `ReportError.cannotRead`, or an error for a table that is no grid.
  init(_ path: String, _ problem: Problem, _ comparable: Set<String>) throws {
    let table = try CSVReader(path)
    let variables = problem.variables.map(\.name)
    let places = variables.compactMap { table.columns.firstIndex(of: $0) }
    let names = problem.unknowns + problem.observables.map(\.name)
    let columns = names.filter(table.columns.contains)
    guard places.count == variables.count, let first = places.first, !columns.isEmpty else {
      throw UsageFault(description: "\(path) does not belong to the problem beside it")
    }
    let whole = try RunField.axes(table, places, leading: first)
    let most = RunField.most[min(variables.count, RunField.most.count) - 1]
    let kept = whole.map { RunField.thinned($0.count, to: most) }
    solution = try RunField.read(table, variables, columns, first, whole, kept)
    unknowns = problem.unknowns.filter(columns.contains)
    isOfSweep = first > 0
    truth = try FieldTruth(problem, solution).values(comparable)
  }

  /// The places of each variable, in the order of the table.
  private static func axes(_ table: CSVReader, _ places: [Int], leading: Int) throws -> [[Double]] {
    var axes: [[Double]] = places.map { _ in [] }
    var seen: [Set<Double>] = places.map { _ in [] }
    var case0: [Double]?
    try table.visit { row in
      let own = (0..<leading).map(row.value)
      if case0 == nil { case0 = own }
      guard own == case0 else { return false }
      for (axis, place) in places.enumerated() {
        let number = row.value(place)
        if seen[axis].insert(number).inserted { axes[axis].append(number) }
      }
      return true
    }
    return axes
  }

  /// Evenly spread indices of an axis, both ends among them.
  static func thinned(_ count: Int, to most: Int) -> [Int] {
    if count <= most { return Array(0..<count) }
    return (0..<most).map { $0 * (count - 1) / (most - 1) }
  }

  private static func read(
    _ table: CSVReader, _ variables: [String], _ columns: [String], _ leading: Int,
    _ whole: [[Double]], _ kept: [[Int]]
  ) throws -> SampledSolution {
    let fields = columns.compactMap { table.columns.firstIndex(of: $0) }
    let wanted = kept.map(Set.init)
    let all = whole.reduce(1) { $0 * $1.count }
    var values: [[Double]] = fields.map { _ in [] }
    var index = 0
    try table.visit { row in
      var (rest, isKept) = (index, true)
      for axis in whole.indices.reversed() {
        isKept = isKept && wanted[axis].contains(rest % whole[axis].count)
        rest /= whole[axis].count
      }
      if isKept {
        for (column, field) in fields.enumerated() { values[column].append(row.value(field)) }
      }
      index += 1
      return index < all
    }
    let places = zip(whole, kept).map { axis, indices in indices.map { axis[$0] } }
    let count = places.reduce(1) { $0 * $1.count }
    guard count > 0, values.allSatisfy({ $0.count == count }) else {
      throw UsageFault(
        description: "trajectory.csv is no grid of \(variables.joined(separator: ", "))")
    }
    return SampledSolution(
      variables: variables, places: places, columns: columns, values: values)
  }
}

/// The truth of a field at its places.
struct FieldTruth {
  private let problem: Problem
  private let solution: SampledSolution

  init(_ problem: Problem, _ solution: SampledSolution) {
    self.problem = problem
    self.solution = solution
  }

  /// The truth by unknown, NaN where it is not known; unknowns without any have no entry.
  ///
  /// - Throws: errors of a closed form that has no value.
  func values(_ names: Set<String>) throws -> [String: [Double]] {
    var found = try exact(
      problem.unknowns.filter { names.contains($0) && problem.exact[$0] != nil })
    guard let table = problem.reference?.table else { return found }
    let rows = places(table)
    for name in problem.unknowns where names.contains(name) && found[name] == nil {
      guard let column = table.column(name) else { continue }
      var values = [Double](repeating: .nan, count: solution.rowCount)
      for (row, place) in rows { values[place] = column[row] }
      if values.contains(where: \.isFinite) { found[name] = values }
    }
    return found
  }

  /// The rows of the reference that lie on the grid, and where.
  private func places(_ table: Table) -> [(row: Int, place: Int)] {
    let coordinates = solution.variables.map { table.column($0) ?? [] }
    guard coordinates.allSatisfy({ $0.count == table.rowCount }) else { return [] }
    return (0..<table.rowCount).compactMap { row in
      var index = 0
      for (places, coordinate) in zip(solution.places, coordinates) {
        guard let place = SamplingPlan.index(places, coordinate[row]) else { return nil }
        index = index * places.count + place
      }
      return (row, index)
    }
  }

  private func exact(_ names: [String]) throws -> [String: [Double]] {
    if names.isEmpty { return [:] }
    let parameters = problem.parameterValues.sorted { $0.key.description < $1.key.description }
    let inputs = Inputs(
      point: solution.variables.map { Symbol($0) }, parameters: parameters.map(\.key))
    let tape = Tape(try Program(names.compactMap { problem.exact[$0] }, inputs: inputs))
    let (point, out) = (Storage(solution.variables.count), Storage(names.count))
    let (none, constants) = (Storage(0), Storage(parameters.map(\.value)))
    defer { point.keep(out, none, constants) }
    var found = names.map { _ in [Double](repeating: .nan, count: solution.rowCount) }
    for row in 0..<solution.rowCount {
      var rest = row
      for axis in solution.places.indices.reversed() {
        point.vector[axis] = solution.places[axis][rest % solution.places[axis].count]
        rest /= solution.places[axis].count
      }
      tape.evaluate(point.vector, none.vector, constants.vector, into: out.vector)
      for index in names.indices { found[index][row] = out.vector[index] }
    }
    return Dictionary(uniqueKeysWithValues: zip(names, found))
  }
}
