import Problems
import Reports

extension Console {
  /// Writes a fault or a warning to standard error, with the place in the text below it.
  static func complain(_ diagnostic: Diagnostic) { complain(diagnostic.painted(on: errors)) }

  /// Writes what went wrong to standard error.
  static func complain(fault: String) { complain(errors.paint(fault, .bad)) }
}

extension Diagnostic {
  /// ``rendered`` with its first line and its carets in the colour of its severity; the offending
  /// line stays as it is.
  func painted(on terminal: Terminal) -> String {
    guard terminal.hasColour else { return rendered }
    let ink: Terminal.Ink = severity == .error ? .bad : .doubtful
    let lines = rendered.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.enumerated().map { index, line in
      // Below the sentence stand the line and its carets.
      let isCaret = sourceLine != nil && index == lines.count - 1
      return index == 0 || isCaret ? terminal.paint(String(line), ink) : String(line)
    }.joined(separator: "\n")
  }
}
