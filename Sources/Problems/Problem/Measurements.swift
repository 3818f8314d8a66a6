import Numerics

/// Measurements to fit.
public struct Measurements: Sendable, Equatable {
  /// Standard deviations of the measurements.
  public enum Noise: Sendable, Equatable {
    /// To be estimated.
    case unknown
    case all(Double)
    case each([String: Double])
  }

  /// Path that opens from the working directory.
  public let file: String
  /// Standard deviations.
  public let noise: Noise
  /// What is kept out of training; nil: nothing.
  public let split: Split?
  /// Columns: all variables, some unknowns; NaN: not measured.
  public let table: Table
  /// Name of the trajectory of each row; empty if the file has no such column.
  public let trajectories: [String]
  /// The variable whose column ``Experiment/times`` is: the marching or else the first one.
  public let time: String
  /// Measured unknowns, in the order of the file.
  public let unknowns: [String]
  /// True where conditions `= data at` take initial values from each experiment's first row.
  public let givesStart: Bool

  /// Rows of the table by experiment, in the order in which their labels first occur.
  var rows: [(label: String, rows: [Int])] {
    var places: [String: Int] = [:]
    var found: [(label: String, rows: [Int])] = []
    for row in 0..<table.rowCount {
      let label = trajectories.isEmpty ? "1" : trajectories[row]
      let place = places[label] ?? found.count
      if place == found.count {
        places[label] = place
        found.append((label, []))
      }
      found[place].rows.append(row)
    }
    return found
  }

  /// The measurements by trajectory, each row with its role.
  ///
  /// Times, experiments and fractions are taken out in this order, validation before test. A
  /// fraction f of n experiments, or rows where there is one experiment, is the nearest whole number
  /// to f·n, at least 1, drawn from those that are left. Where first rows give initial values
  /// (``givesStart``), neither a fraction of rows nor an interval of times takes them out.
  ///
  /// - Parameter seed: of the drawing (`train.seed`).
  public func experiments(seed: UInt64) -> [Experiment] {
    let (rows, times) = (rows, table.column(time) ?? [])
    let columns = unknowns.map { table.column($0) ?? [] }
    let roles = Division(self, rows, times, seed: seed).roles
    return rows.map { label, rows in
      Experiment(
        label: label, times: rows.map { times[$0] }, columns: unknowns,
        values: columns.map { column in rows.map { column[$0] } }, roles: rows.map { roles[$0] })
    }
  }
}

/// Gives every row of measurements its role.
struct Division {
  typealias Role = Experiment.Role

  /// One for each row of the table.
  private(set) var roles: [Role]
  /// A row that two selections take out, if there is one.
  private(set) var doubled: Int?
  /// How many rows each selection takes out.
  private(set) var counts: [Role: Int] = [:]
  /// Whether training has nothing to fit: initial values alone do not count.
  private(set) var isEmpty = false

  init(
    _ data: Measurements, _ experiments: [(label: String, rows: [Int])], _ times: [Double],
    seed: UInt64
  ) {
    roles = [Role](repeating: .training, count: data.table.rowCount)
    let parts = data.split?.parts ?? []
    let starts = Set(data.givesStart ? experiments.compactMap(\.rows.first) : [])
    for (role, selection) in parts {
      switch selection {
      case .fraction: continue
      case .times(let interval):
        take(times.indices.filter { interval.contains(times[$0]) && !starts.contains($0) }, role)
      case .experiments(let labels):
        take(experiments.filter { labels.contains($0.label) }.flatMap(\.rows), role)
      }
    }
    var random = SplitMix64(seed: seed)
    for (role, selection) in parts {
      guard case .fraction(let share) = selection else { continue }
      let units =
        experiments.count > 1
        ? experiments.map(\.rows)
        : roles.indices.filter { !starts.contains($0) }.map { [$0] }
      let wanted = max(1, Int((share * Double(units.count)).rounded()))
      let left = units.map { $0.filter { roles[$0] == .training } }.filter { !$0.isEmpty }
      let drawn = left.map { (rows: $0, key: random.next()) }.sorted { $0.key < $1.key }
      take(drawn.prefix(wanted).flatMap(\.rows), role)
    }
    isEmpty = !roles.indices.contains { roles[$0] == .training && !starts.contains($0) }
  }

  private mutating func take(_ rows: [Int], _ role: Role) {
    counts[role, default: 0] += rows.count
    for row in rows {
      if roles[row] != .training, doubled == nil { doubled = row }
      roles[row] = role
    }
  }
}
