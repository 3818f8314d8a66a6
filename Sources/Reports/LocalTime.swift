import Glibc

/// Moments as people write them.
public enum LocalTime {
  /// The minute of a moment in the time of the place, `2026-11-23 04:30`.
  ///
  /// - Parameter seconds: since 1970.
  public static func text(_ seconds: Double) -> String {
    format(seconds, "%Y-%m-%d %H:%M") { localtime_r(&$0, &$1) != nil }
  }

  /// The second of a moment in universal time, as in ISO 8601: `2026-11-23T04:30:00Z`.
  public static func universal(_ seconds: Double) -> String {
    format(seconds, "%Y-%m-%dT%H:%M:%SZ") { gmtime_r(&$0, &$1) != nil }
  }

  /// Nothing for a moment that has no calendar date.
  private static func format(
    _ seconds: Double, _ pattern: String, _ split: (inout time_t, inout tm) -> Bool
  ) -> String {
    guard seconds.magnitude < 1e15 else { return "" }
    var (moment, parts) = (time_t(seconds), tm())
    guard split(&moment, &parts) else { return "" }
    return String(unsafeUninitializedCapacity: 64) { buffer in
      buffer.withMemoryRebound(to: CChar.self) { strftime($0.baseAddress, 64, pattern, &parts) }
    }
  }
}
