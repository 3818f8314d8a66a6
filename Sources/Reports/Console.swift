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

  /// What standard input holds up to its end.
  ///
  /// - Parameter limit: the most bytes that are read.
  public static func standardInput(limit: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count < limit {
      let count = read(STDIN_FILENO, &chunk, min(chunk.count, limit - bytes.count))
      if count < 0, errno == EINTR { continue }
      if count <= 0 { break }
      bytes += chunk[..<count]
    }
    return bytes
  }

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
