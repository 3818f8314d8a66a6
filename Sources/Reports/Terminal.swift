import Glibc

/// What the reader of a stream can be shown.
public struct Terminal: Sendable, Equatable {
  /// The few meanings that colours have.
  public enum Ink: Sendable {
    /// What failed, and where.
    case bad
    /// What a reader should know before trusting a result.
    case doubtful
    /// What came out as it should.
    case good
    /// What the eye looks for first.
    case strong

    /// The parameter of the escape sequence "select graphic rendition" (ECMA-48, 8.3.117).
    fileprivate var code: Int {
      switch self {
      case .bad: 31
      case .doubtful: 33
      case .good: 32
      case .strong: 1
      }
    }
  }

  /// Whether the cursor moves where escape sequences tell it to.
  public var takesEscapes: Bool
  /// Whether colours are shown and wanted.
  public var hasColour: Bool
  /// Whether characters beyond ASCII are shown.
  public var isUnicode: Bool
  /// How many characters a line has; nil where lines have no end, as in a file.
  public var width: Int?

  /// A file or a pipe: nothing but text.
  public static let none = Terminal(
    takesEscapes: false, hasColour: false, isUnicode: true, width: nil)

  /// Makes a terminal from what it can show.
  public init(takesEscapes: Bool, hasColour: Bool, isUnicode: Bool, width: Int?) {
    self.takesEscapes = takesEscapes
    self.hasColour = hasColour
    self.isUnicode = isUnicode
    self.width = width
  }

  /// What a stream shows by its environment.
  ///
  /// No escapes go to a file, a pipe or a terminal of the kind `dumb`; no colours where `NO_COLOR`
  /// is set to anything (no-color.org). Characters are those of the first of `LC_ALL`, `LC_CTYPE`
  /// and `LANG` that says something.
  ///
  /// - Parameters:
  ///   - isTerminal: whether the stream goes to a terminal.
  ///   - width: what the system says of its width; nil or 0 where it does not.
  ///   - variable: the environment.
  public init(isTerminal: Bool, width: Int?, variable: (String) -> String?) {
    func said(_ name: String) -> String? { variable(name).flatMap { $0.isEmpty ? nil : $0 } }
    let locale = (said("LC_ALL") ?? said("LC_CTYPE") ?? said("LANG") ?? "").lowercased()
    takesEscapes = isTerminal && said("TERM").map { $0 != "dumb" } ?? false
    hasColour = takesEscapes && said("NO_COLOR") == nil
    isUnicode = locale.contains("utf-8") || locale.contains("utf8")
    let columns = width.flatMap { $0 > 0 ? $0 : nil } ?? said("COLUMNS").flatMap(Int.init)
    self.width = isTerminal ? max(columns ?? 80, 20) : nil
  }

  /// What standard output or standard error shows now: a window may change its width.
  ///
  /// - Cost: two system calls.
  init(_ descriptor: Int32) {
    var size = winsize()
    let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0
    self.init(isTerminal: isatty(descriptor) == 1, width: isKnown ? Int(size.ws_col) : nil) {
      getenv($0).map { String(cString: $0) }
    }
  }

  /// The text in a colour, where there are colours.
  public func paint(_ text: String, _ ink: Ink) -> String {
    hasColour && !text.isEmpty ? "\u{1B}[\(ink.code)m\(text)\u{1B}[0m" : text
  }

  /// The text, cut at its end to `count` characters.
  public func cut(_ text: String, to count: Int) -> String {
    if text.count <= count { return text }
    let mark = isUnicode ? "…" : "..."
    return count <= mark.count
      ? String(text.prefix(max(count, 0))) : text.prefix(count - mark.count) + mark
  }

  /// The text, cut at its start to `count` characters: of a path the end matters.
  public func cutStart(_ text: String, to count: Int) -> String {
    if text.count <= count { return text }
    let mark = isUnicode ? "…" : "..."
    return count <= mark.count
      ? String(text.suffix(max(count, 0))) : mark + text.suffix(count - mark.count)
  }
}
