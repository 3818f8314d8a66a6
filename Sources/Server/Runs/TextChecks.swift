import Glibc
import Reports

/// Checks of texts as people type them: a page's newer text ends the check of its older one.
actor TextChecks {
  /// Seconds for one check.
  private static let time = 30.0
  /// Most checks at once.
  private static let limit = 4

  /// The newest check of each page, by its number, and its process once it has one.
  private var newest: [String: (number: Int, child: ChildProcess?)] = [:]
  private var started = 0
  private var count = 0

  /// Checks a text as if it stood in a problem file.
  ///
  /// - Parameters:
  ///   - text: what `cauchy check` reads.
  ///   - file: where paths inside the text start from; it need not exist.
  ///   - page: who asks.
  /// - Returns: what `cauchy check --json` says of it.
  /// - Throws: a ``Refusal``.
  func check(_ text: String, as file: String, settings: [String], page: String) async throws
    -> JSONValue
  {
    if let older = newest[page]?.child { kill(older.number, SIGKILL) }
    started += 1
    let own = started
    newest[page] = (own, nil)
    guard count < TextChecks.limit else {
      throw Refusal(503, "too many texts are checked at once; try again")
    }
    count += 1
    defer { count -= 1 }
    let arguments = ["check", file, "--stdin", "--json"] + settings.map { "--set=\($0)" }
    let result = try await ShortCommand.run(
      arguments, input: Array(text.utf8), seconds: TextChecks.time
    ) { await self.note($0, own, page) }
    guard newest[page]?.number == own else { throw Refusal(409, "a newer text is checked") }
    newest[page] = nil
    guard let found = try? JSONValue(reading: result.output), let first = found.elements?.first
    else {
      throw Refusal(
        422, result.errors.isEmpty ? "the check ended without an answer" : result.errors)
    }
    return first
  }

  private func note(_ child: ChildProcess, _ number: Int, _ page: String) {
    if newest[page]?.number == number {
      newest[page] = (number, child)
    } else {
      kill(child.number, SIGKILL)
    }
  }
}
