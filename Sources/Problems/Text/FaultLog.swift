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

  private var entries: [(order: (Int, Int), diagnostic: Diagnostic)] = []
  private(set) var errorCount = 0
  private var warningCount = 0

  /// True while there is room for another error; callers may stop looking when there is none.
  var hasRoom: Bool { errorCount < Self.capacity }

  func error(_ place: Place, _ message: String, _ remedy: String) {
    if hasRoom { add(.error, place, message, remedy) }
    errorCount += 1
  }

  func warning(_ place: Place, _ message: String, _ remedy: String) {
    if warningCount < Self.capacity { add(.warning, place, message, remedy) }
    warningCount += 1
  }

  /// Adds a fault of a table, placed by the table's reader; it follows those of the problem file.
  func add(_ diagnostic: Diagnostic) {
    guard hasRoom else { return }
    if diagnostic.severity == .error { errorCount += 1 }
    entries.append(((.max, entries.count), diagnostic))
  }

  private func add(
    _ severity: Diagnostic.Severity, _ place: Place, _ message: String, _ remedy: String
  ) {
    let line = place.line
    let lineRange = place.source.start(ofLine: line)..<place.source.start(ofLine: line + 1)
    var diagnostic = Diagnostic(
      severity: severity, file: place.source.name, line: place.source.isFile ? line : 0,
      column: place.column,
      length: max(1, place.source.scalars(in: place.range.clamped(to: lineRange))),
      message: message, remedy: remedy)
    diagnostic.show(place.source.bytes(ofLine: line))
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
