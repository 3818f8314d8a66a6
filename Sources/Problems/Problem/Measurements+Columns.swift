extension Measurements {
  /// A column by experiment, in the order of the rows of ``experiments(seed:)``.
  ///
  /// Such as the places in space of measured fields; empty arrays where there is no such column.
  public func values(of column: String) -> [[Double]] {
    let values = table.column(column) ?? []
    if trajectories.isEmpty { return [values] }
    var order: [String] = []
    var found: [String: [Double]] = [:]
    for (label, value) in zip(trajectories, values) {
      if found[label] == nil { order.append(label) }
      found[label, default: []].append(value)
    }
    return order.map { found[$0] ?? [] }
  }
}
