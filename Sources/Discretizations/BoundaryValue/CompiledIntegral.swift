import Expressions
import Numerics

/// Where the programs of a collocation system find a symbol that is no jet: the variable, forcings
/// and their derivatives, then whatever stands for integrals, places and bound variables.
struct CollocationEnvironment: Sendable {
  let symbols: [Symbol]
  let inputs: Inputs
  private let slots: [Symbol: Int]

  init(
    variable: String, forcings: [String], terms: [IntegralTerm], jets: [Symbol],
    parameters: [String]
  ) {
    let names = forcings.map { Symbol($0) }
    var symbols = [Symbol(variable)] + names + names.map { $0.differentiated(by: variable) }
    func add(_ term: IntegralTerm) {
      symbols += [term.symbol, term.bound] + term.places.map(\.symbol)
      term.inner.forEach(add)
    }
    terms.forEach(add)
    self.symbols = symbols
    inputs = Inputs(point: symbols, state: jets, parameters: parameters.map { Symbol($0) })
    slots = Dictionary(uniqueKeysWithValues: symbols.enumerated().map { ($1, $0) })
  }

  func slot(_ symbol: Symbol) -> Int { slots[symbol] ?? 0 }
}

/// One integral with its programs; those inside are parts of it.
struct CompiledIntegral: Sendable {
  /// What a place reads.
  enum Source: Sendable {
    case unknown(Int, order: Int)
    case forcing(Int)
  }

  struct Place: Sendable {
    let slot: Int
    let source: Source
    /// Whether the argument is a line in the bound variable: then mesh points can be found in it.
    let isAffine: Bool
  }

  let text: String
  /// Counts all integrals, inner ones before what they stand in.
  let index: Int
  let slot: Int
  let boundSlot: Int
  /// Two numbers: lower and upper limit.
  let limits: Program
  let places: [Place]
  /// The arguments of the places, then their slopes by the bound variable.
  let arguments: Program
  let body: Program
  /// ∂body by the places, by the integrals of ``integralEntries``, by the jets of ``jetEntries``.
  let partials: Program
  /// Indices of the integrals whose values the body uses.
  let integralEntries: [Int]
  let jetEntries: [Int]
  let inner: [CompiledIntegral]
  /// Whether the value is the same at every point.
  let isConstant: Bool

  /// - Throws: `DifferentiationError`, `ProgramError`, ``IntegralFault``.
  init(
    _ term: IntegralTerm, _ context: CollocationContext, indices: inout [Symbol: Int],
    constants: inout Set<Symbol>
  ) throws {
    let environment = context.environment
    text = term.text
    slot = environment.slot(term.symbol)
    boundSlot = environment.slot(term.bound)
    inner = try term.inner.map {
      try CompiledIntegral($0, context, indices: &indices, constants: &constants)
    }
    try CompiledIntegral.check(term, context)
    limits = try Program([term.lower, term.upper], inputs: environment.inputs)
    let arguments = term.places.compactMap { $0.arguments.first }
    let slopes = try arguments.map { try $0.derivative(by: term.bound) }
    places = zip(term.places, slopes).map { place, slope in
      Place(
        slot: environment.slot(place.symbol), source: context.source(of: place.unknown),
        isAffine: !slope.contains(term.bound))
    }
    self.arguments = try Program(arguments + slopes, inputs: environment.inputs)
    body = try Program([term.body], inputs: environment.inputs)
    let present = term.body.symbols
    let used = indices.filter { present.contains($0.key) }.sorted { $0.value < $1.value }
    integralEntries = used.map(\.value)
    let jets = context.jets.indices.filter { present.contains(context.jets[$0]) }
    jetEntries = jets
    let leaves = term.places.map(\.symbol) + used.map(\.key) + jets.map { context.jets[$0] }
    partials = try Program(
      leaves.map { try term.body.derivative(by: $0) }, inputs: environment.inputs)
    isConstant = term.context.allSatisfy { symbol in
      context.constants.contains(symbol) || constants.contains(symbol)
    }
    if isConstant { constants.insert(term.symbol) }
    index = indices.count
    indices[term.symbol] = index
  }

  /// Limits and places may move with variables, not with the solution.
  private static func check(_ term: IntegralTerm, _ context: CollocationContext) throws {
    func refuse(_ expression: Expression, _ what: String) throws {
      let standIns = expression.symbols.filter { $0.name.contains("|") && !isBound($0, context) }
      if let jet = expression.symbols.first(where: context.jets.contains) {
        throw IntegralFault(
          message: "\(what) of \(term.text) depends on \(jet)",
          remedy: "let it depend on variables and parameters only")
      }
      if !standIns.isEmpty {
        throw IntegralFault(
          message: "\(what) of \(term.text) holds an integral, or the unknown at another place",
          remedy: "let it depend on variables and parameters only")
      }
    }
    try refuse(term.lower, "a limit")
    try refuse(term.upper, "a limit")
    for place in term.places {
      for argument in place.arguments { try refuse(argument, "a place") }
    }
  }

  private static func isBound(_ symbol: Symbol, _ context: CollocationContext) -> Bool {
    context.bound.contains(symbol)
  }
}

/// Why an integral cannot be collocated; the caller places it in the file.
struct IntegralFault: Error {
  let message: String
  let remedy: String
}

/// What the integrals of a problem have in common.
struct CollocationContext: Sendable {
  let environment: CollocationEnvironment
  let unknowns: [String]
  let jets: [Symbol]
  let forcings: [String]
  /// Parameters.
  let constants: Set<Symbol>
  /// Bound variables of all integrals.
  let bound: Set<Symbol>

  func source(of symbol: Symbol) -> CompiledIntegral.Source {
    if let place = unknowns.firstIndex(of: symbol.name) {
      return .unknown(place, order: symbol.order)
    }
    return .forcing(forcings.firstIndex(of: symbol.name) ?? 0)
  }
}
