/// Writes `training.csv` as an event file, whose curves TensorBoard draws.
///
/// Each accepted step is one event with `loss/total`, a `loss/…` for each further column, and
/// `step/tau`, `step/h`, `step/error`, `step/gradient_norm`, single precision as the format has it.
/// An event's wall time is the step's `seconds`: the same run gives the same bytes, and TensorBoard's
/// relative time is right.
///
/// - Source: TensorFlow, `core/util/event.proto`, `core/framework/summary.proto`, and the record
///   format of `core/lib/io/record_writer.h`.
public enum EventFile {
  /// TensorBoard looks for `tfevents` in the name; the digits are those of a moment, here none.
  public static let fileName = "events.out.tfevents.0000000000.cauchy"
  private static let block = 1 << 16
  /// Columns that are no loss of a block.
  private static let tags = [
    "tau": "step/tau", "h": "step/h", "error": "step/error",
    "gradient_norm": "step/gradient_norm", "loss": "loss/total",
  ]
  private static let places: Set<String> = ["step", "accepted", "evaluations", "seconds"]

  /// Writes the table at `table` to `path`.
  ///
  /// - Throws: `ReportError.cannotRead` or `cannotWrite`; then there is no file at `path`.
  public static func write(table: String, to path: String) throws(ReportError) {
    let reader = try CSVReader(table)
    let file = try OutputFile(path)
    let place = Dictionary(
      reader.columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var bytes = record(Message().adding(1, double: 0).adding(3, text: "brain.Event:2"))
    while try reader.next() {
      func number(_ name: String) -> Double? {
        place[name].flatMap { $0 < reader.count ? reader.number($0) : nil }
      }
      guard number("accepted") != 0, let step = number("step"), step.magnitude < 0x1p53 else {
        continue
      }
      var summary = Message()
      for (column, name) in reader.columns.enumerated() where !places.contains(name) {
        guard column < reader.count, let value = reader.number(column), value.isFinite else {
          continue
        }
        let tag = tags[name] ?? "loss/\(name)"
        summary.add(1, message: Message().adding(1, text: tag).adding(2, float: Float(value)))
      }
      bytes += record(
        Message().adding(1, double: number("seconds") ?? 0).adding(2, integer: Int(step))
          .adding(5, message: summary))
      if bytes.count >= block {
        try file.write(bytes[...])
        bytes.removeAll(keepingCapacity: true)
      }
    }
    try file.write(bytes[...])
    try file.finish()
  }

  /// A record: the length, its checksum, the message, its checksum.
  private static func record(_ message: Message) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendLittleEndian(UInt64(message.bytes.count))
    bytes.appendLittleEndian(CRC32C.masked(bytes))
    bytes += message.bytes
    bytes.appendLittleEndian(CRC32C.masked(message.bytes))
    return bytes
  }

  /// A protocol buffer in the making: fields in the order in which they are added.
  ///
  /// - Source: protobuf.dev, "Encoding": wire types 0, 1, 2 and 5.
  private struct Message {
    private(set) var bytes: [UInt8] = []

    private mutating func addVarint(_ value: UInt64) {
      var rest = value
      while rest >= 0x80 {
        bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
      }
      bytes.append(UInt8(rest))
    }

    private mutating func addKey(_ field: UInt64, _ wireType: UInt64) {
      addVarint(field << 3 | wireType)
    }

    mutating func add(_ field: UInt64, message: Message) { add(field, bytes: message.bytes) }

    private mutating func add(_ field: UInt64, bytes content: [UInt8]) {
      addKey(field, 2)
      addVarint(UInt64(content.count))
      bytes += content
    }

    func adding(_ field: UInt64, message: Message) -> Message {
      var copy = self
      copy.add(field, message: message)
      return copy
    }

    func adding(_ field: UInt64, text: String) -> Message {
      var copy = self
      copy.add(field, bytes: Array(text.utf8))
      return copy
    }

    func adding(_ field: UInt64, integer: Int) -> Message {
      var copy = self
      copy.addKey(field, 0)
      copy.addVarint(UInt64(bitPattern: Int64(integer)))
      return copy
    }

    func adding(_ field: UInt64, double: Double) -> Message {
      var copy = self
      copy.addKey(field, 1)
      copy.bytes.appendLittleEndian(double.bitPattern)
      return copy
    }

    func adding(_ field: UInt64, float: Float) -> Message {
      var copy = self
      copy.addKey(field, 5)
      copy.bytes.appendLittleEndian(float.bitPattern)
      return copy
    }
  }
}
