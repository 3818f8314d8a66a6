/// The secret in the address of the page: who does not know it gets no answer but a refusal.
struct Token: Sendable, Equatable {
  /// 64 hexadecimal digits.
  let text: String

  /// Draws 256 bits from the system's generator, which on Linux is `getrandom`.
  static func drawn() -> Token {
    var generator = SystemRandomNumberGenerator()
    let words = (0..<4).map { _ in
      let digits = String(generator.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
    return Token(text: words.joined())
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
