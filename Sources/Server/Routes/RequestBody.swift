import FlyingFox
import FoundationEssentials
import Reports

/// The members of a request's JSON object, read by name; a wrong one is refused with its name.
struct RequestBody: Sendable {
  private let json: Reports.JSONValue

  init(_ request: HTTPRequest) async throws {
    let bytes = [UInt8](try await request.bodyData)
    do {
      json = try Reports.JSONValue(reading: bytes)
    } catch {
      throw Refusal(400, "the body is no JSON: \(error)")
    }
    guard json.members != nil else { throw Refusal(400, "the body is no JSON object") }
  }

  func text(_ name: String) throws(Refusal) -> String {
    guard let text = json[name]?.string else { throw Refusal(400, "'\(name)' must be a text") }
    return text
  }

  /// A text that need not be there; empty ones are not.
  func optionalText(_ name: String) throws(Refusal) -> String? {
    guard let value = json[name], !isNull(value) else { return nil }
    let text = try text(name)
    return text.isEmpty ? nil : text
  }

  func texts(_ name: String) throws(Refusal) -> [String] {
    guard let value = json[name] else { return [] }
    guard let elements = value.elements, elements.count <= 256 else {
      throw Refusal(400, "'\(name)' must be a list of at most 256 texts")
    }
    let texts = elements.compactMap(\.string)
    guard texts.count == elements.count else { throw Refusal(400, "'\(name)' must hold texts") }
    return texts
  }

  func integer(_ name: String, in range: ClosedRange<Int>) throws(Refusal) -> Int? {
    guard let value = json[name], case let number = value.int, number != nil || !isNull(value)
    else { return nil }
    guard let number, range.contains(number) else {
      throw Refusal(
        400, "'\(name)' must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func flag(_ name: String) -> Bool { json[name]?.boolean ?? false }

  /// Settings, each `path=value`.
  func settings(_ name: String = "set") throws(Refusal) -> [String] {
    let settings = try texts(name)
    for setting in settings {
      let path = setting.prefix { $0 != "=" }
      guard !path.isEmpty, path.count < setting.count else {
        throw Refusal(
          400,
          "'\(ServedFolders.shown(setting))' is not path=value; write for example "
            + "solve.rtol=1e-12")
      }
    }
    return settings
  }

  private func isNull(_ value: Reports.JSONValue) -> Bool {
    if case .null = value { true } else { false }
  }
}

extension HTTPRequest {
  /// A parameter of the address; the first where it stands twice.
  func parameter(_ name: String) throws(Refusal) -> String {
    guard let value = optional(name) else {
      throw Refusal(400, "the address lacks the parameter '\(name)'")
    }
    return value
  }

  /// As above; nil where it does not stand there.
  func optional(_ name: String) -> String? { query.first { $0.name == name }?.value }
}
