import Expressions
import Problems

/// A leaf that stands for what is known of an unknown where a window of the marching variable
/// starts: a value or derivative of the window before, there and on further faces.
struct GivenLeaf: Hashable {
  var unknown: String
  /// Faces that its place lies on, beside the seam; in the order of their variables.
  var faces: [Face]
  var derivatives: [String]

  private static let prefix = Problem.previous(Symbol("")).name

  /// Reads the leaf; nil for any other.
  init?(_ symbol: Symbol) {
    guard symbol.name.hasPrefix(Self.prefix) else { return nil }
    let parts = symbol.name.dropFirst(Self.prefix.count).split(separator: "@")
    guard let name = parts.first else { return nil }
    unknown = String(name)
    faces = parts.dropFirst().compactMap { part in
      Int(part.dropLast()).map { Face(variable: $0, isUpper: part.hasSuffix("+")) }
    }
    derivatives = symbol.derivatives
  }

  /// The leaf as expressions hold it.
  var symbol: Symbol {
    let places = faces.map { "@\($0.variable)\($0.isUpper ? "+" : "-")" }.joined()
    return Symbol(Self.prefix + unknown + places, derivatives)
  }

  /// The leaf on a face; the same where its place in that variable is fixed already.
  func on(_ face: Face) -> GivenLeaf {
    if faces.contains(where: { $0.variable == face.variable }) { return self }
    var leaf = self
    leaf.faces = (faces + [face]).sorted { $0.variable < $1.variable }
    return leaf
  }
}

extension FieldCalculus {
  /// The expression on a face: its variable is a number there, and given fields are those there.
  func restricted(_ expression: Expression, to face: Face) -> Expression {
    var values = end(face)
    if names[face.variable] != problem.marching {
      for symbol in expression.symbols {
        guard let leaf = GivenLeaf(symbol) else { continue }
        values[symbol] = .symbol(leaf.on(face).symbol)
      }
    }
    return expression.substituting(values)
  }

  /// Whether a given field changes along a variable.
  func isGiven(_ name: String, dependingOn variable: String) -> Bool {
    guard variable != problem.marching, let leaf = GivenLeaf(Symbol(name)) else { return false }
    return !leaf.faces.contains { names[$0.variable] == variable }
  }
}
