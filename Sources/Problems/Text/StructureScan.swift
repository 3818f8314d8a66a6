/// Walks over YAML text as YAML's scanner would, looking only at its structure.
///
/// It finds what the format does not allow (anchors, aliases, tags, complex keys, duplicate keys,
/// a second document, nesting deeper than 64 levels) before anything is composed, so that each is
/// reported where it stands and no input can exhaust the composer's stack. What it refuses is
/// blanked in a copy of the text, with the same number of characters, so that the rest of the file
/// can still be composed and checked in the same pass. Text that is not YAML ends the walk: the
/// composer says what is wrong with it.
struct StructureScan {
  static let depthLimit = 64

  enum Kind { case blockMapping, blockSequence, flowMapping, flowSequence }
  struct Level {
    let kind: Kind
    let indent: Int
    var keys: [String: Int] = [:]
    var expectsKey = false
  }
  /// A token that turns out to be a key if a colon follows it on its line.
  struct Candidate {
    let range: Range<Int>
    let line: Int
    let column: Int
    let isScalar: Bool
  }
  enum Stop: Error { case notYAML, refused }

  let source: SourceText
  let log: FaultLog
  let bytes: [UInt8]
  var at = 0
  var line = 0
  var lineStart = 0
  var levels: [Level] = []
  var candidates: [Candidate?] = [nil]
  var keyAllowed = true
  private var hasContent = false
  private var documentEnded = false
  var placeholders: UInt32 = 0
  var edits: [(range: Range<Int>, text: [UInt8])] = []
  var canCompose = true

  private init(_ source: SourceText, _ log: FaultLog) {
    self.source = source
    self.log = log
    bytes = source.bytes
  }

  /// Reports what is not allowed; returns text to compose, nil where composing makes no sense.
  ///
  /// - Parameter start: what stands before it in the first line is blanked unread.
  static func composable(_ source: SourceText, _ log: FaultLog, from start: Int = 0) -> [UInt8]? {
    var scan = StructureScan(source, log)
    if start > 0 {
      let blanks = Array(repeating: Byte.space, count: source.scalars(in: 0..<start))
      scan.edits.append((0..<start, blanks))
      scan.at = start
    }
    do {
      while try scan.token() {}
    } catch Stop.refused {
      return nil
    } catch {}
    return scan.canCompose ? scan.edited() : nil
  }

  var column: Int { at - lineStart }
  var inFlow: Bool { candidates.count > 1 }
  func byte(_ ahead: Int = 0) -> UInt8 {
    at + ahead < bytes.count ? bytes[at + ahead] : 0
  }
  func isBlankOrEnd(_ ahead: Int) -> Bool {
    let next = byte(ahead)
    return next == 0 || Byte.isBlank(next) || Byte.isBreak(next)
  }

  // MARK: Tokens

  private mutating func token() throws -> Bool {
    skipToToken()
    if let candidate = candidates[candidates.count - 1],
      candidate.line != line || at - candidate.range.lowerBound > 1024
    {
      candidates[candidates.count - 1] = nil
    }
    if !inFlow { unroll(to: at < bytes.count ? column : -1) }
    guard at < bytes.count else { return false }
    if column == 0, try documentMark() { return true }
    if documentEnded { try refuseDocument() }
    hasContent = true
    try content()
    return true
  }

  private mutating func content() throws {
    switch byte() {
    case UInt8(ascii: "["): try openFlow(.flowSequence)
    case UInt8(ascii: "{"): try openFlow(.flowMapping)
    case UInt8(ascii: "]"): try closeFlow(.flowSequence)
    case UInt8(ascii: "}"): try closeFlow(.flowMapping)
    case Byte.comma:
      guard inFlow else { throw Stop.notYAML }
      candidates[candidates.count - 1] = nil
      keyAllowed = true
      levels[levels.count - 1].expectsKey = levels[levels.count - 1].kind == .flowMapping
      at += 1
    case UInt8(ascii: "-") where isBlankOrEnd(1):
      guard !inFlow, keyAllowed else { throw Stop.notYAML }
      try roll(column, .blockSequence)
      candidates[0] = nil
      at += 1
    case UInt8(ascii: "?") where inFlow || isBlankOrEnd(1):
      refuse(at..<at + 1, "a complex key", "write a plain name before the colon")
      canCompose = false
      if !inFlow { try roll(column, .blockMapping) }
      keyAllowed = !inFlow
      at += 1
    case Byte.colon where inFlow || isBlankOrEnd(1): try value()
    case UInt8(ascii: "&"), UInt8(ascii: "!"): blankProperty()
    case UInt8(ascii: "|"), UInt8(ascii: ">"):
      guard !inFlow else { throw Stop.notYAML }
      blockScalar()
    case Byte.apostrophe, Byte.quote: try quotedScalar()
    case Byte.tab, Byte.hash, UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "`"):
      throw Stop.notYAML
    default: plainScalar()
    }
  }

  private mutating func skipToToken() {
    while at < bytes.count {
      let here = bytes[at]
      if here == Byte.space || (here == Byte.tab && (inFlow || !keyAllowed)) {
        at += 1
      } else if here == Byte.hash {
        while at < bytes.count, !Byte.isBreak(bytes[at]) { at += 1 }
      } else if Byte.isBreak(here) {
        newLine()
        if !inFlow { keyAllowed = true }
      } else {
        return
      }
    }
  }

  mutating func newLine() {
    at += bytes[at] == Byte.carriageReturn && byte(1) == Byte.newline ? 2 : 1
    line += 1
    lineStart = at
  }

  func marks(_ character: Character) -> Bool {
    guard let mark = character.asciiValue else { return false }
    return byte() == mark && byte(1) == mark && byte(2) == mark && isBlankOrEnd(3)
  }

  private mutating func documentMark() throws -> Bool {
    if byte() == UInt8(ascii: "%"), !hasContent {
      while at < bytes.count, !Byte.isBreak(bytes[at]) { at += 1 }
      return true
    }
    guard marks("-") || marks(".") else { return false }
    if marks("-"), hasContent || documentEnded { try refuseDocument() }
    hasContent = hasContent || marks("-")
    documentEnded = marks(".") && hasContent
    unroll(to: -1)
    candidates = [nil]
    keyAllowed = false
    at += 3
    return true
  }

  private mutating func refuseDocument() throws {
    refuse(at..<at + 3, "a second document starts here", "keep one problem in a file")
    edits.append((at..<bytes.count, []))
    throw Stop.notYAML
  }

  // MARK: Collections

  private mutating func push(_ level: Level) throws {
    levels.append(level)
    guard levels.count > Self.depthLimit else { return }
    refuse(
      at..<at + 1, "nesting is deeper than \(Self.depthLimit) levels",
      "write the file with less nesting")
    throw Stop.refused
  }

  private mutating func roll(_ column: Int, _ kind: Kind) throws {
    keyAllowed = true
    if levels.last?.indent ?? -1 < column { try push(Level(kind: kind, indent: column)) }
  }

  private mutating func unroll(to column: Int) {
    while let last = levels.last, last.indent > column { levels.removeLast() }
  }

  private mutating func openFlow(_ kind: Kind) throws {
    saveCandidate(at..<at + 1, isScalar: false)
    if !levels.isEmpty { levels[levels.count - 1].expectsKey = false }
    try push(
      Level(kind: kind, indent: levels.last?.indent ?? -1, expectsKey: kind == .flowMapping))
    candidates.append(nil)
    keyAllowed = true
    at += 1
  }

  private mutating func closeFlow(_ kind: Kind) throws {
    guard inFlow, levels.last?.kind == kind else { throw Stop.notYAML }
    levels.removeLast()
    candidates.removeLast()
    keyAllowed = false
    at += 1
  }

  private mutating func value() throws {
    if let candidate = candidates[candidates.count - 1] {
      if !inFlow { try roll(candidate.column, .blockMapping) }
      if !candidate.isScalar {
        refuse(candidate.range, "a complex key", "write a plain name before the colon")
        canCompose = false
      } else if !inFlow, levels.last?.indent == candidate.column {
        note(key: candidate.range)
      }
      keyAllowed = false
    } else {
      if !inFlow {
        guard keyAllowed else { throw Stop.notYAML }
        try roll(column, .blockMapping)
      }
      keyAllowed = !inFlow
    }
    if inFlow { levels[levels.count - 1].expectsKey = false }
    candidates[candidates.count - 1] = nil
    at += 1
  }
}
