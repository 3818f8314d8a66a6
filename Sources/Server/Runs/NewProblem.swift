import Glibc
import Reports

/// Problem files that the page writes.
enum NewProblem {
  /// A name that may be given to a problem file: one that needs no folder and no quoting.
  ///
  /// - Returns: the name itself.
  static func name(_ name: String) throws(Refusal) -> String {
    let isPlain = name.utf8.allSatisfy {
      switch $0 {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "_"):
        true
      default: false
      }
    }
    let first = name.utf8.first
    guard isPlain, name.hasSuffix(".yaml") || name.hasSuffix(".yml"), name.utf8.count <= 100,
      first != UInt8(ascii: "."), first != UInt8(ascii: "-")
    else {
      throw Refusal(
        400,
        "'\(ServedFolders.shown(name))' is no name for a problem file; use letters, digits, "
          + "'-' and '_', and end it in .yaml")
    }
    return name
  }

  /// Writes a text into the folder of problems.
  ///
  /// - Throws: a ``Refusal`` with status 409 where there is such a file and it shall stay.
  static func save(
    _ text: String, as name: String, in folder: String, replacing: Bool
  ) throws(Refusal) {
    let path = "\(folder)/\(name)"
    if FileBytes.exists(path) {
      guard replacing else {
        throw Refusal(409, "\(path) is there already; choose another name, or replace it")
      }
      _ = try ServedFolders.inside(name, of: folder)
    }
    do {
      try AtomicFile.write(text, to: path)
    } catch { throw Refusal(422, "\(path) cannot be written; look at the rights of the folder") }
  }
}
