/// Scalars: where each ends decides whether what follows is a key, a comment or more of it.
extension StructureScan {
  mutating func saveCandidate(_ range: Range<Int>, isScalar: Bool) {
    guard keyAllowed else { return }
    candidates[candidates.count - 1] = Candidate(
      range: range, line: line, column: column, isScalar: isScalar)
  }

  mutating func finishScalar(from start: Int, to end: Int, crossedLine: Bool) {
    if levels.last?.expectsKey == true {
      note(key: start..<end)
      levels[levels.count - 1].expectsKey = false
    }
    keyAllowed = crossedLine
  }

  mutating func quotedScalar() throws {
    let quote = byte()
    let (start, startLine, startColumn) = (at, line, column)
    at += 1
    while true {
      guard at < bytes.count else { throw Stop.notYAML }
      let here = bytes[at]
      if here == quote {
        if quote == Byte.apostrophe, byte(1) == quote { at += 2 } else { break }
      } else if here == Byte.backslash, quote == Byte.quote, !Byte.isBreak(byte(1)) {
        at += 2
      } else if Byte.isBreak(here) {
        newLine()
      } else {
        at += 1
      }
    }
    at += 1
    if keyAllowed {
      candidates[candidates.count - 1] = Candidate(
        range: start..<at, line: startLine, column: startColumn, isScalar: true)
    }
    finishScalar(from: start, to: at, crossedLine: false)
  }

  mutating func plainScalar() {
    if byte() == UInt8(ascii: "*") { refuseAlias() }
    let (start, startLine, startColumn) = (at, line, column)
    let indent = (levels.last?.indent ?? -1) + 1
    var end = at
    var crossed = false
    while at < bytes.count, byte() != Byte.hash, !(column == 0 && (marks("-") || marks("."))) {
      while at < bytes.count, !isBlankOrEnd(0), !endsPlain { at += 1 }
      if at > end { (end, crossed) = (at, false) }
      guard at < bytes.count, isBlankOrEnd(0), bytes[at] != 0 else { break }
      while at < bytes.count, Byte.isBlank(bytes[at]) || Byte.isBreak(bytes[at]) {
        if Byte.isBreak(bytes[at]) {
          newLine()
          crossed = true
        } else {
          at += 1
        }
      }
      if !inFlow, column < indent { break }
      if endsPlain { break }
    }
    if at == start { at += 1 }
    if keyAllowed {
      candidates[candidates.count - 1] = Candidate(
        range: start..<end, line: startLine, column: startColumn, isScalar: true)
    }
    finishScalar(from: start, to: end, crossedLine: crossed)
  }

  private var endsPlain: Bool {
    switch byte() {
    case Byte.colon: isBlankOrEnd(1)
    case Byte.comma, UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"):
      inFlow
    default: false
    }
  }

  /// Steps over a block scalar: the lines below its header that are indented more than its parent.
  mutating func blockScalar() {
    let parent = levels.last?.indent ?? -1
    var indent = 0
    at += 1
    while at < bytes.count, !Byte.isBlank(bytes[at]), !Byte.isBreak(bytes[at]) {
      if UInt8(ascii: "1")...UInt8(ascii: "9") ~= bytes[at], indent == 0 {
        indent = max(parent, 0) + Int(bytes[at] - UInt8(ascii: "0"))
      }
      at += 1
    }
    while at < bytes.count, !Byte.isBreak(bytes[at]) { at += 1 }
    if at < bytes.count { newLine() }
    while at < bytes.count {
      while byte() == Byte.space, indent == 0 || column < indent { at += 1 }
      if Byte.isBreak(byte()) {
        newLine()
        continue
      }
      if indent == 0 { indent = max(column, parent + 1, 1) }
      if column < indent { break }
      while at < bytes.count, !Byte.isBreak(bytes[at]) { at += 1 }
      if at < bytes.count { newLine() }
    }
    candidates[candidates.count - 1] = nil
    keyAllowed = true
  }
}
