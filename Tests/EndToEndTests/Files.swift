import Foundation
import Glibc

/// What the tests need to know of files.
enum Files {
  static func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += chunk[..<count]
    }
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func names(in path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
        field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The problem files of the gallery, without folder and extension.
  static let gallery = names(in: Command.gallery).filter { $0.hasSuffix(".yaml") }
    .map { String($0.dropLast(5)) }
}

/// A table of RFC 4180.
struct CSV {
  var columns: [String]
  var rows: [[String]]

  init?(_ path: String) {
    guard let text = Files.read(path) else { return nil }
    var records: [[String]] = []
    var record: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: ",") where !isQuoted:
        record.append(String(decoding: field, as: UTF8.self))
        field = []
      case UInt8(ascii: "\n") where !isQuoted:
        record.append(String(decoding: field, as: UTF8.self))
        records.append(record)
        (record, field) = ([], [])
      case UInt8(ascii: "\r") where !isQuoted: break
      default: field.append(byte)
      }
    }
    guard let header = records.first, record.isEmpty, field.isEmpty else { return nil }
    columns = header
    rows = Array(records.dropFirst())
  }

  /// A column's numbers; NaN where a field is no number.
  subscript(name: String) -> [Double] {
    guard let place = columns.firstIndex(of: name) else { return [] }
    return rows.map { Double($0[place]) ?? .nan }
  }
}

/// `summary.json` of a run.
struct Report {
  /// The keys of the outermost object, in their order.
  var keys: [String]
  var values: [String: Any]

  init?(_ text: String) {
    guard
      let values = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    else { return nil }
    self.values = values
    keys = text.split(separator: "\n").compactMap { line in
      guard line.hasPrefix("  \""), let end = line.range(of: "\": ") else { return nil }
      return String(line[line.index(line.startIndex, offsetBy: 3)..<end.lowerBound])
    }
  }

  init?(file path: String) {
    guard let text = Files.read(path) else { return nil }
    self.init(text)
  }

  var outcome: String { values["outcome"] as? String ?? "" }
  var message: String { values["message"] as? String ?? "" }
  var warnings: [String] { values["warnings"] as? [String] ?? [] }
  var files: [String] { values["files"] as? [String] ?? [] }
  var evaluations: Int { values["evaluations"] as? Int ?? 0 }

  /// The largest relative error of an unknown; nil without a truth.
  var worstError: Double? {
    (values["errors"] as? [String: [String: Any]])?.values
      .compactMap { $0["relative_l2"] as? Double }.max()
  }
}

extension String {
  /// The text with every occurrence of a part replaced.
  func replacing(_ part: String, with new: String) -> String {
    replacingOccurrences(of: part, with: new)
  }
}
