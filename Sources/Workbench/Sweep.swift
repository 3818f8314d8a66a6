/// A name and the values that it takes, one case of an ensemble for each.
///
/// The values are kept as text: each is a constant expression of numbers, `pi` and parameters, as
/// in the problem file, and is evaluated in the problem's scope.
public struct Sweep: Sendable, Equatable {
  /// How the values are given.
  public enum Values: Sendable, Equatable {
    /// `a,b,c`: each value by itself.
    case list([String])
    /// `from:to:count`: evenly spaced, both ends included.
    case linear(from: String, to: String, count: Int)
    /// `from:to:count:log`: evenly spaced in the logarithm, both ends included.
    case logarithmic(from: String, to: String, count: Int)
  }

  /// The parameter, estimate or unknown (for its initial value) that is swept.
  public var name: String
  /// The values that it takes.
  public var values: Values

  /// Makes a sweep of `name` over `values`.
  public init(name: String, values: Values) {
    self.name = name
    self.values = values
  }

  /// Reads `name=from:to:count`, `name=from:to:count:log` or `name=a,b,c`.
  ///
  /// - Throws: `SweepFault` when the text is none of them.
  public init(parsing text: String) throws(SweepFault) {
    guard let equals = text.firstIndex(of: "=") else { throw .notAnAssignment(text) }
    name = Self.trimmed(text[..<equals])
    if name.isEmpty { throw .notAnAssignment(text) }
    let right = text[text.index(after: equals)...]
    let parts = right.split(separator: ":", omittingEmptySubsequences: false).map(Self.trimmed)
    if parts.count == 1 {
      let items = Self.items(right)
      if items.contains("") { throw .emptyValue(text) }
      values = .list(items)
      return
    }
    if parts.contains("") { throw .emptyValue(text) }
    guard parts.count == 3 || parts.count == 4 && parts[3] == "log" else {
      throw .notARange(text)
    }
    guard let count = Int(parts[2]), count > 0 else {
      throw .notACount(text, count: parts[2])
    }
    values =
      parts.count == 3
      ? .linear(from: parts[0], to: parts[1], count: count)
      : .logarithmic(from: parts[0], to: parts[1], count: count)
  }

  /// The sweep as ``init(parsing:)`` reads it.
  public var text: String {
    switch values {
    case .list(let values): "\(name)=\(values.joined(separator: ","))"
    case .linear(let from, let to, let count): "\(name)=\(from):\(to):\(count)"
    case .logarithmic(let from, let to, let count): "\(name)=\(from):\(to):\(count):log"
    }
  }

  /// Splits at the commas outside parentheses.
  private static func items(_ text: Substring) -> [String] {
    var items: [String] = []
    var item = Substring()
    var depth = 0
    for character in text {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if character == ",", depth <= 0 {
        items.append(trimmed(item))
        item = ""
      } else {
        item.append(character)
      }
    }
    return items + [trimmed(item)]
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}

/// Says what is wrong with the text of a sweep.
public enum SweepFault: Error, Sendable, Equatable {
  /// There is no name, or no `=` after it.
  case notAnAssignment(String)
  /// A value is missing between two separators.
  case emptyValue(String)
  /// There are colons, but not two, nor three with `log` at the end.
  case notARange(String)
  /// The count of a range is not a whole number above 0.
  case notACount(String, count: String)
}

extension SweepFault: CustomStringConvertible {
  /// One sentence: what is wrong, and what to write.
  public var description: String {
    switch self {
    case .notAnAssignment(let text):
      "'\(text)' has no name and '='; write NAME=FROM:TO:COUNT, e.g. rho=20:30:101"
    case .emptyValue(let text):
      "'\(text)' lacks a value; write NAME=FROM:TO:COUNT or NAME=A,B,C"
    case .notARange(let text):
      "'\(text)' is not a range; write NAME=FROM:TO:COUNT, or NAME=FROM:TO:COUNT:log for "
        + "logarithmic spacing"
    case .notACount(let text, let count):
      "'\(count)' in '\(text)' is not a count; write a whole number above 0 there"
    }
  }
}
