import Expressions

/// Declared names: what each is, and where it was declared.
struct NameTable {
  /// What a name stands for.
  enum Kind: Sendable {
    case variable, unknown, parameter, function, forcing, estimate, network, output

    /// With its article, for messages.
    var phrase: String {
      switch self {
      case .variable: "a variable"
      case .unknown: "an unknown"
      case .parameter: "a parameter"
      case .function: "a function"
      case .forcing: "a forcing"
      case .estimate: "an estimate"
      case .network: "a network"
      case .output: "a network's output"
      }
    }

    /// True for what equations may differentiate by writing `u_x`.
    var hasDerivatives: Bool { self == .unknown || self == .function || self == .output }
  }

  private var kinds: [String: (kind: Kind, place: Place)] = [:]
  private(set) var order: [String] = []

  func kind(of name: String) -> Kind? { kinds[name]?.kind }

  /// Adds a name; reports one that may not be declared, or is declared already.
  ///
  /// - Returns: true if the name now means what was declared.
  mutating func declare(_ name: String, _ kind: Kind, at place: Place, _ log: FaultLog) -> Bool {
    guard Self.check(name, at: place, log) else { return false }
    if let earlier = kinds[name] {
      let by = place.source === earlier.place.source ? " in line \(earlier.place.line)" : ""
      log.error(
        place, "'\(name)' is declared already, as \(earlier.kind.phrase)\(by)",
        "give one of the two another name")
      return false
    }
    kinds[name] = (kind, place)
    order.append(name)
    return true
  }

  /// Reports text that is no name, and words that mean something else.
  static func check(_ name: String, at place: Place, _ log: FaultLog) -> Bool {
    guard !reservedWords.contains(name) else {
      log.error(place, "'\(name)' may not be declared: it has a meaning of its own", "rename it")
      return false
    }
    guard isDeclarable(name) else {
      log.error(
        place, "'\(name)' is not a name",
        "write letters, digits and '_', not starting with a digit")
      return false
    }
    return true
  }

  /// Reports names that read as a derivative of another: `u_x` beside unknown `u`, variable `x`.
  func checkDerivatives(_ log: FaultLog) {
    let letters = Set(order.filter { kinds[$0]?.kind == .variable && $0.unicodeScalars.count == 1 })
    for name in order {
      guard let cut = name.lastIndex(of: "_"), let own = kinds[name] else { continue }
      let base = String(name[..<cut])
      let suffix = name[name.index(after: cut)...]
      guard let kind = kinds[base]?.kind, kind.hasDerivatives, !suffix.isEmpty,
        suffix.unicodeScalars.allSatisfy({ letters.contains(String($0)) })
      else { continue }
      log.error(
        own.place, "'\(name)' reads as a derivative of '\(base)'",
        "give it a name without '_\(suffix)'")
    }
  }
}
