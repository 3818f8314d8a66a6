import Reports

/// A verb of this program that ends soon, in a process of its own: whatever it stumbles over, the
/// server goes on.
enum ShortCommand {
  /// The most that is read of either stream.
  private static let most = 8 << 20

  /// Runs a verb to its end, or ends it when its time is over.
  ///
  /// - Parameters:
  ///   - input: what it reads on standard input.
  ///   - seconds: its time.
  ///   - isCancelled: asked some ten times a second whether to end it.
  /// - Throws: a ``Refusal`` where it cannot be started, took too long or was ended.
  static func run(
    _ arguments: [String], input: [UInt8] = [], seconds: Double,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) async throws -> ChildProcess.Answer {
    let found = await OwnThread.value { () -> Result<ChildProcess.Answer, ChildProcess.NoAnswer> in
      Result { () throws(ChildProcess.NoAnswer) in
        try ChildProcess.answer(
          of: ChildProcess.ownPath, arguments, input: input, most: most, within: seconds,
          isCancelled: isCancelled)
      }
    }
    let verb = arguments.first ?? ""
    switch found {
    case .success(let answer): return answer
    case .failure(.notStarted(let fault)):
      throw Refusal(503, "'cauchy \(verb)' could not be started; end other programs", "\(fault)")
    case .failure(.late):
      throw Refusal(503, "'cauchy \(verb)' took more than \(Int(seconds)) s and was ended")
    case .failure(.cancelled): throw Refusal(409, "'cauchy \(verb)' was ended for a newer one")
    case nil: throw Refusal(503, "no thread is free; try again")
    }
  }
}

extension Refusal {
  /// What a person is told of a command that gave no answer.
  ///
  /// - Parameter errors: what it said on standard error: where it ended in good order, sentences
  ///   for people, the first of which is enough; anything where it did not.
  init(_ status: Int, _ verb: String, ended ending: Int32, errors: String) {
    let lines = errors.split { $0.isNewline }.map(String.init)
    if ExitStatus(rawValue: ending) != nil, let first = lines.first {
      self.init(status, first, lines.count > 1 ? lines.joined(separator: "\n") : "")
      return
    }
    let fact =
      ending > 128
      ? "'cauchy \(verb)' broke off (signal \(ending - 128))"
      : "'cauchy \(verb)' ended with status \(ending)"
    self.init(
      status, fact + "; what it said last may tell why",
      Self.end(of: lines).joined(separator: "\n"))
  }

  /// The last lines; of a trap those from its reason on, for the stack behind it is long.
  private static func end(of lines: [String]) -> ArraySlice<String> {
    let reason = lines.lastIndex { $0.contains("Fatal error") }
    return reason.map { lines[$0...].prefix(12) } ?? lines.suffix(12)
  }

  /// As above, of a command that ran to its end.
  init(_ status: Int, _ verb: String, _ answer: ChildProcess.Answer) {
    self.init(
      status, verb, ended: answer.status, errors: String(decoding: answer.errors, as: UTF8.self))
  }
}
