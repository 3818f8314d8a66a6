import Glibc
import Reports
import Testing

@Suite("Fields for VTK") struct FieldFileTests {
  /// Writes a table of a function on a tensor product of places and lets the catalog write it.
  private static func write(
    _ axes: [(name: String, places: [Double])], marching: String?,
    _ folder: Folder, _ field: ([Double]) -> Double
  ) throws -> [String] {
    let writer = try CSVWriter(folder("trajectory.csv"), columns: axes.map(\.name) + ["u", "a<b"])
    var rows: [[Double]] = [[]]
    for axis in axes { rows = rows.flatMap { row in axis.places.map { row + [$0] } } }
    for row in rows {
      writer.append(row)
      writer.append([field(row), -field(row)])
      try writer.endRow()
    }
    try writer.finish()
    let source = InterchangeSource(
      folder: try RunFolder(out: folder("run"), stem: "p", verb: "solve"),
      variables: axes.map(\.name), marching: marching)
    try AtomicFile.copy(folder("trajectory.csv"), to: folder("run/trajectory.csv"))
    return try #require(InterchangeCatalog.find("vtu")).write(source)
  }

  /// A file of VTK as a reader sees it: counts, and the arrays by name.
  struct Grid {
    var points: [[Double]] = []
    var cells: [[Int]] = []
    var types: [UInt8] = []
    var fields: [String: [Double]] = [:]
    var time: Double?

    init(_ path: String) throws {
      let text = try #require(Files.read(path))
      // Tags open and close in order.
      var open: [Substring] = []
      for tag in text.matches(of: #/<(/?)([A-Za-z]+)[^<>]*?(/?)>/#) {
        if tag.1 == "/" {
          #expect(open.popLast() == tag.2)
        } else if tag.3.isEmpty {
          open.append(tag.2)
        }
      }
      #expect(open.isEmpty)
      #expect(text.contains("byte_order=\"LittleEndian\" header_type=\"UInt64\""))
      let counts = try #require(
        text.firstMatch(of: #/<Piece NumberOfPoints="(\d+)" NumberOfCells="(\d+)">/#))
      var arrays: [String: [UInt8]] = [:]
      for array in text.matches(
        of: #/<DataArray type="\w+" Name="([^"]*)"[^>]* format="binary">([^<]*)</#)
      {
        var reader = ByteReader(try Self.decoded(array.2))
        let size = Int(try reader.whole(8))
        arrays[String(array.1)] = try reader.take(size)
        #expect(reader.isAtEnd)
      }
      func doubles(_ name: String) throws -> [Double] {
        var reader = ByteReader(try #require(arrays[name]))
        arrays[name] = nil
        var numbers: [Double] = []
        while !reader.isAtEnd { numbers.append(try reader.double()) }
        return numbers
      }
      func integers(_ name: String) throws -> [Int] {
        var reader = ByteReader(try #require(arrays[name]))
        arrays[name] = nil
        var numbers: [Int] = []
        while !reader.isAtEnd { numbers.append(Int(try reader.whole(8))) }
        return numbers
      }
      let flat = try doubles("Points")
      points = (0..<(flat.count / 3)).map { Array(flat[(3 * $0)..<(3 * $0 + 3)]) }
      let corners = try integers("connectivity")
      let ends = try integers("offsets")
      #expect(ends.last == corners.count)
      cells = zip([0] + ends, ends).map { Array(corners[$0..<$1]) }
      types = try #require(arrays["types"])
      arrays["types"] = nil
      for name in arrays.keys { fields[name] = try doubles(name) }
      #expect(points.count == Int(counts.1) && cells.count == Int(counts.2))
      #expect(types.count == cells.count && fields.values.allSatisfy { $0.count == points.count })
      time = text.firstMatch(of: #/Name="TimeValue"[^>]*>([^<]*)</#).flatMap { Double($0.1) }
    }

    /// Bytes of RFC 4648's letters.
    private static func decoded(_ text: Substring) throws -> [UInt8] {
      let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
      #expect(text.utf8.count % 4 == 0)
      var bytes: [UInt8] = []
      var (group, bits) = (0, 0)
      for letter in text.utf8 where letter != UInt8(ascii: "=") {
        group = group << 6 | (try #require(letters.firstIndex(of: letter)))
        bits += 6
        if bits >= 8 {
          bits -= 8
          bytes.append(UInt8(group >> bits & 255))
        }
      }
      return bytes
    }

    /// The length, area or volume of all cells whose sides are parallel to the axes.
    var measure: Double {
      cells.reduce(0) { sum, cell in
        let corners = cell.map { points[$0] }
        let sides = (0..<3).map { axis in
          (corners.map { $0[axis] }.max() ?? 0) - (corners.map { $0[axis] }.min() ?? 0)
        }
        return sum + sides.filter { $0 > 0 }.reduce(1, *)
      }
    }
  }

  private static func f(_ place: [Double]) -> Double { place.reduce(1) { 3 * $0 + $1 } }
  private static let x = [0, 0.5, 2]
  private static let y = [1, 1.25, 1.5, 3]
  private static let t = [0, 0.1]

  @Test("of one place and time are one grid, space across", .tags(.unit), arguments: [true, false])
  func spaceTime(_ isSpaceFirst: Bool) throws {
    let folder = Folder()
    let axes = [(name: "x", places: Self.x), (name: "t", places: Self.t)]
    let names = try Self.write(isSpaceFirst ? axes : axes.reversed(), marching: "t", folder) {
      Self.f(isSpaceFirst ? $0 : $0.reversed())
    }
    #expect(names == ["field.vtu"])
    let grid = try Grid(folder("run/field.vtu"))
    #expect(grid.points.count == 6 && grid.types == [9, 9] && abs(grid.measure - 0.2) < 1e-15)
    #expect(try grid.points.map { Self.f([$0[0], $0[1]]) } == #require(grid.fields["u"]))
    #expect(grid.fields["a&lt;b"] == grid.fields["u"]?.map { -$0 })
    #expect(grid.points.allSatisfy { $0[2] == 0 } && grid.time == nil)
  }

  @Test("of a plane are quadrilaterals whose corners go around", .tags(.unit))
  func plane() throws {
    let folder = Folder()
    let axes = [(name: "x", places: Self.x), (name: "y", places: Self.y)]
    #expect(try Self.write(axes, marching: nil, folder, Self.f) == ["field.vtu"])
    let grid = try Grid(folder("run/field.vtu"))
    #expect(grid.types == Array(repeating: 9, count: 6) && grid.measure == 4)
    #expect(try grid.points.map { Self.f([$0[0], $0[1]]) } == #require(grid.fields["u"]))
    for cell in grid.cells {
      let p = cell.map { grid.points[$0] }
      // The area by the corners in their order: of a crossed quadrilateral it is 0.
      let twice = (0..<4).reduce(0.0) { sum, corner in
        let (a, b) = (p[corner], p[(corner + 1) % 4])
        return sum + a[0] * b[1] - a[1] * b[0]
      }
      #expect(twice == 2 * (p[2][0] - p[0][0]) * (p[2][1] - p[0][1]) && twice > 0)
    }
  }

  @Test("of space are hexahedra, a file for each moment", .tags(.unit))
  func space() throws {
    let folder = Folder()
    let axes = [
      (name: "x", places: Self.x), (name: "t", places: Self.t), (name: "y", places: Self.y),
      (name: "z", places: [0, 1.0]),
    ]
    let names = try Self.write(axes, marching: "t", folder, Self.f)
    #expect(names == ["field.pvd", "field-0000.vtu", "field-0001.vtu"])
    for (index, time) in Self.t.enumerated() {
      let grid = try Grid(folder("run/field-000\(index).vtu"))
      #expect(grid.time == time && grid.types == Array(repeating: 12, count: 6))
      #expect(grid.measure == 4)
      let expected = grid.points.map { Self.f([$0[0], time, $0[1], $0[2]]) }
      #expect(grid.fields["u"] == expected)
      for cell in grid.cells {
        let p = cell.map { grid.points[$0] }
        // Bottom and top lie over each other, and each goes around.
        #expect((0..<4).allSatisfy { p[$0][2] == 0 && p[$0 + 4][2] == 1 })
        #expect((0..<4).allSatisfy { p[$0][0] == p[$0 + 4][0] && p[$0][1] == p[$0 + 4][1] })
        #expect(p[1][1] == p[0][1] && p[2][0] == p[1][0] && p[3][1] == p[2][1])
      }
    }
    let collection = try #require(Files.read(folder("run/field.pvd")))
    for (index, time) in ["0", "0.1"].enumerated() {
      #expect(collection.contains("timestep=\"\(time)\" part=\"0\" file=\"field-000\(index).vtu\""))
    }
  }

  @Test("on a line are lines, and of one place a point", .tags(.unit))
  func line() throws {
    let folder = Folder()
    _ = try Self.write([(name: "x", places: Self.x)], marching: nil, folder, Self.f)
    let grid = try Grid(folder("run/field.vtu"))
    #expect(grid.types == [3, 3] && grid.cells == [[0, 1], [1, 2]] && grid.measure == 2)
    let other = Folder()
    _ = try Self.write([(name: "x", places: [2])], marching: nil, other, Self.f)
    #expect(try Grid(other("run/field.vtu")).types == [1])
  }

  @Test("are not written of tables that are no whole grid", .tags(.unit))
  func partial() throws {
    let folder = Folder()
    for text in [
      "x,y,u\n0,0,1\n0,1,2\n1,0,3\n", "x,y,u\n0,0,1\n0,1,2\n1,0,3\n1,2,4\n", "x,u\n0,1\n",
      "x,y,u\n", "x,y,u\n0,0,a\n", "x,y,u\n,0,1\n",
    ] {
      try AtomicFile.write(text, to: folder("trajectory.csv"))
      #expect(try GridTable(table: folder("trajectory.csv"), axes: ["x", "y"]) == nil)
    }
    try AtomicFile.write("x,y,u\n0,0,1\n0,1,\n", to: folder("trajectory.csv"))
    let table = try GridTable(table: folder("trajectory.csv"), axes: ["x", "y"])
    #expect(table?.axes.map(\.places) == [[0], [0, 1]] && table?.values[0][1].isNaN == true)
  }

  @Test("count as files of a run", .tags(.unit))
  func force() throws {
    let folder = Folder()
    for name in [
      "field.vtu", "field.pvd", "field-0000.vtu", "field-12345.vtu", "trajectory.npy",
      "events.out.tfevents.0000000000.cauchy",
    ] {
      try AtomicFile.write("", to: folder(name))
      try AtomicFile.write("", to: folder("field-1.vtu"))
      #expect(throws: ReportError.occupied(path: folder.path)) {
        try RunFolder(out: folder.path, stem: "p", verb: "solve")
      }
      _ = try RunFolder(out: folder.path, force: true, stem: "p", verb: "solve")
      #expect(folder.names == ["field-1.vtu"])
    }
  }
}
