import Glibc

/// Says why a result could not be written, where, and what to do about it.
public enum ReportError: Error, Sendable, Equatable {
  /// A file could not be created, written, closed or renamed; `code` is the system's `errno`.
  case cannotWrite(path: String, code: Int32)
  /// A file that belongs to the run could not be read; `code` is the system's `errno`.
  case cannotRead(path: String, code: Int32)
  /// A folder could not be made; `code` is the system's `errno`.
  case cannotMakeFolder(path: String, code: Int32)
  /// The folder given holds another run.
  case occupied(path: String)
  /// The folder given is that of a run which goes on; `process` is its number.
  case running(path: String, process: Int)
}

extension ReportError: CustomStringConvertible {
  /// One sentence: what happened, why, and the remedy.
  public var description: String {
    switch self {
    case .cannotWrite(let path, let code):
      "cannot write \(path): \(SystemReason.text(code)); \(SystemReason.remedy(code))"
    case .cannotRead(let path, let code):
      "cannot read \(path): \(SystemReason.text(code)); check that it exists and may be read"
    case .cannotMakeFolder(let path, let code):
      "cannot make the folder \(path): \(SystemReason.text(code)); \(SystemReason.remedy(code))"
    case .occupied(let path):
      "\(path) holds another run already; choose another folder with --out, "
        + "or replace that run with --force"
    case .running(let path, let process):
      "process \(process) is still writing to \(path); choose another folder with --out, "
        + "or end that run first"
    }
  }
}

/// Puts the system's error numbers into words.
enum SystemReason {
  /// The C library's words for an error number.
  static func text(_ code: Int32) -> String {
    guard let words = strerror(code) else { return "error \(code)" }
    return String(cString: words)
  }

  /// What to do about an error in writing.
  static func remedy(_ code: Int32) -> String {
    switch code {
    case ENOSPC, EDQUOT:
      "free some space, choose another disk with --out, or ask for fewer rows under output"
    case EFBIG:
      "raise the limit (ulimit -f), or ask for fewer rows under output"
    case EACCES, EPERM, EROFS:
      "choose a folder that you may write in with --out"
    case ENOTDIR, EEXIST:
      "a file stands where a folder is needed: move it, or choose another folder with --out"
    case EISDIR:
      "a folder stands where a file is needed: move it, or choose another folder with --out"
    case ENAMETOOLONG:
      "choose a shorter path with --out"
    default:
      "choose another folder with --out"
    }
  }
}
