import Discretizations
import Expressions
import Problems

/// An integral of the equations (or a field at another place) as an expression of one node.
///
/// A field at another place, which derivatives of integrals with moving limits leave, is taken as the
/// integral over [0, 1] of what does not change there: its rule has one node.
struct IntegralForm: Sendable {
  /// Fields that the integrand reads at one place.
  struct Place: Sendable {
    /// One for each variable.
    var arguments: [Expression]
    /// What stands for each in the body, and the field or forcing that it is.
    var fields: [(stand: Symbol, field: Symbol)]
  }

  /// What stands for the value; no text can declare it.
  let symbol: Symbol
  /// What stands for the bound variable.
  let bound: Symbol
  let lower: Expression
  let upper: Expression
  /// Where, in terms of the bound variable, the integrand has kinks or jumps.
  let kinks: [Expression]
  let body: Expression
  let places: [Place]
  /// Integrals whose values change with the bound variable, in the order of evaluation.
  let inner: [IntegralForm]
  /// Leaves of the point around that the value depends on.
  let context: Set<Symbol>
  /// Whether it is a field at another place.
  let isPlace: Bool
  /// As the problem file writes it.
  let text: String
}

/// An integral that networks cannot take.
struct IntegralFault: Error, CustomStringConvertible {
  let message: String
  let remedy: String

  var description: String { message + "; " + remedy }
}

extension IntegralForm {
  /// Takes the integrals out of expressions.
  ///
  /// - Returns: the expressions with symbols for the integrals, and the integrals in the order of
  ///   evaluation.
  /// - Throws: ``IntegralFault`` where a limit or a place depends on what is to be found.
  static func read(_ expressions: [Expression], _ calculus: FieldCalculus) throws(IntegralFault)
    -> (local: [Expression], integrals: [IntegralForm])
  {
    let parts = NonlocalExpression.split(
      expressions, variables: calculus.names,
      dependents: (calculus.fields.union(calculus.forcings)).sorted())
    let (terms, places) = NonlocalExpression.joined(parts)
    var forms: [IntegralForm] = []
    for place in places { forms.append(try IntegralForm(place, known: calculus.pointNames)) }
    for term in terms { forms.append(try IntegralForm(term, known: calculus.pointNames)) }
    return (parts.map(\.local), forms)
  }

  /// - Parameter known: what the point around knows without the parameters of training.
  private init(_ term: IntegralTerm, known: [Symbol]) throws(IntegralFault) {
    let text = term.text
    guard term.lower.symbols.union(term.upper.symbols).isSubset(of: known) else {
      throw IntegralFault(
        message: "a limit of \(text) depends on what is to be found",
        remedy: "write limits of the variables and parameters")
    }
    let here = known + [term.bound]
    var places: [Place] = []
    for place in term.places {
      try Self.require(place, known: here, in: text)
      let pair = (stand: place.symbol, field: place.unknown)
      if let same = places.firstIndex(where: { $0.arguments == place.arguments }) {
        places[same].fields.append(pair)
      } else {
        places.append(Place(arguments: place.arguments, fields: [pair]))
      }
    }
    self.places = places
    var inner: [IntegralForm] = []
    for nested in term.inner { inner.append(try IntegralForm(nested, known: here)) }
    self.inner = inner
    symbol = term.symbol
    bound = term.bound
    lower = term.lower
    upper = term.upper
    kinks = Self.kinks(term.body, by: term.bound, known: Set(known))
    body = term.body
    context = term.context
    isPlace = false
    self.text = text
  }

  private init(_ place: PlacedUnknown, known: [Symbol]) throws(IntegralFault) {
    text = "\(place.unknown)(" + place.arguments.map(\.description).joined(separator: ", ") + ")"
    try Self.require(place, known: known, in: text)
    let stand = Symbol(place.symbol.name + "|value")
    symbol = place.symbol
    bound = Symbol(place.symbol.name + "|node")
    (lower, upper) = (.zero, .one)
    (kinks, inner) = ([], [])
    body = .symbol(stand)
    places = [Place(arguments: place.arguments, fields: [(stand: stand, field: place.unknown)])]
    context = place.arguments.reduce(into: []) { $0.formUnion($1.symbols) }
    isPlace = true
  }

  private static func require(_ place: PlacedUnknown, known: [Symbol], in text: String)
    throws(IntegralFault)
  {
    guard !place.arguments.allSatisfy({ $0.symbols.isSubset(of: known) }) else { return }
    throw IntegralFault(
      message: "\(text) reads \(place.unknown) at a place that depends on what is to be found",
      remedy: "write places of the variables, of parameters and of bound names")
  }

  /// Whether the integrand is nonlinear in what is to be found.
  var isNonlinear: Bool {
    let fields = places.flatMap(\.fields).map(\.stand) + inner.map(\.symbol)
    return inner.contains(where: \.isNonlinear)
      || fields.contains { field in
        guard let slope = try? body.derivative(by: field) else { return true }
        return fields.contains(where: slope.contains)
      }
  }

  /// Zeros of what switches in the body, where it is linear in the bound variable.
  private static func kinks(_ body: Expression, by bound: Symbol, known: Set<Symbol>)
    -> [Expression]
  {
    var found: [Expression] = []
    for function in body.switchingFunctions where function.contains(bound) {
      guard function.symbols.isSubset(of: known.union([bound])),
        let slope = try? function.derivative(by: bound), !slope.contains(bound)
      else { continue }
      let kink = -function.substituting([bound: .zero]) / slope
      if !found.contains(kink) { found.append(kink) }
    }
    return found
  }
}

extension FieldCalculus {
  /// What a point is known by: variables, forcings, their derivatives, the measurement there.
  var pointNames: [Symbol] {
    let variables = names.map { Symbol($0) }
    let forced = problem.forcings.map { Symbol($0.name) }
    let marching = problem.marching ?? names[0]
    return variables + forced + forced.map { $0.differentiated(by: marching) }
      + [PointProgram.measurement]
  }
}
