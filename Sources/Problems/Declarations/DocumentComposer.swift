import Yams

/// Composes YAML text into declarations, every scalar as text with its place in the source.
struct DocumentComposer {
  private let source: SourceText
  private let log: FaultLog
  private var near = (line: 0, column: 1, offset: 0)

  /// Reads a text; reports everything that stands in the way.
  ///
  /// - Parameter start: where the YAML begins; what is before it counts as blanks.
  /// - Returns: the root of the document, or nil if there is nothing that could be checked further.
  static func compose(_ source: SourceText, _ log: FaultLog, from start: Int = 0) -> Declaration? {
    guard CharacterCheck.pass(source, log),
      let bytes = StructureScan.composable(source, log, from: start)
    else { return nil }
    var composer = DocumentComposer(source: source, log: log)
    do {
      let yaml = String(decoding: bytes, as: UTF8.self)
      // No resolver rules: scalars stay text, and no regular expression is ever compiled.
      guard let root = try Yams.compose(yaml: yaml, .basic, .default, .utf8) else { return nil }
      return composer.declaration(root, depth: 0, inFlow: false)
    } catch let error as YamlError {
      composer.report(error)
    } catch {
      let start = Place(source: source, range: 0..<0)
      log.error(start, "the text is not YAML", "see the examples of README.md")
    }
    return nil
  }

  private init(source: SourceText, log: FaultLog) {
    self.source = source
    self.log = log
  }

  // MARK: Nodes

  private mutating func declaration(_ node: Node, depth: Int, inFlow: Bool) -> Declaration {
    let start = offset(of: node.mark)
    switch node {
    case .scalar(let scalar): return text(scalar, at: start)
    case .sequence(let sequence):
      let isFlow = source.bytes[safe: start] == UInt8(ascii: "[")
      var items = sequence.map { declaration($0, depth: depth + 1, inFlow: isFlow) }
      if isFlow { checkParentheses(&items) }
      return Declaration(content: .list(items), isFlow: isFlow, place: opening(start))
    case .mapping(let mapping): return self.mapping(mapping, at: start, depth: depth)
    case .alias:
      return Declaration(content: .unreadable, isFlow: false, place: opening(start))
    }
  }

  private mutating func mapping(_ mapping: Node.Mapping, at start: Int, depth: Int) -> Declaration {
    let isFlow = source.bytes[safe: start] == UInt8(ascii: "{")
    var pieces: [Declaration] = []
    for (key, value) in mapping {
      pieces.append(declaration(key, depth: depth + 1, inFlow: isFlow))
      pieces.append(declaration(value, depth: depth + 1, inFlow: isFlow))
    }
    if isFlow { checkParentheses(&pieces) }
    var entries: [Declaration.Entry] = []
    for index in stride(from: 0, to: pieces.count, by: 2) {
      let key = pieces[index]
      guard let name = key.text else {
        if case .unreadable = key.content { continue }
        log.error(key.place, "a complex key", "write a plain name before the colon")
        continue
      }
      if name.unicodeScalars.first.map(Self.isPlaceholder) != true {
        entries.append(.init(key: name, value: pieces[index + 1], keyPlace: key.place))
      }
    }
    return Declaration(content: .mapping(entries), isFlow: isFlow, place: opening(start))
  }

  private func text(_ scalar: Node.Scalar, at start: Int) -> Declaration {
    let place = Place(source: source, range: extent(scalar, from: start), text: scalar.string)
    let isPlain = scalar.style == .plain
    var content = Declaration.Content.text(scalar.string)
    if isPlain, let first = scalar.string.unicodeScalars.first, Self.isPlaceholder(first) {
      if source.bytes[safe: start] == UInt8(ascii: "*") { content = .unreadable }
    } else if let refused = CharacterCheck.firstRefused(in: scalar.string) {
      log.error(place, "\(CharacterCheck.name(refused)), written as an escape", "remove it")
      content = .unreadable
    }
    return Declaration(content: content, isFlow: false, isPlain: isPlain, place: place)
  }

  /// Characters for private use stand in the composed text where something was refused.
  private static func isPlaceholder(_ scalar: Unicode.Scalar) -> Bool {
    0xE000...0xF8FF ~= scalar.value
  }

  /// Finds expressions that a comma cut in two: `[max(a, b)]` is two items to YAML.
  private func checkParentheses(_ items: inout [Declaration]) {
    var open = 0
    for index in items.indices {
      guard items[index].isPlain, let text = items[index].text else { continue }
      let isContinuation = open > 0
      for character in text.utf8 {
        if character == UInt8(ascii: "(") { open += 1 }
        if character == UInt8(ascii: ")") { open -= 1 }
      }
      guard open != 0 || isContinuation else { continue }
      if !isContinuation {
        log.error(
          items[index].place, "'\(text)' has an unbalanced parenthesis",
          "inside […] and {…} a comma ends the item: quote the whole expression")
      }
      open = max(open, 0)
      items[index].content = .unreadable
    }
  }

  // MARK: Places

  private mutating func offset(of mark: Mark?) -> Int {
    guard let mark else { return 0 }
    let isNear = near.line == mark.line && near.column <= mark.column
    let known = isNear ? (column: near.column, offset: near.offset) : nil
    let offset = source.offset(line: mark.line, column: mark.column, near: known)
    near = (mark.line, mark.column, offset)
    return min(offset, source.bytes.count)
  }

  private func opening(_ start: Int) -> Place {
    Place(source: source, range: start..<min(start + 1, source.bytes.count))
  }

  private func extent(_ scalar: Node.Scalar, from start: Int) -> Range<Int> {
    let bytes = source.bytes
    switch scalar.style {
    case .singleQuoted, .doubleQuoted:
      let quote = scalar.style == .singleQuoted ? Byte.apostrophe : Byte.quote
      var end = start + 1
      while end < bytes.count, bytes[end] != quote || bytes[safe: end + 1] == Byte.apostrophe {
        let skipsTwo = bytes[end] == Byte.backslash && quote == Byte.quote
        end += skipsTwo || bytes[end] == quote ? 2 : 1
      }
      return start..<max(start, min(end + 1, bytes.count))
    case .plain:
      let text = scalar.string.utf8
      let end = start + text.count
      return end <= bytes.count && bytes[start..<end].elementsEqual(text)
        ? start..<end : start..<bytes.count
    default: return start..<bytes.count
    }
  }

  // MARK: Text that is not YAML

  private mutating func report(_ error: YamlError) {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      var start = offset(of: mark)
      // What is still open at the end is best shown where it was opened.
      if start >= source.bytes.count, let context { start = offset(of: context.mark) }
      let (message, remedy) = Self.wording(of: problem)
      log.error(opening(start), message, remedy)
    case .duplicatedKeysInMapping(let duplicates, let context):
      let start = offset(of: context.mark)
      log.error(
        opening(start), "the key '\(duplicates.first ?? "")' is given twice", "keep one of the two")
    default:
      log.error(opening(0), "the text is not YAML", "see the examples of README.md")
    }
  }

  /// Says in the words of this format what YAML's parser complains of.
  private static func wording(of problem: String) -> (String, String) {
    let table: [(String, String, String)] = [
      (
        "mapping values are not allowed", "a colon followed by a space does not fit here",
        "quote a text that holds ': ', or check the indentation"
      ),
      (
        "did not find expected ',' or ']'", "a list in brackets is not closed",
        "close it with ']', and put commas between its items"
      ),
      (
        "did not find expected ',' or '}'", "a mapping in braces is not closed",
        "close it with '}', and put commas between its items"
      ),
      (
        "did not find expected key", "this line does not fit the lines above",
        "line it up with the keys above, or quote the value"
      ),
      (
        "did not find expected '-' indicator", "this line does not fit the list above",
        "line it up with the items above"
      ),
      (
        "cannot start any token", "this character cannot start a value",
        "indent with spaces, and quote a text that starts with % @ or `"
      ),
      ("expected node content", "a value is missing here", "write one, or quote an empty text"),
      ("unexpected end of stream", "a quotation is not closed", "close it with the same quote"),
      ("could not find expected ':'", "a key without a colon", "write 'key: value'"),
      ("unknown escape character", "an unknown escape after '\\'", "use single quotes"),
      (
        "block sequence entries are not allowed", "a list item does not fit here",
        "start the list on a line of its own"
      ),
    ]
    for (fragment, message, remedy) in table where problem.hasSubstring(fragment) {
      return (message, remedy)
    }
    return ("the text is not YAML here (\(problem))", "see the examples of README.md")
  }
}

extension Array {
  /// The element, or nil outside the array.
  subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}

extension String {
  /// True if `part` occurs, byte for byte.
  func hasSubstring(_ part: String) -> Bool {
    let needle = Array(part.utf8)
    let hay = Array(utf8)
    guard !needle.isEmpty, hay.count >= needle.count else { return needle.isEmpty }
    return (0...(hay.count - needle.count)).contains { hay[$0..<$0 + needle.count] == needle[...] }
  }
}
