import Glibc

/// Standard output and standard error, written without buffering.
public enum Console {
  /// Writes a text to standard output, and a line feed.
  ///
  /// - Throws: `ReportError.cannotWrite`, e.g. when output goes to a file on a full disk; a reader
  ///   that closed the pipe is no error.
  public static func print(_ text: String) throws(ReportError) {
    let code = write(text + "\n", to: STDOUT_FILENO)
    if code != 0, code != EPIPE { throw .cannotWrite(path: "standard output", code: code) }
  }

  /// Writes a text to standard error, and a line feed.
  public static func complain(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

  /// What standard output shows now.
  public static var output: Terminal { Terminal(STDOUT_FILENO) }

  /// What standard error shows now.
  public static var errors: Terminal { Terminal(STDERR_FILENO) }

  /// Writes all of a text; returns the system's error number, 0 if there was none.
  @discardableResult
  static func write(_ text: String, to descriptor: Int32) -> Int32 {
    var text = text
    return text.withUTF8 { bytes in
      var done = 0
      while let start = bytes.baseAddress, done < bytes.count {
        let count = Glibc.write(descriptor, start + done, bytes.count - done)
        if count < 0, errno != EINTR { return errno }
        done += max(0, count)
      }
      return 0
    }
  }
}

/// Seconds by a clock that is never set.
public enum Clock {
  /// Seconds since some fixed moment; some 20 ns a call.
  public static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
}
