/// A table of numbers read from a CSV file.
public struct Table: Sendable, Equatable {
  /// Names of the columns that were read, in the order of the file.
  public let columns: [String]
  /// One array for each column; NaN stands for a blank where blanks are allowed.
  public let values: [[Double]]

  /// Bundles columns of equal length.
  public init(columns: [String], values: [[Double]]) {
    precondition(columns.count == values.count, "\(columns.count) names, \(values.count) columns")
    self.columns = columns
    self.values = values
  }

  /// Number of rows.
  public var rowCount: Int { values.first?.count ?? 0 }

  /// The numbers of a column, nil if there is none of that name.
  public func column(_ name: String) -> [Double]? {
    columns.firstIndex(of: name).map { values[$0] }
  }

  /// Compares bit by bit, so that two blanks are equal.
  public static func == (a: Table, b: Table) -> Bool {
    a.columns == b.columns && a.values.count == b.values.count
      && zip(a.values, b.values).allSatisfy { x, y in
        x.count == y.count && zip(x, y).allSatisfy { $0.bitPattern == $1.bitPattern }
      }
  }
}
