/// Finds the known name that was probably meant, by edit distance.
public enum NearestName {
  /// The nearest of `names` to `name`, or nil where none is near; case counts little.
  public static func find(_ name: String, among names: some Sequence<String>) -> String? {
    let wanted = Array(name.unicodeScalars.prefix(64))
    let allowed = max(1, min(3, wanted.count / 3))
    var best: (name: String, distance: Int)?
    for candidate in names where candidate != name {
      let scalars = Array(candidate.unicodeScalars)
      if abs(scalars.count - wanted.count) > allowed { continue }
      let distance =
        candidate.lowercased() == name.lowercased() ? 0 : self.distance(wanted, scalars)
      guard distance <= allowed, distance < max(wanted.count, 1) else { continue }
      if best.map({ (distance, candidate) < ($0.distance, $0.name) }) ?? true {
        best = (candidate, distance)
      }
    }
    return best?.name
  }

  /// Edits between two names: insertions, deletions, changes and swaps of neighbours.
  static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var older: [Int] = []
    var old = Array(0...b.count)
    for i in 0..<a.count {
      var new = [i + 1]
      for j in 0..<b.count {
        var cost = min(old[j + 1] + 1, new[j] + 1, old[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, older[j - 1] + 1) }
        new.append(cost)
      }
      older = old
      old = new
    }
    return old[b.count]
  }
}
