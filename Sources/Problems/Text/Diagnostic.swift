/// A fault or a warning, placed in the file that it is about.
public struct Diagnostic: Error, Sendable, Equatable {
  /// How much it matters: an error refuses the problem, a warning does not.
  public enum Severity: Sendable { case error, warning }

  /// An error refuses the problem.
  public var severity: Severity
  /// The file as named by the user, or `--set path=value` for a fault in an override.
  public var file: String
  /// Counted from 1; 0 where the place has no line number (an override, a whole file).
  public var line: Int
  /// Counted from 1, in Unicode scalars.
  public var column: Int
  /// Unicode scalars underlined, at least 1.
  public var length: Int
  /// What is wrong.
  public var message: String
  /// What to do.
  public var remedy: String
  /// The offending line, or nil where no line can be shown.
  public var sourceLine: String?
  /// Column at which ``sourceLine`` starts: above 1 where a very long line is cut.
  public private(set) var sourceStart = 1
  private var isCut = false

  /// Places a fault by hand, for checks made outside the problem file's reader.
  public init(
    severity: Severity = .error, file: String, line: Int, column: Int, length: Int = 1,
    message: String, remedy: String, sourceLine: String? = nil
  ) {
    self.severity = severity
    self.file = file
    self.line = line
    self.column = column
    self.length = length
    self.message = message
    self.remedy = remedy
    self.sourceLine = sourceLine
  }

  /// `FILE:LINE:COLUMN: what is wrong; what to do`, the offending line, and a caret below it.
  ///
  /// A long line is cut to the part around the caret; a warning says so before its text.
  public var rendered: String {
    let place = line > 0 ? "\(file):\(line):\(column)" : file
    let sort = severity == .warning ? "warning: " : ""
    let head = "\(place): \(sort)\(message); \(remedy)"
    guard let sourceLine else { return head }
    // What turns the reading direction must not turn it here.
    let scalars = sourceLine.unicodeScalars.map {
      $0 != "\t" && CharacterCheck.isRefused($0) ? "\u{FFFD}" : $0
    }
    let width = 96
    let at = min(max(column - sourceStart, 0), scalars.count)
    let first = at + 24 > width ? min(at - width / 2, max(scalars.count - width, 0)) : 0
    let last = min(first + width, scalars.count)
    let before = first > 0 || sourceStart > 1 ? "…" : ""
    let after = last < scalars.count || isCut ? "…" : ""
    let shown = String(String.UnicodeScalarView(scalars[first..<last]))
    let pad = scalars[first..<at].map { $0 == "\t" ? "\t" : " " }.joined()
    let carets = String(repeating: "^", count: max(1, min(length, last - at)))
    return "\(head)\n\(before)\(shown)\(after)\n\(before.isEmpty ? "" : " ")\(pad)\(carets)"
  }

  /// Takes the offending line, or of a very long one the part around the column.
  mutating func show(_ line: ArraySlice<UInt8>) {
    let reach = 400
    guard line.count > 4 * reach else {
      sourceLine = String(decoding: line, as: UTF8.self)
      return
    }
    sourceStart = max(1, column - reach)
    var index = line.startIndex
    func skip(_ count: Int) {
      var left = count
      while left > 0, index < line.endIndex {
        index += 1
        while index < line.endIndex, Byte.isContinuation(line[index]) { index += 1 }
        left -= 1
      }
    }
    skip(sourceStart - 1)
    let start = index
    skip(2 * reach)
    isCut = index < line.endIndex
    sourceLine = String(decoding: line[start..<index], as: UTF8.self)
  }
}

/// Everything that is wrong with a problem file and the files it names (exit code 2).
public struct ProblemFaults: Error, Sendable, Equatable, CustomStringConvertible {
  /// Errors and warnings in the order of the text; at least one is an error.
  public let diagnostics: [Diagnostic]

  /// Bundles diagnostics.
  public init(diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

  /// All messages, each with its line and caret.
  public var description: String { diagnostics.map(\.rendered).joined(separator: "\n") }
}
