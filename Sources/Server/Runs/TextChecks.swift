import Reports
import Synchronization

/// Checks of texts as people type them: a page's newer text ends the check of its older one.
actor TextChecks {
  /// Seconds for one check.
  private static let time = 30.0
  /// Most checks at once.
  private static let limit = 4

  /// What ends a check.
  private final class Ending: Sendable {
    let isWanted = Atomic<Bool>(false)
  }

  /// The newest check of each page.
  private var newest: [String: Ending] = [:]
  private var count = 0

  /// Checks a text as if it stood in a problem file.
  ///
  /// - Parameters:
  ///   - text: what `cauchy check` reads.
  ///   - file: where paths inside the text start from; it need not exist.
  ///   - page: who asks.
  /// - Returns: what `cauchy check --json` says of it.
  /// - Throws: a ``Refusal``; with status 409 where the page sent a newer text.
  func check(_ text: String, as file: String, settings: [String], page: String) async throws
    -> JSONValue
  {
    newest[page]?.isWanted.store(true, ordering: .relaxed)
    let own = Ending()
    newest[page] = own
    defer { if newest[page] === own { newest[page] = nil } }
    guard count < TextChecks.limit else {
      throw Refusal(503, "too many texts are checked at once; try again")
    }
    count += 1
    defer { count -= 1 }
    let arguments = ["check", file, "--stdin", "--json"] + settings.map { "--set=\($0)" }
    let result = try await ShortCommand.run(
      arguments, input: Array(text.utf8), seconds: TextChecks.time
    ) { own.isWanted.load(ordering: .relaxed) }
    guard newest[page] === own else { throw Refusal(409, "a newer text is checked") }
    guard let found = try? JSONValue(reading: result.output), let first = found.elements?.first
    else { throw Refusal(422, "check", result) }
    return first
  }
}
