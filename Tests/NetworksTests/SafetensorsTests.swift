import Networks
import Testing

@Suite("Safetensors", .tags(.unit)) struct SafetensorsTests {
  static func file(_ header: String, data: Int = 0, declared: Int? = nil) -> [UInt8] {
    let count = declared ?? header.utf8.count
    let length = (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    return length + Array(header.utf8) + [UInt8](repeating: 0, count: data)
  }

  @Test(arguments: NetworkKind.allCases) func roundTrip(_ kind: NetworkKind) throws {
    let shape = NetworkShape(
      inputs: 2, hidden: [3, 3], outputs: 1, activation: .tanh, initialization: .lecun, kind: kind)
    var parameters = shape.initialParameters(seed: 5)
    parameters[0...4] = [.nan, .infinity, -0.0, .leastNonzeroMagnitude, 0.1]
    let notes = ["problem": "u_t = \"x\"\\\n\t\u{1}é𝄞", "format": "1"]
    let written = Safetensors(
      tensors: shape.tensors(parameters, prefix: "u.") + [
        .init(name: "scalar", shape: [], values: [7]),
        .init(name: "none", shape: [0, 3], values: []),
      ], metadata: notes)
    let bytes = written.bytes
    #expect(bytes == written.bytes)
    let header = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    #expect(header % 8 == 0 && bytes[8] == UInt8(ascii: "{"))
    #expect(bytes.count == 8 + header + 8 * (parameters.count + 1))
    let read = try Safetensors(bytes: bytes)
    #expect(read.metadata == notes)
    #expect(Set(read.tensors.map(\.name)) == Set(written.tensors.map(\.name)))
    let found = try shape.parameters(from: read, prefix: "u.")
    #expect(found.map(\.bitPattern) == parameters.map(\.bitPattern))
    #expect(read["scalar"]?.values == [7] && read["none"]?.shape == [0, 3])
  }

  /// What others write: any order of keys and tensors, spaces, escapes.
  @Test func othersFiles() throws {
    let header = """
      { "b": {"data_offsets": [8, 16], "shape": [1], "dtype": "F64"},
        "\\u0061\\ud834\\udd1e": {"dtype": "F64", "shape": [1, 1], "data_offsets": [0, 8]} }  \n
      """
    var bytes = Self.file(header, data: 16)
    bytes[bytes.count - 1] = 0x40
    let read = try Safetensors(bytes: bytes)
    #expect(read["b"]?.values == [2] && read["a𝄞"]?.values == [0] && read.metadata == [:])
    #expect(read.tensors.map(\.name) == ["a𝄞", "b"])
  }

  static func entry(_ type: String = "F64", _ shape: String = "[2]", _ offsets: String = "[0,16]")
    -> String
  {
    "{\"w\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}}"
  }

  static let refusals: [(bytes: [UInt8], sentence: String)] = [
    (
      [1, 2, 3],
      "safetensors: 3 bytes, fewer than the 8 that give the header's length; "
        + "the file was cut off, or is another format"
    ),
    (
      file("{}", declared: 9),
      "safetensors: a header of 9 bytes is declared, but 2 follow (at most 100000000 are read); "
        + "the file was cut off, or is another format"
    ),
    (
      file("[]"),
      "safetensors: byte 0 of the header: expected {; the file is damaged, or is another format"
    ),
    (
      file("{\"w\":3}"),
      "safetensors: byte 5 of the header: expected {; the file is damaged, or is another format"
    ),
    (
      file("{\"w"),
      "safetensors: byte 3 of the header: expected the end of a string; "
        + "the file is damaged, or is another format"
    ),
    (
      file(entry(), data: 15),
      "safetensors: the tensors need 16 bytes of data and the file has 15; "
        + "it was cut off or added to"
    ),
    (
      file(entry(), data: 17),
      "safetensors: the tensors need 16 bytes of data and the file has 17; "
        + "it was cut off or added to"
    ),
    (
      file(entry("F32"), data: 16),
      "safetensors: tensor \"w\" is F32, and only F64 is read; convert it to float64"
    ),
    (
      file(entry("F64", "[3]"), data: 16),
      "safetensors: tensor \"w\": shape [3] of F64 does not fit data_offsets [0, 16]; "
        + "write the file anew"
    ),
    (
      file(entry("F64", "[4611686018427387904,4]"), data: 16),
      "safetensors: tensor \"w\": shape [4611686018427387904, 4] of F64 does not fit "
        + "data_offsets [0, 16]; write the file anew"
    ),
    (
      file(entry("F64", "[2]", "[8,24]"), data: 24),
      "safetensors: tensor \"w\" begins at byte 8 of the data, not at 0, where the one before it "
        + "ends; write the file anew"
    ),
    (
      file("{\"w\":{\"dtype\":\"F64\",\"shape\":[2]}}", data: 16),
      "safetensors: tensor \"w\" has no data_offsets of two numbers; write the file anew"
    ),
    (
      file("{\"__metadata__\":{\"a\":\"b\",\"a\":\"c\"}}"),
      "safetensors: \"a\" stands twice in the header; write the file anew"
    ),
  ]

  @Test func refusals() {
    for (bytes, sentence) in Self.refusals {
      let fault = #expect(throws: SafetensorsFault.self) { try Safetensors(bytes: bytes) }
      #expect(fault?.description == sentence)
    }
  }

  @Test func anotherNetwork() {
    let shape = NetworkShape(
      inputs: 1, hidden: [2], outputs: 1, activation: .sin, initialization: .glorot)
    let file = Safetensors(tensors: shape.tensors(shape.initialParameters(seed: 1)))
    var wider = shape
    wider.hidden = [3]
    let mismatch = #expect(throws: SafetensorsFault.self) { try wider.parameters(from: file) }
    #expect(
      mismatch?.description == "safetensors: tensor \"layers.0.weight\" has the shape [2, 1], and "
        + "the network needs [3, 1]; the file belongs to another network")
    let missing = #expect(throws: SafetensorsFault.self) {
      try shape.parameters(from: file, prefix: "u.")
    }
    #expect(
      missing?.description == "safetensors: no tensor \"u.layers.0.weight\", which the network "
        + "needs; the file belongs to another network")
  }

  /// A byte changed or cut off anywhere is read or refused, and nothing worse.
  @Test func damagedFilesDoNotCrash() {
    var generator = SeededGenerator(state: 3)
    let good = Safetensors(
      tensors: [.init(name: "w", shape: [2, 2], values: [1, 2, 3, 4])], metadata: ["k": "v\n"]
    ).bytes
    var refused = 0
    for _ in 0..<5000 {
      var bytes = good
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      bytes[place] = UInt8.random(in: 0...255, using: &generator)
      if Bool.random(using: &generator) {
        bytes.removeLast(Int.random(in: 0...3, using: &generator))
      }
      do throws(SafetensorsFault) { _ = try Safetensors(bytes: bytes) } catch { refused += 1 }
    }
    #expect(refused > 1000 && refused < 5000)
  }
}
