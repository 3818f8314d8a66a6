import Glibc

/// Writes a file under a temporary name in the same folder and renames it when it is whole.
///
/// Not `Sendable` on purpose: one task uses it at a time. The temporary name is the final one with
/// `.partial` added, so that a long run can be watched.
final class OutputFile {
  let path: String
  private let temporary: String
  private var descriptor: Int32
  /// How many bytes the file holds.
  private(set) var size = 0

  init(_ path: String) throws(ReportError) {
    self.path = path
    temporary = path + ".partial"
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    if descriptor < 0 { throw .cannotWrite(path: path, code: errno) }
  }

  deinit { abandon() }

  /// Appends bytes; after a failure ``size`` says how many bytes the file has got.
  func write(_ bytes: UnsafeRawBufferPointer) throws(ReportError) {
    precondition(descriptor >= 0, "\(path) is closed already")
    guard let start = bytes.baseAddress else { return }
    var done = 0
    while done < bytes.count {
      let count = Glibc.write(descriptor, start + done, bytes.count - done)
      if count < 0 {
        if errno == EINTR { continue }
        throw .cannotWrite(path: path, code: errno)
      }
      done += count
      size += count
    }
  }

  /// Appends bytes.
  func write(_ bytes: ArraySlice<UInt8>) throws(ReportError) {
    try bytes.span.bytes.withUnsafeBytes { raw throws(ReportError) in try write(raw) }
  }

  /// Cuts the file off after `size` bytes.
  func truncate(to size: Int) throws(ReportError) {
    guard ftruncate(descriptor, size) == 0, lseek(descriptor, size, SEEK_SET) == size else {
      throw .cannotWrite(path: path, code: errno)
    }
    self.size = size
  }

  /// Closes the file and gives it its name.
  func finish() throws(ReportError) {
    precondition(descriptor >= 0, "\(path) is closed already")
    let status = close(descriptor)
    descriptor = -1
    if status != 0 || rename(temporary, path) != 0 {
      let code = errno
      unlink(temporary)
      throw .cannotWrite(path: path, code: code)
    }
  }

  /// Closes and removes an unfinished file; does nothing to a finished one.
  func abandon() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
    unlink(temporary)
  }
}

/// Writes small files so that a reader sees the old content or the new, never a part.
public enum AtomicFile {
  /// Writes a text as the whole content of the file at `path`.
  ///
  /// - Throws: `ReportError.cannotWrite`; the file is then as it was before.
  public static func write(_ text: String, to path: String) throws(ReportError) {
    try write(Array(text.utf8), to: path)
  }

  /// Writes bytes as the whole content of the file at `path`.
  ///
  /// - Throws: `ReportError.cannotWrite`; the file is then as it was before.
  public static func write(_ bytes: [UInt8], to path: String) throws(ReportError) {
    let file = try OutputFile(path)
    try file.write(bytes[...])
    try file.finish()
  }

  /// Copies a file, as data and reference files are copied beside the problem.
  ///
  /// - Throws: `ReportError.cannotRead` for the source, `cannotWrite` for the copy.
  public static func copy(_ source: String, to path: String) throws(ReportError) {
    let input = open(source, O_RDONLY | O_CLOEXEC)
    if input < 0 { throw .cannotRead(path: source, code: errno) }
    defer { close(input) }
    let file = try OutputFile(path)
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(input, &chunk, chunk.count)
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw .cannotRead(path: source, code: errno)
      }
      try file.write(chunk[..<count])
    }
    try file.finish()
  }
}
