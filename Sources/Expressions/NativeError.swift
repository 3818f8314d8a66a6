/// Why there is no native code; the tape computes the same bits without it.
public enum NativeError: Error, Sendable, Equatable {
  /// None of these compilers was found.
  case noCompiler(searched: [String])
  /// Every compiler found failed; the last one's exit status and first line of complaint.
  case compilerFailed(compiler: String, status: Int, complaint: String)
  /// There is no home folder to keep a cache in.
  case noCacheFolder
  /// The cache folder belongs to someone else, is open to others, or is not a folder.
  case folderNotPrivate(path: String)
  /// A file of the cache could not be written or read.
  case file(path: String, reason: String)
  /// The compiled file could not be loaded.
  case notLoadable(path: String, reason: String)
}

extension NativeError: CustomStringConvertible {
  /// The sentence for people; ends with what to do.
  public var description: String {
    switch self {
    case .noCompiler(let searched):
      "no C compiler was found (looked for \(searched.joined(separator: ", "))); install clang, "
        + "or set CC"
    case .compilerFailed(let compiler, let status, let complaint):
      "\(compiler) failed with status \(status)\(complaint.isEmpty ? "" : ": \(complaint)"); "
        + "set CC to a compiler that works"
    case .noCacheFolder:
      "neither XDG_CACHE_HOME nor HOME names a folder for native code; set one of them"
    case .folderNotPrivate(let path):
      "the cache folder \(path) is not private to you; remove it, or run 'chmod 700' on it"
    case .file(let path, let reason):
      "\(path): \(reason); make room there, or set XDG_CACHE_HOME to a folder you can write"
    case .notLoadable(let path, let reason):
      "\(path) cannot be loaded: \(reason); remove it, or set CC to another compiler"
    }
  }
}
