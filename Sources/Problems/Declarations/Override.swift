/// An override from the command line: `--set solve.rtol=1e-12`; `null` leaves the key out.
enum Override {
  /// Puts the value at the dotted path, making missing mappings; reports what is wrong with it.
  static func apply(
    _ text: String, to root: inout Declaration, rank: Int = 1, _ log: FaultLog
  ) {
    let source = SourceText(
      name: "--set \(text)", bytes: Array(text.utf8), isFile: false, rank: rank)
    let whole = Place(source: source, range: 0..<source.bytes.count, text: text)
    guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else {
      log.error(whole, "the override has no '='", "write path=value, as in solve.rtol=1e-9")
      return
    }
    let path = text[..<equals]
    let keys = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard keys.allSatisfy({ !$0.isEmpty }), keys.count <= StructureScan.depthLimit else {
      log.error(whole, "'\(path)' is no path of keys", "write keys joined by dots: solve.rtol")
      return
    }
    guard CharacterCheck.pass(source, log) else { return }
    guard let value = value(String(text[text.utf8.index(after: equals)...]), source, log) else {
      return
    }
    if value.isEmpty, keys.count > 1 { return leaveOut(keys[...], of: &root) }
    var places: [Place] = []
    var start = 0
    for key in keys {
      let end = start + key.utf8.count
      places.append(Place(source: source, range: start..<end, text: key))
      start = end + 1
    }
    set(value, keys[...], places[...], in: &root, log)
  }

  /// Reads the part after `=` as YAML, placed in the whole text: blanks keep its columns.
  private static func value(_ yaml: String, _ source: SourceText, _ log: FaultLog) -> Declaration? {
    let pad = source.bytes.count - yaml.utf8.count
    guard !yaml.allSatisfy({ $0 == " " }) else {
      log.error(
        Place(source: source, range: max(pad - 1, 0)..<pad), "the override has no value",
        "write one after '='")
      return nil
    }
    guard !yaml.utf8.contains(where: Byte.isBreak) else {
      log.error(
        Place(source: source, range: pad..<pad + 1), "the override has several lines",
        "write lists in […] and mappings in {…}")
      return nil
    }
    var value = DocumentComposer.compose(source, log, from: pad)
    if value?.isPlain == true, value?.text == "null" { value?.content = .text("") }
    return value
  }

  /// Takes a key out of the section that holds it; what is not there is left out already.
  private static func leaveOut(_ keys: ArraySlice<String>, of target: inout Declaration) {
    guard let key = keys.first, var entries = target.entries,
      let index = entries.firstIndex(where: { $0.key == key })
    else { return }
    if keys.count == 1 {
      entries.remove(at: index)
    } else {
      leaveOut(keys.dropFirst(), of: &entries[index].value)
    }
    target.content = .mapping(entries)
  }

  private static func set(
    _ value: Declaration, _ keys: ArraySlice<String>, _ places: ArraySlice<Place>,
    in target: inout Declaration, _ log: FaultLog
  ) {
    guard let key = keys.first, let place = places.first else {
      target = value
      return
    }
    var entries = target.entries ?? []
    if target.entries == nil, !target.isEmpty {
      guard case .unreadable = target.content else {
        log.error(place, "'\(key)' would stand inside \(target.sort)", "override the whole value")
        return
      }
      return
    }
    let index = entries.firstIndex { $0.key == key } ?? entries.count
    if index == entries.count {
      let empty = Declaration(content: .mapping([]), isFlow: false, place: place)
      entries.append(.init(key: key, value: empty, keyPlace: place))
    }
    set(value, keys.dropFirst(), places.dropFirst(), in: &entries[index].value, log)
    target.content = .mapping(entries)
  }
}
