import Glibc

/// The user's private folder of compiled files; an entry ends with a checksum of what is before it.
struct NativeCache {
  /// The folder's path, without a slash at the end.
  let folder: String

  /// Finds the folder (`$XDG_CACHE_HOME/cauchy` or `~/.cache/cauchy` unless one is chosen), and makes
  /// it where asked.
  ///
  /// - Throws: ``NativeError`` where it cannot be had, or is open to others.
  init(_ chosen: String?, make: Bool) throws(NativeError) {
    if let chosen {
      folder = chosen
    } else if let named = NativeCache.environment("XDG_CACHE_HOME"), named.hasPrefix("/") {
      folder = named + "/cauchy"
    } else if let home = NativeCache.environment("HOME"), home.hasPrefix("/") {
      folder = home + "/.cache/cauchy"
    } else {
      throw .noCacheFolder
    }
    if make { try NativeCache.makeFolders(folder) }
    var status = stat()
    guard lstat(folder, &status) == 0 else {
      throw .file(path: folder, reason: NativeCache.reason(errno))
    }
    guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid(),
      status.st_mode & 0o077 == 0
    else { throw .folderNotPrivate(path: folder) }
  }

  /// Reads a variable of the environment; nil where it is not set or empty.
  static func environment(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }

  static func reason(_ code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }

  private static func makeFolders(_ path: String) throws(NativeError) {
    var made = ""
    for part in path.split(separator: "/") {
      made += "/" + part
      if mkdir(made, 0o700) != 0, errno != EEXIST, access(made, F_OK) != 0 {
        throw .file(path: made, reason: reason(errno))
      }
    }
  }

  /// The path of the entry with this key.
  func path(_ key: String) -> String { "\(folder)/\(key).so" }

  /// A path for a file of this process, which no other one uses.
  func temporary(_ key: String, _ suffix: String) -> String {
    "\(folder)/\(key).\(getpid()).\(UInt32.random(in: 0...UInt32.max))\(suffix)"
  }

  // MARK: Entries

  private static let mark = "\ncauchy checksum "
  private static let trailerCount = mark.utf8.count + 64

  /// Whether the entry is there, the user's own, and whole.
  ///
  /// A file cut short would end the process when loaded, so its checksum is verified first.
  func holds(_ key: String) -> Bool {
    var status = stat()
    guard lstat(path(key), &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_uid == geteuid(), status.st_mode & 0o022 == 0,
      let bytes = try? NativeCache.read(path(key)), bytes.count > NativeCache.trailerCount
    else { return false }
    let body = Array(bytes.dropLast(NativeCache.trailerCount))
    let trailer = Array(bytes.suffix(NativeCache.trailerCount))
    return trailer == Array((NativeCache.mark + ContentHash.hex(body)).utf8)
  }

  /// Seals a compiled file with its checksum and moves it to its place, in one step for readers.
  func install(_ compiled: String, as key: String) throws(NativeError) {
    let body = try NativeCache.read(compiled)
    let sealed = body + Array((NativeCache.mark + ContentHash.hex(body)).utf8)
    try NativeCache.write(sealed, to: compiled)
    guard chmod(compiled, 0o700) == 0, rename(compiled, path(key)) == 0 else {
      throw .file(path: path(key), reason: NativeCache.reason(errno))
    }
  }

  static func read(_ path: String) throws(NativeError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .file(path: path, reason: reason(errno)) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count == 0 { return bytes }
      if count > 0 {
        bytes.append(contentsOf: chunk[..<count])
      } else if errno != EINTR {
        throw .file(path: path, reason: reason(errno))
      }
    }
  }

  static func write(_ bytes: [UInt8], to path: String) throws(NativeError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw .file(path: path, reason: reason(errno)) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        let code = errno
        close(descriptor)
        throw .file(path: path, reason: reason(code))
      }
    }
    guard close(descriptor) == 0 else { throw .file(path: path, reason: reason(errno)) }
  }
}
