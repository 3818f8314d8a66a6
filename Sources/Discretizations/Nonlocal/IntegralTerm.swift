import Expressions

/// An unknown (or a derivative of it) at a place of its own, and the symbol that stands for it.
public struct PlacedUnknown: Sendable, Hashable {
  /// What stands for the value; its name cannot be written in a problem file.
  public let symbol: Symbol
  /// The unknown, with its derivatives.
  public let unknown: Symbol
  /// Where: one for each variable of the problem, in order.
  ///
  /// Made of variables, parameters and the bound symbols of the integrals around.
  public let arguments: [Expression]
}

/// One integral split off an expression, and the symbol that stands for its value.
///
/// To evaluate: the limits in the context around; then at every quadrature node, with the node for
/// ``bound``: the places, then the inner terms in order, then the body.
public struct IntegralTerm: Sendable {
  /// What stands for the value; its name cannot be written in a problem file.
  public let symbol: Symbol
  /// What stands for the bound variable: fresh, so that it hides nothing.
  public let bound: Symbol
  public let lower: Expression
  public let upper: Expression
  /// The integrand, a function of one point.
  ///
  /// Its leaves: variables, parameters and unknowns of the context around, ``bound`` and those of
  /// the integrals around, the symbols of ``places`` and of ``inner``.
  public let body: Expression
  /// Unknowns that the integrand reads elsewhere.
  ///
  /// A plain unknown under an integral over a variable of the problem is one too: at the bound value.
  public let places: [PlacedUnknown]
  /// Integrals whose values change with ``bound``; one may stand in the limits of a later one.
  public let inner: [IntegralTerm]
  /// As the problem file writes it, for messages.
  public let text: String

  /// The leaves of the context around that the value depends on.
  public var context: Set<Symbol> {
    var found = body.symbols.subtracting(places.map(\.symbol)).subtracting(inner.map(\.symbol))
    for place in places { for argument in place.arguments { found.formUnion(argument.symbols) } }
    for term in inner { found.formUnion(term.context) }
    found.subtract(inner.map(\.symbol))
    found.remove(bound)
    return found.union(lower.symbols).union(upper.symbols)
  }

  /// The unknowns (or derivatives) read at other places, here and inside.
  public var placedUnknowns: Set<Symbol> {
    inner.reduce(into: Set(places.map(\.unknown))) { $0.formUnion($1.placedUnknowns) }
  }
}
