import FlyingFox
import FlyingSocks
import Reports

/// Server-sent events as the bytes of an answer; ends when its source does.
///
/// The source is asked for more only when what it gave before is sent, so a slow reader costs
/// nothing but its own delay.
struct EventBytes: AsyncBufferedSequence, Sendable {
  typealias Element = UInt8

  /// Gives the next piece of the stream, waiting as long as it takes; nil at the end.
  let next: @Sendable () async throws -> [UInt8]?

  func makeAsyncIterator() -> Iterator { Iterator(source: next) }

  struct Iterator: AsyncBufferedIteratorProtocol {
    let source: @Sendable () async throws -> [UInt8]?
    private var left: ArraySlice<UInt8> = []

    init(source: @escaping @Sendable () async throws -> [UInt8]?) { self.source = source }

    mutating func next() async throws -> UInt8? { try await nextBuffer(suggested: 1)?.first }

    mutating func nextBuffer(suggested count: Int) async throws -> ArraySlice<UInt8>? {
      if left.isEmpty {
        guard let bytes = try await source() else { return nil }
        left = bytes[...]
      }
      let part = left.prefix(count)
      left = left.dropFirst(part.count)
      return part
    }
  }
}

/// The text of one event.
enum ServerEvent {
  /// - Parameter data: lines; none holds a carriage return.
  static func bytes(_ name: String, _ data: [String]) -> [UInt8] {
    var text = "event: \(name)\n"
    for line in data { text += "data: \(line)\n" }
    return Array((text + "\n").utf8)
  }

  /// As above, of a value in its JSON text.
  static func bytes(_ name: String, _ value: Reports.JSONValue) -> [UInt8] {
    bytes(name, value.rendered.split(separator: "\n").map(String.init))
  }

  /// A comment, which shows whether anyone still reads.
  static let heartbeat = Array(":\n\n".utf8)
}
