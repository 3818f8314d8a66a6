import Glibc

/// The secret in the address of the page: who does not know it gets no answer but a refusal.
struct Token: Sendable, Equatable {
  /// 64 hexadecimal digits.
  let text: String

  /// Draws 256 bits from the system's generator.
  ///
  /// - Returns: nil where the system has none to give.
  static func drawn() -> Token? {
    var bytes = [UInt8](repeating: 0, count: 32)
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeMutableBytes { raw in
        getrandom(raw.baseAddress.map { $0 + done }, raw.count - done, 0)
      }
      if count < 0, errno != EINTR { return nil }
      done += max(count, 0)
    }
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return Token(text: String(decoding: text, as: UTF8.self))
  }

  /// Whether a text is the token, in a time that does not tell how much of it is right.
  func matches(_ candidate: some StringProtocol) -> Bool {
    let own = Array(text.utf8)
    let other = Array(candidate.utf8)
    guard own.count == other.count else { return false }
    var difference: UInt8 = 0
    for index in own.indices { difference |= own[index] ^ other[index] }
    return difference == 0
  }
}
