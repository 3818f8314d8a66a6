import Expressions

/// Single values of the file: their kinds, constant numbers, words, lists and mappings.
extension ProblemBuilder {
  func reportKind(_ value: Declaration, of name: String, expected: String) {
    if case .unreadable = value.content { return }
    let remedy =
      switch expected {
      case "a list": "write it in brackets: [a, b]"
      case "a mapping": "write it as key: value, or in braces"
      default: "write \(expected)"
      }
    log.error(value.place, "'\(name)' must be \(expected), and is \(value.sort)", remedy)
  }

  /// Entries of a mapping; reports another kind, and keys that are not in `allowed`.
  func entries(_ value: Declaration?, of name: String, _ allowed: [String]? = nil)
    -> [Declaration.Entry]
  {
    guard let value, !value.isEmpty else { return [] }
    guard let entries = value.entries else {
      reportKind(value, of: name, expected: "a mapping")
      return []
    }
    if let allowed { checkKeys(of: value, allowed, in: name) }
    return entries.filter { !isUnreadable($0.value) && allowed?.contains($0.key) ?? true }
  }

  func checkKeys(of value: Declaration, _ allowed: [String], in section: String? = nil) {
    for entry in value.entries ?? [] where !allowed.contains(entry.key) && log.hasRoom {
      let inside = section.map { " in '\($0)'" } ?? ""
      log.error(
        entry.keyPlace, "unknown key '\(entry.key)'\(inside)",
        NearestName.advice(entry.key, among: allowed))
    }
  }

  func isUnreadable(_ value: Declaration) -> Bool {
    if case .unreadable = value.content { true } else { false }
  }

  /// Items of a list; reports another kind.
  func items(_ value: Declaration, of name: String) -> [Declaration]? {
    guard let items = value.list else {
      reportKind(value, of: name, expected: "a list")
      return nil
    }
    return items.filter { !isUnreadable($0) }
  }

  /// A text that is not empty.
  func text(_ value: Declaration, of name: String, expected: String = "a text") -> String? {
    guard let text = value.text, !text.isEmpty else {
      reportKind(value, of: name, expected: expected)
      return nil
    }
    return text
  }

  /// One of the allowed words; any word where none are listed.
  func word(_ value: Declaration, of name: String, among allowed: [String] = []) -> String? {
    guard let word = text(value, of: name) else { return nil }
    if allowed.isEmpty || allowed.contains(word) { return word }
    log.error(
      value.place, "'\(name)' does not know '\(word)'", NearestName.advice(word, among: allowed))
    return nil
  }

  func flag(_ value: Declaration, of name: String) -> Bool? {
    word(value, of: name, among: ["true", "false"]).map { $0 == "true" }
  }

  // MARK: Numbers

  /// A constant expression of numbers, `pi` and parameters; finite.
  func number(_ value: Declaration, of name: String) -> Double? {
    guard let text = value.text, !text.isEmpty else {
      reportKind(value, of: name, expected: "a number")
      return nil
    }
    guard let expression = constant(value, text) else { return nil }
    return evaluate(expression, value.place, name)
  }

  /// The value of a constant expression; reports one that is not finite.
  func evaluate(_ expression: Expression, _ place: Place, _ name: String) -> Double? {
    // A parameter that was refused has no value: its fault is reported already.
    guard let result = try? expression.evaluate(constants) else { return nil }
    guard result.isFinite else {
      log.error(place, "'\(name)' is \(result), not a finite number", "write a finite number")
      return nil
    }
    return result
  }

  private func constant(_ value: Declaration, _ text: String) -> Expression? {
    if let number = DecimalText.value(text) { return .number(number) }
    let (expression, faults) = constantScope.resolve(text)
    for fault in faults { report(fault, in: value.place, isConstant: true) }
    return faults.isEmpty ? expression : nil
  }

  /// A number above zero.
  func positive(_ value: Declaration, of name: String) -> Double? {
    guard let number = number(value, of: name) else { return nil }
    guard number > 0 else {
      log.error(
        value.place, "'\(name)' is \(brief(number)), and must be positive",
        "write a number above 0")
      return nil
    }
    return number
  }

  /// A whole number in a range.
  func count(_ value: Declaration, of name: String, in range: ClosedRange<Int>) -> Int? {
    guard let number = number(value, of: name) else { return nil }
    guard let count = Int(exactly: number) else {
      log.error(
        value.place, "'\(name)' is \(brief(number)), and must be a whole number",
        "write a whole number")
      return nil
    }
    guard range.contains(count) else {
      let isLow = count < range.lowerBound
      log.error(
        value.place, "'\(name)' is \(count), which is too \(isLow ? "small" : "large")",
        isLow ? "write at least \(range.lowerBound)" : "write at most \(range.upperBound)")
      return nil
    }
    return count
  }

  /// Numbers of a list.
  func numbers(_ value: Declaration, of name: String) -> [Double]? {
    guard let items = items(value, of: name) else { return nil }
    let numbers = items.compactMap { number($0, of: name) }
    return numbers.count == value.list?.count ? numbers : nil
  }

  /// A number as a person writes it: `20` rather than `20.0`.
  func brief(_ number: Double) -> String { NumberText.shortest(number) }

  // MARK: Expressions

  /// Resolves an expression; reports its faults where they stand.
  func expression(_ value: Declaration, of name: String, in scope: Scope? = nil) -> Expression? {
    guard let text = text(value, of: name, expected: "an expression") else { return nil }
    let (expression, faults) = (scope ?? problem.scope).resolve(text)
    for fault in faults { report(fault, in: value.place) }
    return faults.isEmpty ? expression : nil
  }

  func report(_ fault: Fault, in place: Place, isConstant: Bool = false) {
    guard log.hasRoom else { return }
    let part = place.part(fault.offset, fault.length)
    if isConstant, let message = messageForConstant(fault, place) {
      log.error(part, message, "only numbers, pi and parameters may stand here")
    } else {
      log.error(part, fault.message, fault.remedy)
    }
  }

  /// A name that is declared, but not as a constant, deserves a word of its own.
  private func messageForConstant(_ fault: Fault, _ place: Place) -> String? {
    let bytes = Array(place.text.utf8)
    let range = fault.offset..<min(fault.offset + fault.length, bytes.count)
    guard range.lowerBound < range.upperBound else { return nil }
    let word = String(decoding: bytes[range], as: UTF8.self)
    guard let kind = names.kind(of: word), kind != .parameter else { return nil }
    return "'\(word)' is \(kind.phrase), not a constant"
  }
}

extension DecimalText {
  /// The finite number that a whole text is, nil for anything else.
  static func value(_ text: String) -> Double? {
    guard text.utf8.count < 400 else { return nil }
    let bytes = Array(text.utf8) + [0]
    return bytes.withUnsafeBufferPointer { value($0, 0..<bytes.count - 1) }
  }
}

/// Writes numbers for people and for files.
enum NumberText {
  /// The shortest text that reads back to the same number, `20` and `1e-6`
  /// rather than `20.0` and `1e-06`.
  static func shortest(_ number: Double) -> String {
    let text = "\(number)"
    if text.hasSuffix(".0") { return String(text.dropLast(2)) }
    guard let cut = text.firstIndex(of: "e") else { return text }
    let exponent = Int(text[text.index(after: cut)...]) ?? 0
    let mantissa = text[..<cut]
    return (mantissa.hasSuffix(".0") ? mantissa.dropLast(2) : mantissa) + "e\(exponent)"
  }
}
