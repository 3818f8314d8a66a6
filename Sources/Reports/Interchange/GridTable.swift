/// A table whose rows are all points of a tensor product of places, the last axis varying fastest.
public struct GridTable: Sendable, Equatable {
  /// One axis: its name and its places.
  public struct Axis: Sendable, Equatable {
    /// The column that it was read from.
    public var name: String
    /// As many as the axis has points.
    public var places: [Double]
  }

  /// In the order of the table.
  public var axes: [Axis]
  /// Names of the other columns.
  public var columns: [String]
  /// `values[column][row]`; NaN where a value is missing.
  public var values: [[Double]]

  /// Reads a table.
  ///
  /// - Parameter names: the columns that are axes.
  /// - Returns: nil where the table does not start with these columns, has a text in it, or lacks
  ///   points, as the table of a run that failed on the way does.
  /// - Throws: `ReportError.cannotRead`. Cost: the whole table in memory.
  public init?(table: String, axes names: [String]) throws(ReportError) {
    let reader = try CSVReader(table)
    guard reader.columns.starts(with: names) else { return nil }
    var read = [[Double]](repeating: [], count: reader.columns.count)
    while try reader.next() {
      guard reader.count == read.count else { return nil }
      for column in read.indices {
        guard let number = reader.number(column) else { return nil }
        read[column].append(number)
      }
    }
    guard let places = GridTable.places(Array(read.prefix(names.count))) else { return nil }
    axes = zip(names, places).map { Axis(name: $0, places: $1) }
    columns = Array(reader.columns.dropFirst(names.count))
    values = Array(read.dropFirst(names.count))
  }

  /// The places of each axis; nil where the rows are not all their combinations in order.
  private static func places(_ coordinates: [[Double]]) -> [[Double]]? {
    guard let rows = coordinates.first?.count, rows > 0 else { return nil }
    var axes: [[Double]] = []
    var stride = 1
    for coordinate in coordinates.reversed() {
      // An axis begins anew where its first place comes again.
      var count = 1
      while count * stride < rows, coordinate[count * stride] != coordinate[0] { count += 1 }
      if coordinate.first.map(\.isNaN) ?? true || rows % (count * stride) != 0 { return nil }
      let places = (0..<count).map { coordinate[$0 * stride] }
      for row in 0..<rows where coordinate[row] != places[row / stride % count] { return nil }
      axes.insert(places, at: 0)
      stride *= count
    }
    return stride == rows ? axes : nil
  }

  /// How far apart neighbours along an axis stand in the table.
  func stride(of axis: Int) -> Int { axes[(axis + 1)...].reduce(1) { $0 * $1.places.count } }
}
