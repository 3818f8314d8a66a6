import Expressions

/// Gathers expressions that vary as columns, each once.
struct SourceTable {
  private(set) var columns: [Expression] = []
  private var places: [Expression: Int] = [:]
  private let first: Int

  init(first: Int = 0) { self.first = first }

  mutating func source(_ expression: Expression) -> PointProgram.Source {
    if let value = expression.constant { return .constant(value) }
    if let place = places[expression] { return .column(place) }
    let place = first + columns.count
    places[expression] = place
    columns.append(expression)
    return .column(place)
  }
}
