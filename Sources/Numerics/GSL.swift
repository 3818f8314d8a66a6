import CGSL

/// The GNU Scientific Library as this process uses it.
public enum GSL {
  /// GSL aborts the process on error unless its handler is off; a `static let` runs exactly once.
  private static let handlerIsOff: Bool = {
    gsl_set_error_handler_off()
    return true
  }()

  /// Makes GSL report errors by status instead of aborting; call before any other use of GSL.
  @inlinable
  public static func prepare() { _ = isReady }

  /// Whether GSL has been made safe to call: always true, and true only after it was done.
  public static var isReady: Bool { handlerIsOff }

  /// The version of the GSL that runs, such as `2.7.1`.
  public static var version: String { String(cString: cauchy_gsl_version()) }
}

/// A status that GSL returned, and what it was asked to do.
public struct GSLError: Error, Sendable, Equatable, CustomStringConvertible {
  public var status: Int32
  public var task: String

  /// Records that `task` ended with `status`.
  public init(status: Int32, during task: String) {
    self.status = status
    self.task = task
  }

  public var description: String {
    "GSL: \(String(cString: gsl_strerror(status))) (status \(status)) while \(task)"
  }
}

/// Owns one pointer that GSL allocated, and frees it exactly once.
///
/// Not `Sendable` on purpose: one task uses it at a time.
final class GSLOwned<Raw> {
  let raw: UnsafeMutablePointer<Raw>
  private let release: (UnsafeMutablePointer<Raw>?) -> Void

  /// Takes over `raw`; a nil pointer means that GSL found no memory for `what`.
  init(
    _ what: String, _ raw: UnsafeMutablePointer<Raw>?,
    release: @escaping (UnsafeMutablePointer<Raw>?) -> Void
  ) throws(GSLError) {
    guard let raw else { throw GSLError(status: GSL_ENOMEM.status, during: "allocating \(what)") }
    self.raw = raw
    self.release = release
  }

  deinit { release(raw) }
}

extension BinaryInteger {
  /// GSL's status constants are imported as `Int`; calls return `Int32`.
  var status: Int32 { Int32(self) }
}
