import Glibc
import Reports

/// A connected socket of a connection's own thread, whose calls end at a time given.
///
/// Not `Sendable` on purpose: one thread uses it.
final class Wire {
  /// The time of waiting is over.
  struct Late: Error {}
  /// The other side is gone.
  struct Closed: Error {}

  let descriptor: Int32

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Waits until one of some sockets can be read, or has ended.
  ///
  /// - Returns: for each whether it can.
  /// - Throws: ``Late`` at `deadline`.
  static func wait(_ wires: [Wire], until deadline: Double) throws -> [Bool] {
    var polls = wires.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
    while true {
      let left = deadline - Clock.now
      guard left > 0 else { throw Late() }
      let milliseconds = Int32(min(left * 1000 + 1, 1e9))
      let count = poll(&polls, nfds_t(polls.count), milliseconds)
      if count > 0 { return polls.map { $0.revents != 0 } }
      if count < 0, errno != EINTR { throw Closed() }
    }
  }

  /// Reads what there is, at most `limit` bytes; empty at the end of the stream.
  func read(_ limit: Int, until deadline: Double) throws -> [UInt8] {
    _ = try Wire.wait([self], until: deadline)
    var bytes = [UInt8](repeating: 0, count: limit)
    while true {
      let count = recv(descriptor, &bytes, limit, Int32(MSG_DONTWAIT))
      if count >= 0 { return Array(bytes.prefix(count)) }
      if errno == EINTR { continue }
      throw Closed()
    }
  }

  /// Writes all of the bytes.
  func write(_ bytes: [UInt8], until deadline: Double) throws {
    var done = 0
    while done < bytes.count {
      let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
      let count = bytes.withUnsafeBytes { raw in
        send(descriptor, raw.baseAddress.map { $0 + done }, raw.count - done, flags)
      }
      if count >= 0 {
        done += count
      } else if errno == EAGAIN {
        try waitForRoom(until: deadline)
      } else if errno != EINTR {
        throw Closed()
      }
    }
  }

  private func waitForRoom(until deadline: Double) throws {
    var polls = [pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)]
    let left = deadline - Clock.now
    guard left > 0 else { throw Late() }
    if poll(&polls, 1, Int32(left * 1000 + 1)) < 0, errno != EINTR { throw Closed() }
  }

  /// Ends the sending side and drops what still comes, so that the last answer is not lost: a
  /// socket closed over unread bytes resets the connection.
  func finish() {
    shutdown(descriptor, Int32(SHUT_WR))
    let deadline = Clock.now + 0.5
    var left = 1 << 21
    while left > 0, let bytes = try? read(1 << 16, until: deadline), !bytes.isEmpty {
      left -= bytes.count
    }
  }
}
