import Glibc

/// What stands in small files.
public enum FileBytes {
  /// The whole content; nil where it cannot be read.
  public static func read(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { return ferror(file) == 0 ? bytes : nil }
      bytes += chunk[..<count]
    }
  }

  /// The first and the last 64 KB of a file, which of a short one are the same; nil where it cannot
  /// be read.
  package static func ends(of path: String) -> (head: ArraySlice<UInt8>, tail: ArraySlice<UInt8>)? {
    let reach = 1 << 16
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var head = [UInt8](repeating: 0, count: reach)
    head.removeLast(reach - fread(&head, 1, reach, file))
    guard head.count == reach, fseek(file, 0, SEEK_END) == 0 else { return (head[...], head[...]) }
    guard fseek(file, max(0, ftell(file) - reach), SEEK_SET) == 0 else { return nil }
    var tail = [UInt8](repeating: 0, count: reach)
    tail.removeLast(reach - fread(&tail, 1, reach, file))
    return (head[...], tail[...])
  }

  /// The size of a file, bytes; nil where there is none.
  package static func size(of path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : nil
  }

  /// Whether anything stands at the path.
  public static func exists(_ path: String) -> Bool { Folders.exists(path) }
}
