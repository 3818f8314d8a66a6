/// Where a piece of text stands: a run of bytes of a source, and how it was quoted there.
struct Place: Sendable {
  var source: SourceText
  /// Bytes of the source, quotes included.
  var range: Range<Int>
  /// The decoded text, for finding the byte that a character of it came from.
  var text: String = ""

  /// A part of the decoded text, as a place of its own.
  func part(_ offset: Int, _ length: Int) -> Place {
    let aligned = ScalarAlignment.range(of: offset, length, in: self)
    return Place(source: source, range: aligned)
  }

  var line: Int { source.line(at: range.lowerBound) }
  var column: Int {
    source.scalars(in: source.start(ofLine: line)..<range.lowerBound) + 1
  }
}

/// Collects every fault of one reading, in whatever order they are found.
final class FaultLog {
  /// Faults beyond this many are counted, not kept: a broken file must not take for ever.
  static let capacity = 200

  private(set) var entries: [(order: (Int, Int), diagnostic: Diagnostic)] = []
  private(set) var errorCount = 0

  /// True while there is room for another; callers may skip costly advice when there is none.
  var hasRoom: Bool { entries.count < Self.capacity }

  func error(_ place: Place, _ message: String, _ remedy: String) {
    errorCount += 1
    add(.error, place, message, remedy)
  }

  func warning(_ place: Place, _ message: String, _ remedy: String) {
    add(.warning, place, message, remedy)
  }

  /// Adds a fault of a table, placed by the table's reader; it follows those of the problem file.
  func add(_ diagnostic: Diagnostic) {
    if diagnostic.severity == .error { errorCount += 1 }
    guard hasRoom else { return }
    entries.append(((.max, entries.count), diagnostic))
  }

  private func add(
    _ severity: Diagnostic.Severity, _ place: Place, _ message: String, _ remedy: String
  ) {
    guard hasRoom else { return }
    let line = place.line
    let lineRange = place.source.start(ofLine: line)..<place.source.start(ofLine: line + 1)
    let diagnostic = Diagnostic(
      severity: severity, file: place.source.name, line: place.source.isFile ? line : 0,
      column: place.column,
      length: max(1, place.source.scalars(in: place.range.clamped(to: lineRange))),
      message: message, remedy: remedy,
      sourceLine: String(decoding: place.source.bytes(ofLine: line), as: UTF8.self))
    entries.append(((place.source.rank, place.range.lowerBound), diagnostic))
  }

  /// The diagnostics in the order of the text: the file, then overrides, then tables.
  var sorted: [Diagnostic] {
    entries.enumerated()
      .sorted {
        ($0.element.order.0, $0.element.order.1, $0.offset)
          < ($1.element.order.0, $1.element.order.1, $1.offset)
      }
      .map(\.element.diagnostic)
  }
}
