/// What the names of a text mean.
public struct Scope: Sendable {
  /// The independent variables, in order.
  public var variables: [String] { didSet { index() } }
  /// The variable that `x'` differentiates by; where nil, the only variable.
  public var marching: String?
  /// The dependent variables: they have derivatives, and places inside integrals.
  public var unknowns: [String] { didSet { index() } }
  /// Plain symbols: parameters and estimates.
  public var values: [String] { didSet { index() } }
  /// Symbols that depend on the marching variable alone.
  public var forcings: [String] { didSet { index() } }
  /// Outputs of networks, each with those of its inputs that are plain names.
  public var networkOutputs: [String: [String]] { didSet { index() } }
  /// Names that stand for an expression, written out where they occur.
  public var functions: [String: Expression]

  private var kinds: [String: Kind] = [:]

  enum Kind {
    case variable, unknown, value, forcing, networkOutput, function
  }

  /// Declares names; they should differ from one another.
  public init(
    variables: [String] = [], marching: String? = nil, unknowns: [String] = [],
    values: [String] = [], forcings: [String] = [], networkOutputs: [String: [String]] = [:],
    functions: [String: Expression] = [:]
  ) {
    self.variables = variables
    self.marching = marching
    self.unknowns = unknowns
    self.values = values
    self.forcings = forcings
    self.networkOutputs = networkOutputs
    self.functions = functions
    index()
  }

  private mutating func index() {
    kinds = [:]
    for name in variables { kinds[name] = .variable }
    for name in unknowns { kinds[name] = .unknown }
    for name in values { kinds[name] = .value }
    for name in forcings { kinds[name] = .forcing }
    for name in networkOutputs.keys { kinds[name] = .networkOutput }
  }

  func kind(of name: String) -> Kind? {
    kinds[name] ?? (functions[name] == nil ? nil : .function)
  }

  /// Every declared name.
  public var names: Set<String> { Set(kinds.keys).union(functions.keys) }

  /// The variable that a prime differentiates by, where there is one.
  public var primeVariable: String? {
    marching ?? (variables.count == 1 ? variables[0] : nil)
  }

  /// Whether the value of `name` changes with `variable` along the solution.
  public func depends(_ name: String, on variable: String) -> Bool {
    switch kinds[name] {
    case .unknown, .networkOutput: variables.contains(variable)
    case .forcing: variable == primeVariable
    default: false
    }
  }

  /// Differentiates along the solution by one of the variables.
  ///
  /// - Throws: ``DifferentiationError`` where a function has no closed rule.
  public func totalDerivative(of expression: Expression, by variable: String)
    throws(DifferentiationError) -> Expression
  {
    try expression.totalDerivative(by: variable, variables: variables) {
      depends($0, on: variable)
    }
  }

  /// How a name reads as a derivative: `u_xx` where `u` can be differentiated and `x` is a
  /// single-letter variable; nil for every other name.
  public func derivative(reading name: String) -> (base: String, by: [String])? {
    guard let line = name.lastIndex(of: "_") else { return nil }
    let base = String(name[..<line])
    let suffix = name[name.index(after: line)...].map(String.init)
    guard !suffix.isEmpty, suffix.count <= Scope.orderLimit, isDifferentiable(base),
      suffix.allSatisfy(variables.contains)
    else { return nil }
    return (base, suffix)
  }

  /// The highest order of one derivative.
  static let orderLimit = 20

  func isDifferentiable(_ name: String) -> Bool {
    switch kind(of: name) {
    case .unknown, .function, .forcing, .networkOutput: true
    default: false
    }
  }

  // MARK: Reading

  /// Reads an expression; every fault of the text is found in one pass.
  ///
  /// Never crashes, whatever the text. The expression is nil exactly where there are faults.
  public func resolve(_ text: String) -> (expression: Expression?, faults: [Fault]) {
    var parser = Parser(text)
    let root = parser.whole { _ in false }
    var resolver = Resolver(scope: self, tree: parser.tree)
    let expression = resolver.expression(root)
    let faults = Scope.sorted(parser.faults + resolver.faults)
    return (faults.isEmpty ? expression : nil, faults)
  }

  /// Reads an equation `left = right`.
  public func resolveEquation(_ text: String) -> (
    sides: (left: Expression, right: Expression)?, faults: [Fault]
  ) {
    var parser = Parser(text)
    let sides = parser.sides { _ in false }
    var resolver = Resolver(scope: self, tree: parser.tree)
    let left = resolver.expression(sides.left)
    let right = sides.right.flatMap { resolver.expression($0) }
    let faults = Scope.sorted(parser.faults + resolver.faults)
    guard faults.isEmpty, let left, let right else { return (nil, faults) }
    return ((left, right), [])
  }

  /// Faults in the order of the text, without repetitions.
  static func sorted(_ faults: [Fault]) -> [Fault] {
    var unique: [Fault] = []
    for fault in faults where !unique.contains(fault) { unique.append(fault) }
    unique.sort { ($0.offset, $0.length) < ($1.offset, $1.length) }
    return Array(unique.prefix(Parser.faultLimit))
  }
}

extension Parser {
  /// Reads `left = right`; the right side is missing where there is no `=`, and that is a fault.
  mutating func sides(until isEnd: (Parser) -> Bool) -> (left: Int, right: Int?) {
    let left = whole { $0.isSign("=") || isEnd($0) }
    guard take(sign: "=") else {
      if case .infix("==", _, _) = tree[left].form {
        fault(here, "'==' compares", "write one = in an equation or condition")
      } else {
        fault(here, "'=' is missing", "write left = right")
      }
      return (left, nil)
    }
    return (left, whole(until: isEnd))
  }
}
