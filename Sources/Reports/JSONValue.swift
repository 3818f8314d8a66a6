/// A JSON text in the making: keys keep the order in which they are given.
///
/// Numbers are written by ``NumberText``; JSON has no infinity and no NaN, they become `null`.
public enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case list([JSONValue])
  /// Members in the order given; the keys differ.
  case object([(key: String, value: JSONValue)])

  /// The number, or `null` where there is none.
  public static func optional(_ number: Double?) -> JSONValue { number.map(Self.number) ?? .null }

  /// The whole number, or `null` where there is none.
  public static func optional(_ integer: Int?) -> JSONValue { integer.map(Self.integer) ?? .null }

  /// The text, or `null` where there is none.
  public static func optional(_ text: String?) -> JSONValue { text.map(Self.text) ?? .null }

  /// The JSON text, indented by two spaces a level, without a line feed at the end.
  ///
  /// Lists and objects without a list or object inside stand on one line if that is short.
  public var rendered: String {
    var text = ""
    render(into: &text, indent: 0)
    return text
  }

  private func render(into text: inout String, indent: Int) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += value.isFinite ? NumberText.text(value) : "null"
    case .text(let value): Self.quote(value, into: &text)
    case .list(let values):
      Self.render(values.map { (nil, $0) }, "[", "]", into: &text, indent: indent)
    case .object(let members):
      Self.render(members.map { ($0.key, $0.value) }, "{", "}", into: &text, indent: indent)
    }
  }

  private var isNested: Bool {
    switch self {
    case .list, .object: true
    default: false
    }
  }

  private static func render(
    _ members: [(key: String?, value: JSONValue)], _ open: String, _ close: String,
    into text: inout String, indent: Int
  ) {
    var parts: [String] = []
    for member in members {
      var part = ""
      if let key = member.key {
        quote(key, into: &part)
        part += ": "
      }
      member.value.render(into: &part, indent: indent + 2)
      parts.append(part)
    }
    let length = parts.reduce(0) { $0 + $1.utf8.count + 2 }
    if indent > 0, length <= 80, !members.contains(where: { $0.value.isNested }) {
      text += open + parts.joined(separator: ", ") + close
    } else if parts.isEmpty {
      text += open + close
    } else {
      let margin = "\n" + String(repeating: " ", count: indent)
      text += open + margin + "  " + parts.joined(separator: "," + margin + "  ") + margin + close
    }
  }

  private static func quote(_ value: String, into text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
