import Expressions

extension NearestName {
  /// `did you mean 'x'?`, or else `choose one of a, b, c`.
  static func advice(_ word: String, among candidates: [String]) -> String {
    if let name = find(word, among: candidates.prefix(400)) { return "did you mean '\(name)'?" }
    guard candidates.count > 1 else { return "write \(candidates.first ?? "another")" }
    return "choose one of " + candidates.prefix(40).joined(separator: ", ")
  }
}
