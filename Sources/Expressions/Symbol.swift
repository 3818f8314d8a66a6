/// A leaf of an expression: a declared name, or a derivative of it.
public struct Symbol: Hashable, Sendable {
  /// The declared name.
  public let name: String
  /// The variables it is differentiated by, sorted, one entry for each order: `u_xxt` is `[t, x, x]`.
  public let derivatives: [String]

  /// Makes the leaf for `name`, differentiated once by each of `derivatives` (in any order).
  public init(_ name: String, _ derivatives: [String] = []) {
    self.name = name
    self.derivatives = derivatives.sorted()
  }

  /// Returns this leaf, differentiated once more by `variable`.
  public func differentiated(by variable: String) -> Symbol {
    Symbol(name, derivatives + [variable])
  }

  /// The total order of differentiation.
  public var order: Int { derivatives.count }

  /// Counts how many times the leaf is differentiated by `variable`.
  public func order(in variable: String) -> Int {
    derivatives.count { $0 == variable }
  }
}

extension Symbol: CustomStringConvertible {
  /// The leaf as the problem file writes it: `u`, `u_xx`, or `d(u, xi, 2)` for long variable names.
  public var description: String {
    if derivatives.isEmpty { return name }
    if derivatives.allSatisfy({ $0.count == 1 }) { return name + "_" + derivatives.joined() }
    var text = name
    var index = 0
    while index < derivatives.count {
      let variable = derivatives[index]
      let order = derivatives[index...].prefix { $0 == variable }.count
      text = order == 1 ? "d(\(text), \(variable))" : "d(\(text), \(variable), \(order))"
      index += order
    }
    return text
  }
}
