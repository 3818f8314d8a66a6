// Stub until the reader of splits lands.
public struct Experiment: Sendable, Equatable {
  public enum Role: Sendable { case training, validation, test }
  public let label: String
  public let times: [Double]
  public let columns: [String]
  public let values: [[Double]]
  public let roles: [Role]
}
extension Measurements {
  public func experiments(_ time: String, seed: UInt64) -> [Experiment] {
    let times = table.column(time) ?? []
    let labels = trajectories.isEmpty ? times.map { _ in "1" } : trajectories
    var order: [String] = []
    var rows: [String: [Int]] = [:]
    for (row, label) in labels.enumerated() {
      if rows[label] == nil { order.append(label) }
      rows[label, default: []].append(row)
    }
    let columns = table.columns.filter { $0 != time }
    return order.map { label in
      let own = rows[label] ?? []
      return Experiment(
        label: label, times: own.map { times[$0] }, columns: columns,
        values: columns.map { name in own.map { (table.column(name) ?? [])[$0] } },
        roles: own.map { _ in .training })
    }
  }
}
