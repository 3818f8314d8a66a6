import Reports

/// Writes the key `reference` into the text of a problem file and leaves everything else as it is:
/// comments, order, spacing.
///
/// It works on lines, as people write problem files; who uses it reads the result back and compares.
struct ReferenceEdit {
  private var lines: [String]

  /// Sections that stand after the truth in a problem file.
  private static let later: Set<String> = [
    "data", "observables", "events", "units", "solve", "network", "networks", "train", "output",
    "discover",
  ]

  init(_ text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// Whether the key stands there.
  var hasReference: Bool { block != nil }

  /// The text without the key.
  var removed: String {
    guard let block else { return lines.joined(separator: "\n") }
    var rest = lines
    rest.removeSubrange(block)
    return rest.joined(separator: "\n")
  }

  /// The text with the key set.
  func setting(file: String, accuracy: Double) -> String {
    var lines = lines
    let (file, number) = (Self.scalar(file), NumberText.text(accuracy))
    let whole = "reference: {file: \(file), accuracy: \(number)}"
    guard let block else {
      lines.insert(whole, at: place)
      return lines.joined(separator: "\n")
    }
    if block.count == 1 {
      lines[block.lowerBound] = Self.inFlow(lines[block.lowerBound], file, number) ?? whole
    } else {
      lines.replaceSubrange(block, with: Self.inBlock(Array(lines[block]), file, number) ?? [whole])
    }
    return lines.joined(separator: "\n")
  }

  /// Lines of the key and its value.
  private var block: Range<Int>? {
    guard let first = lines.firstIndex(where: { Self.key($0) == "reference" }) else { return nil }
    var end = first + 1
    for index in lines.indices.dropFirst(first + 1) {
      let line = lines[index]
      if Self.isBlank(line) { continue }
      guard line.hasPrefix(" ") || line.hasPrefix("}") else { break }
      end = index + 1
    }
    return first..<end
  }

  /// Before the sections that stand after the truth, and the comments above them; else at the end.
  private var place: Int {
    var place = lines.firstIndex { Self.key($0).map(Self.later.contains) ?? false } ?? lines.count
    if place == lines.count {
      while place > 0, Self.isBlank(lines[place - 1]) { place -= 1 }
      return place
    }
    while place > 0, lines[place - 1].hasPrefix("#") { place -= 1 }
    return place
  }

  private static func isBlank(_ line: String) -> Bool {
    let first = line.first { $0 != " " && $0 != "\r" && $0 != "\t" }
    return first == nil
  }

  /// The key that a line of the outermost mapping begins.
  private static func key(_ line: String) -> String? {
    guard let colon = line.firstIndex(of: ":"), line.first?.isLetter == true else { return nil }
    return String(line[..<colon])
  }

  /// Values replaced in `reference: {file: a, accuracy: b}  # why`.
  private static func inFlow(_ line: String, _ file: String, _ accuracy: String) -> String? {
    guard let open = line.firstIndex(of: "{"), let close = line.lastIndex(of: "}"), open < close
    else { return nil }
    var items = line[line.index(after: open)..<close].split(separator: ",").map(String.init)
    guard replace("file", file, in: &items) else { return nil }
    if !replace("accuracy", accuracy, in: &items) { items.append(" accuracy: \(accuracy)") }
    return line[...open] + items.joined(separator: ",") + line[close...]
  }

  private static func replace(_ key: String, _ value: String, in items: inout [String]) -> Bool {
    let index = items.firstIndex { item in
      item.drop { $0 == " " }.hasPrefix("\(key):")
    }
    guard let index, let colon = items[index].firstIndex(of: ":") else { return false }
    let tail = items[index].reversed().prefix { $0 == " " }
    items[index] = items[index][...colon] + " " + value + String(tail)
    return true
  }

  /// Values replaced in lines of their own.
  private static func inBlock(_ lines: [String], _ file: String, _ accuracy: String) -> [String]? {
    var lines = lines
    func line(_ key: String) -> Int? {
      lines.firstIndex { $0.hasPrefix(" ") && $0.drop { $0 == " " }.hasPrefix("\(key):") }
    }
    func set(_ index: Int, _ value: String) {
      guard let colon = lines[index].firstIndex(of: ":") else { return }
      let comment = lines[index].range(of: " #").map { lines[index][$0] } ?? ""
      lines[index] = lines[index][...colon] + " " + value + comment
    }
    guard let first = line("file") else { return nil }
    set(first, file)
    if let second = line("accuracy") {
      set(second, accuracy)
    } else {
      let indent = lines[first].prefix { $0 == " " }
      lines.insert("\(indent)accuracy: \(accuracy)", at: first + 1)
    }
    return lines
  }

  /// A file name as a YAML scalar.
  private static func scalar(_ name: String) -> String {
    let plain = name.allSatisfy { $0.isLetter || $0.isNumber || "._/-".contains($0) }
    if plain, name.first?.isLetter == true || name.first == "/" || name.first == "." { return name }
    return "\"" + name.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] } + "\""
  }
}

extension String {
  /// From the first occurrence of two characters to the end, spaces before them included.
  fileprivate func range(of mark: String) -> Range<String.Index>? {
    guard let first = indices.first(where: { self[$0...].hasPrefix(mark) }) else { return nil }
    var start = first
    while start > startIndex, self[index(before: start)] == " " { start = index(before: start) }
    return start..<endIndex
  }
}
