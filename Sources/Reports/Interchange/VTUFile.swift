/// Writes fields on grids as VTK's XML files, for ParaView, PyVista and meshio.
///
/// A frame is an unstructured grid of lines, quadrilaterals or hexahedra with the columns as point
/// data: doubles, base64 in the text. Its axes are X, Y and Z in the order of the table; a comment in
/// the file names them.
///
/// - Source: VTK file formats, "XML file formats": UnstructuredGrid and Collection; cell types 1, 3,
///   9 and 12.
public enum VTUFile {
  /// The single file of a grid, and the collection of a grid with many moments.
  static let fileName = "field.vtu"
  static let collectionName = "field.pvd"
  private static let frameStart = "field-"

  /// The file of one moment.
  private static func frameName(_ index: Int) -> String {
    let digits = String(index)
    return frameStart + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ".vtu"
  }

  /// Whether a file of this name is written here.
  static func owns(_ name: String) -> Bool {
    if name == fileName || name == collectionName { return true }
    guard name.hasPrefix(frameStart), name.hasSuffix(".vtu") else { return false }
    let digits = name.dropFirst(frameStart.count).dropLast(4)
    return digits.count >= 4 && digits.allSatisfy { ("0"..."9").contains($0) }
  }

  /// Writes a table into a folder.
  ///
  /// Up to one variable of space is drawn over the marching one, all in `field.vtu`. With more, each
  /// place of the marching variable is a file of its own, `field-0000.vtu` on, and `field.pvd`
  /// lists them.
  ///
  /// - Parameter marching: the axis that marches; nil for none.
  /// - Returns: the names of the files.
  /// - Throws: `ReportError.cannotWrite`.
  static func write(
    _ table: GridTable, marching: String?, to folder: RunFolder
  ) throws(ReportError) -> [String] {
    let axis = marching.flatMap { name in table.axes.firstIndex { $0.name == name } }
    guard let axis, table.axes.count > 2 else {
      // Space across, time upwards, whatever their order in the table.
      let space = table.axes.indices.filter { $0 != axis }
      let frame = GridFrame(table, axes: space + (axis.map { [$0] } ?? []))
      try write(frame, to: folder.file(fileName))
      return [fileName]
    }
    let places = table.axes[axis].places
    for (index, place) in places.enumerated() {
      let frame = GridFrame(
        table, axes: table.axes.indices.filter { $0 != axis }, fixing: (axis, index), time: place)
      try write(frame, to: folder.file(frameName(index)))
    }
    try AtomicFile.write(collection(places), to: folder.file(collectionName))
    return [collectionName] + places.indices.map(frameName)
  }

  private static func collection(_ times: [Double]) -> String {
    let sets = times.enumerated().map { index, time in
      "    <DataSet timestep=\"\(NumberText.text(time))\" part=\"0\" file=\"\(frameName(index))\"/>\n"
    }
    return """
      <?xml version="1.0"?>
      <VTKFile type="Collection" version="1.0" byte_order="LittleEndian" header_type="UInt64">
        <Collection>
      \(sets.joined())  </Collection>
      </VTKFile>

      """
  }

  private static func write(_ frame: GridFrame, to path: String) throws(ReportError) {
    let file = try OutputFile(path)
    func put(_ text: String) throws(ReportError) { try file.write(Array(text.utf8)[...]) }
    func array(
      _ type: String, _ attributes: String, _ data: [UInt8]
    ) throws(ReportError) {
      try put("        <DataArray type=\"\(type)\" \(attributes) format=\"binary\">")
      var bytes: [UInt8] = []
      bytes.appendLittleEndian(UInt64(data.count))
      try file.write(Base64.encoded(bytes + data)[...])
      try put("</DataArray>\n")
    }
    try put(opening(frame))
    try put("      <Points>\n")
    try array("Float64", "Name=\"Points\" NumberOfComponents=\"3\"", frame.points)
    try put("      </Points>\n      <Cells>\n")
    try array("Int64", "Name=\"connectivity\"", frame.connectivity)
    try array("Int64", "Name=\"offsets\"", frame.offsets)
    try array("UInt8", "Name=\"types\"", frame.types)
    try put("      </Cells>\n      <PointData>\n")
    for column in frame.table.columns.indices {
      let name = HTML.escaped(frame.table.columns[column])
      try array("Float64", "Name=\"\(name)\"", frame.values(column))
    }
    try put("      </PointData>\n    </Piece>\n  </UnstructuredGrid>\n</VTKFile>\n")
    try file.finish()
  }

  private static func opening(_ frame: GridFrame) -> String {
    let names = zip(["X", "Y", "Z"], frame.axes).map { "\($0) = \(frame.table.axes[$1].name)" }
    let time = frame.time.map {
      "    <FieldData>\n      <DataArray type=\"Float64\" Name=\"TimeValue\" NumberOfTuples=\"1\" "
        + "format=\"ascii\">\(NumberText.text($0))</DataArray>\n    </FieldData>\n"
    }
    return """
      <?xml version="1.0"?>
      <VTKFile type="UnstructuredGrid" version="1.0" byte_order="LittleEndian" header_type="UInt64">
        <!-- \(names.joined(separator: ", ").replacing("--", with: "- -")) -->
        <UnstructuredGrid>
      \(time ?? "")    <Piece NumberOfPoints="\(frame.pointCount)" NumberOfCells="\(frame.cellCount)">

      """
  }
}
