/// The points and cells of a part of a grid table, as VTK numbers them.
struct GridFrame {
  let table: GridTable
  /// Axes of the table that are X, Y and Z.
  let axes: [Int]
  /// The moment that the frame shows; nil where there is none.
  let time: Double?
  private let start: Int
  private let strides: [Int]
  private let counts: [Int]

  /// - Parameter fixing: an axis of which one place is shown, and this place's number.
  init(
    _ table: GridTable, axes: [Int], fixing: (axis: Int, index: Int)? = nil, time: Double? = nil
  ) {
    precondition((1...3).contains(axes.count), "\(axes.count) axes in a frame")
    self.table = table
    self.axes = axes
    self.time = time
    start = fixing.map { table.stride(of: $0.axis) * $0.index } ?? 0
    strides = axes.map(table.stride)
    counts = axes.map { table.axes[$0].places.count }
  }

  var pointCount: Int { counts.reduce(1, *) }

  /// How many axes have more than one place: the dimension of the cells.
  private var extended: [Int] { counts.indices.filter { counts[$0] > 1 } }
  var cellCount: Int { extended.reduce(1) { $0 * (counts[$1] - 1) } }

  /// Calls with the place of each axis, the first varying fastest, as VTK's grids do.
  private func forEach(_ counts: [Int], _ body: ([Int]) -> Void) {
    var indices = counts.map { _ in 0 }
    for _ in 0..<counts.reduce(1, *) {
      body(indices)
      var axis = 0
      while axis < counts.count {
        indices[axis] += 1
        if indices[axis] < counts[axis] { break }
        indices[axis] = 0
        axis += 1
      }
    }
  }

  /// Three doubles a point; axes that are not there are 0.
  var points: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(24 * pointCount)
    forEach(counts) { indices in
      for axis in 0..<3 {
        let place = axis < axes.count ? table.axes[axes[axis]].places[indices[axis]] : 0
        bytes.appendLittleEndian(place.bitPattern)
      }
    }
    return bytes
  }

  /// One double a point.
  func values(_ column: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 * pointCount)
    forEach(counts) { indices in
      let row = zip(indices, strides).reduce(start) { $0 + $1.0 * $1.1 }
      bytes.appendLittleEndian(table.values[column][row].bitPattern)
    }
    return bytes
  }

  /// The corners of a cell in VTK's order: around the bottom, then around the top.
  private static let corners = [
    [[]], [[0], [1]], [[0, 0], [1, 0], [1, 1], [0, 1]],
    [
      [0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 1, 1],
    ],
  ]

  /// The numbers of the points at the corners of each cell.
  var connectivity: [UInt8] {
    let extended = extended
    let steps = extended.map { axis in counts[..<axis].reduce(1, *) }
    var bytes: [UInt8] = []
    forEach(extended.map { counts[$0] - 1 }) { indices in
      for corner in GridFrame.corners[extended.count] {
        var point = 0
        for axis in extended.indices { point += steps[axis] * (indices[axis] + corner[axis]) }
        bytes.appendLittleEndian(Int64(point))
      }
    }
    return bytes
  }

  /// Where the corners of each cell end.
  var offsets: [UInt8] {
    let corners = 1 << extended.count
    var bytes: [UInt8] = []
    for cell in 1...cellCount { bytes.appendLittleEndian(Int64(cell * corners)) }
    return bytes
  }

  /// The type of each cell: vertex, line, quadrilateral, hexahedron.
  var types: [UInt8] { Array(repeating: [1, 3, 9, 12][extended.count], count: cellCount) }
}
