import Reports

/// Problem files that the page writes.
enum NewProblem {
  /// Checks a name that may be given to a problem file: one whose parts need no quoting.
  ///
  /// - Returns: the path as the command is given it.
  static func path(_ name: String, in folders: ServedFolders) throws(Refusal) -> String {
    let isPlain = name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
      let first = part.utf8.first
      return part.utf8.allSatisfy(isOfNames) && first != UInt8(ascii: ".")
        && first != UInt8(ascii: "-")
    }
    guard isPlain, name.hasSuffix(".yaml") || name.hasSuffix(".yml"), name.utf8.count <= 200 else {
      throw Refusal(
        400,
        "'\(ServedFolders.shown(name))' is no name for a problem file; use letters, digits, "
          + "'-' and '_', and end it in .yaml")
    }
    return try folders.newProblem(name)
  }

  private static func isOfNames(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "."), UInt8(ascii: "-"),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// Writes a text into the folder of problems.
  ///
  /// - Parameter expected: what a file that is replaced must still hold; nil for anything.
  /// - Throws: a ``Refusal`` with status 409 where there is such a file and it shall stay.
  static func save(
    _ text: String, as name: String, in folders: ServedFolders, replacing: Bool,
    expecting expected: String? = nil
  ) throws(Refusal) {
    let path = try path(name, in: folders)
    if let expected, let present = FileBytes.read(path), present != Array(expected.utf8) {
      throw Refusal(
        409, "\(path) was changed since it was opened here; choose another name, or replace it")
    }
    guard replacing || !FileBytes.exists(path) else {
      throw Refusal(409, "\(path) is there already; choose another name, or replace it")
    }
    try write(text, to: path)
  }

  fileprivate static func write(_ text: String, to path: String) throws(Refusal) {
    do {
      try AtomicFile.write(text, to: path)
    } catch { throw Refusal(422, "\(path) cannot be written; look at the rights of the folder") }
  }
}

/// A text that was run as edited, without being saved under a name of its own.
///
/// It stands beside the file that it was edited from, so that paths in it lead where they led,
/// under a name that lists leave out: `.lorenz.edited-1a2b3c4d.yaml`. The same text has the same name.
enum EditedText {
  private static let mark = ".edited-"
  private static let digits = 8

  /// Writes the text.
  ///
  /// - Parameter name: of the problem that was edited; of an edited text for that of its original.
  /// - Returns: its name below the folder of problems, and whether it was not there before.
  static func keep(
    _ text: String, of name: String, in folders: ServedFolders
  ) throws(Refusal) -> (name: String, isNew: Bool) {
    let name = original(name) ?? name
    let slash = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
    let dot = name.lastIndex(of: ".") ?? name.endIndex
    let digest = FileDigest.sha256(of: Array(text.utf8)).prefix(digits)
    let own = "\(name[..<slash]).\(name[slash..<dot])\(mark)\(digest)\(name[dot...])"
    let path = try folders.newProblem(own)
    if FileBytes.exists(path) { return (own, false) }
    try NewProblem.write(text, to: path)
    return (own, true)
  }

  /// The name of the problem that a text was edited from; nil for a file that is no such text.
  static func original(_ name: String) -> String? {
    let slash = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
    guard name[slash...].first == ".", let found = name[slash...].ranges(of: mark).first else {
      return nil
    }
    let rest = name[found.upperBound...]
    let tail = rest.dropFirst(digits)
    guard rest.prefix(digits).allSatisfy(\.isHexDigit), tail == ".yaml" || tail == ".yml" else {
      return nil
    }
    let folder = name[..<slash]
    let stem = name[name.index(after: slash)..<found.lowerBound]
    return "\(folder)\(stem)\(tail)"
  }
}
