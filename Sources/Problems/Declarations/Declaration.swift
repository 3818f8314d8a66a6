/// A piece of a problem file as it was written: a text, a list or a mapping, and its place.
///
/// Scalars are text, whatever YAML would make of them. The sections that belong to `train` are
/// kept in this form in ``Problem/declared``; ``Problem/fault(_:_:_:)`` places later faults in it.
public struct Declaration: Sendable {
  /// What it is.
  public enum Content: Sendable {
    case text(String)
    case list([Declaration])
    case mapping([Entry])
    /// Refused already, or not given: no further fault is reported about it.
    case unreadable
  }

  /// One key of a mapping and its value.
  public struct Entry: Sendable {
    /// As written.
    public let key: String
    /// What stands after the colon.
    public var value: Declaration
    let keyPlace: Place
  }

  /// What was written.
  public var content: Content
  /// Written in brackets or braces.
  public var isFlow: Bool
  /// A plain scalar, without quotes: the only kind that may stand for "nothing" when empty.
  var isPlain = false
  var place: Place

  /// The text of a scalar.
  public var text: String? {
    if case .text(let text) = content { text } else { nil }
  }
  /// The items of a list.
  public var list: [Declaration]? {
    if case .list(let items) = content { items } else { nil }
  }
  /// The entries of a mapping, in order.
  public var entries: [Entry]? {
    if case .mapping(let entries) = content { entries } else { nil }
  }

  /// True for a value left out: `solve:` with nothing after the colon.
  public var isEmpty: Bool {
    switch content {
    case .text(let text): text.isEmpty && isPlain
    default: false
    }
  }

  /// The value of a key, nil where this is no mapping or has no such key.
  public subscript(key: String) -> Declaration? {
    entries?.first { $0.key == key }?.value
  }

  /// What it is, for messages: "a text", "a list", "a mapping", "nothing".
  var sort: String {
    switch content {
    case .text: isEmpty ? "nothing" : "a text"
    case .list: "a list"
    case .mapping: "a mapping"
    case .unreadable: "unreadable"
    }
  }
}

extension Declaration: Equatable {
  /// Compares what is declared, not where it stands or how it is quoted.
  public static func == (a: Declaration, b: Declaration) -> Bool {
    switch (a.content, b.content) {
    case (.text(let x), .text(let y)): x == y
    case (.list(let x), .list(let y)): x == y
    case (.mapping(let x), .mapping(let y)): x == y
    case (.unreadable, .unreadable): true
    default: false
    }
  }
}

extension Declaration.Entry: Equatable {
  /// Compares key and value.
  public static func == (a: Declaration.Entry, b: Declaration.Entry) -> Bool {
    a.key == b.key && a.value == b.value
  }
}
