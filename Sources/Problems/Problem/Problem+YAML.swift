extension Problem {
  /// Writes the problem as resolved: overrides applied, defaults filled in.
  ///
  /// The text reads back to a problem that declares the same.
  /// - Parameters:
  ///   - setting: more overrides, such as `train.stop.steps=812`, for what only a run knows; each
  ///     must be well formed (a trap: a programming error).
  ///   - renaming: file names in the text to the names under which copies lie beside it.
  public func resolvedYAML(setting: [String] = [], renaming: [String: String] = [:]) -> String {
    var root = document
    for text in defaults(in: root) + setting {
      let log = FaultLog()
      Override.apply(text, to: &root, log)
      precondition(log.errorCount == 0, "a setting that cannot be written: \(text)")
    }
    for path in ["reference", "data"] { Self.rename(in: &root, [path, "file"], renaming) }
    for forcing in forcings { Self.rename(in: &root, ["forcing", forcing.name, "file"], renaming) }
    return DeclarationWriter.text(root)
  }

  /// What the file declares, one line a key: its dotted path, and its value as YAML.
  ///
  /// Of a ``resolvedYAML(setting:renaming:)`` that was read back, everything as resolved.
  public var settings: [(path: String, value: String)] {
    DeclarationWriter.settings(document, "")
  }

  /// Settings that the document leaves out, as overrides.
  private func defaults(in root: Declaration) -> [String] {
    var found: [String] = []
    func add(_ path: [String], _ value: String) {
      var here: Declaration? = root
      for key in path { here = here?[key] }
      if here == nil || here?.isEmpty == true {
        found.append(path.joined(separator: ".") + "=" + value)
      }
    }
    add(["solve", "method"], solve.method)
    add(["solve", "rtol"], NumberText.shortest(solve.rtol))
    add(["solve", "max_steps"], "\(solve.maxSteps)")
    add(["solve", "code"], solve.code.rawValue)
    add(["solve", "norm"], solve.norm.rawValue)
    if kind != .initialValue { add(["solve", "accuracy"], NumberText.shortest(solve.accuracy)) }
    for variable in variables {
      if let count = output[variable.name]?.count { add(["output", variable.name], "\(count)") }
    }
    for forcing in forcings {
      add(
        ["forcing", forcing.name, "column"], DeclarationWriter.scalar(forcing.column, inFlow: true))
      add(["forcing", forcing.name, "interpolate"], forcing.interpolation.rawValue)
    }
    for event in events {
      add(["events", event.name, "direction"], event.direction.rawValue)
      add(["events", event.name, "terminal"], "\(event.isTerminal)")
    }
    if hasNetworks || hasData || declared["train"] != nil || declared["network"] != nil {
      add(["train", "unknowns"], training.rawValue)
    }
    return found
  }

  private static func rename(
    in target: inout Declaration, _ path: [String], _ names: [String: String]
  ) {
    guard let key = path.first else {
      if let text = target.text, let name = names[text] { target.content = .text(name) }
      return
    }
    guard var entries = target.entries, let index = entries.firstIndex(where: { $0.key == key })
    else { return }
    rename(in: &entries[index].value, Array(path.dropFirst()), names)
    target.content = .mapping(entries)
  }
}

/// Writes declarations as YAML that reads back to them.
enum DeclarationWriter {
  /// The text of a whole document: a mapping, one key a line.
  static func text(_ root: Declaration) -> String {
    var text = ""
    for entry in root.entries ?? [] where !entry.value.isEmpty {
      write(entry, "", &text)
    }
    return text
  }

  /// Every key that holds no others, with its dotted path.
  static func settings(_ part: Declaration, _ path: String) -> [(path: String, value: String)] {
    guard let entries = part.entries, !entries.isEmpty else {
      return [(path, inline(part, inFlow: false))]
    }
    return entries.filter { !$0.value.isEmpty }.flatMap { entry in
      settings(entry.value, path.isEmpty ? entry.key : "\(path).\(entry.key)")
    }
  }

  private static func write(_ entry: Declaration.Entry, _ indent: String, _ text: inout String) {
    text += indent + scalar(entry.key, inFlow: false) + ":"
    let value = entry.value
    let isSmall = value.isFlow || value.list?.isEmpty == true || value.entries?.isEmpty == true
    if isSmall || value.text != nil {
      text += " " + inline(value, inFlow: false) + "\n"
    } else if let items = value.list {
      text += "\n"
      for item in items { text += indent + "  - " + inline(item, inFlow: false) + "\n" }
    } else {
      text += "\n"
      for entry in value.entries ?? [] where !entry.value.isEmpty {
        write(entry, indent + "  ", &text)
      }
    }
  }

  /// A value on one line, collections in brackets and braces.
  private static func inline(_ value: Declaration, inFlow: Bool) -> String {
    switch value.content {
    case .text(let text): scalar(text, inFlow: inFlow)
    case .list(let items):
      "[" + items.map { inline($0, inFlow: true) }.joined(separator: ", ") + "]"
    case .mapping(let entries):
      "{"
        + entries.filter { !$0.value.isEmpty }
        .map { scalar($0.key, inFlow: true) + ": " + inline($0.value, inFlow: true) }
        .joined(separator: ", ") + "}"
    case .unreadable: "\"\""
    }
  }

  /// A scalar, quoted where YAML could take it for something else.
  static func scalar(_ text: String, inFlow: Bool) -> String {
    if isPlain(text, inFlow: inFlow) { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  private static func isPlain(_ text: String, inFlow: Bool) -> Bool {
    let scalars = Array(text.unicodeScalars)
    guard let first = scalars.first, let last = scalars.last, last != " " else { return false }
    let second = scalars[safe: 1]
    let isStart =
      isWordPart(first) || first == "("
      || (first == "-" && second.map { isWordPart($0) || $0 == "(" } == true)
    var open = 0
    for scalar in scalars {
      if scalar == "(" { open += 1 }
      if scalar == ")" { open -= 1 }
      let isSign = "()+-*/^.=<>!; '".unicodeScalars.contains(scalar)
      guard isWordPart(scalar) || isSign || (scalar == "," && !inFlow) else { return false }
    }
    return isStart && (open == 0 || !inFlow)
  }

  private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII
      ? scalar == "_" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
      : 0x370...0x3FF ~= scalar.value
  }
}
