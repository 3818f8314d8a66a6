import Glibc

/// Makes and lists folders.
package enum Folders {
  /// Makes a folder and those above it that do not exist yet.
  static func make(_ path: String) throws(ReportError) {
    if isFolder(path) { return }
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try make(String(path[..<slash]))
    }
    if !path.hasSuffix("/"), mkdir(path, 0o777) != 0, errno != EEXIST || !isFolder(path) {
      throw .cannotMakeFolder(path: path, code: errno)
    }
  }

  /// Whether a folder, or a link to one, stands at `path`.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether anything stands at `path`.
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// The names in a folder, without order; empty where it cannot be read.
  static func names(in path: String) -> [String] { entries(in: path).map(\.name) }

  /// What lies in a folder, without order; empty where it cannot be read.
  ///
  /// - Returns: the names, and whether each is a folder; a link to one is none.
  package static func entries(in path: String) -> [(name: String, isFolder: Bool)] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var entries: [(name: String, isFolder: Bool)] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
        field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name == "." || name == ".." { continue }
      switch Int(entry.pointee.d_type) {
      case Int(DT_DIR): entries.append((name, true))
      case Int(DT_UNKNOWN): entries.append((name, kind(of: "\(path)/\(name)") == S_IFDIR))
      default: entries.append((name, false))
      }
    }
    return entries
  }

  /// The kind of what stands at `path`, links not followed; 0 for nothing.
  private static func kind(of path: String) -> mode_t {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : 0
  }

  /// When what stands at `path` was last changed, in seconds since 1970; 0 for nothing.
  package static func modified(_ path: String) -> Double {
    var status = stat()
    guard stat(path, &status) == 0 else { return 0 }
    return Double(status.st_mtim.tv_sec) + 1e-9 * Double(status.st_mtim.tv_nsec)
  }

  /// The path itself or, where it is a link, the path that this link names.
  package static func resolvingLast(_ path: String) -> String {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &bytes, bytes.count)
    guard count > 0 else { return path }
    let target = String(decoding: bytes[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    if target.hasPrefix("/") { return target }
    guard let slash = path.lastIndex(of: "/") else { return target }
    return String(path[...slash]) + target
  }
}
