/// A condition: two sides that are equal at a place, or periodicity.
public struct Condition: Sendable, Equatable {
  /// A variable held at a constant.
  public struct Place: Sendable, Equatable {
    public var variable: String
    public var value: Expression
    /// Where the number stands in the text, in UTF-8 bytes.
    public var offset: Int
    public var length: Int
  }

  /// Where the condition holds.
  public enum Kind: Sendable, Equatable {
    /// Where each named variable has its value.
    case at([Place])
    /// On every face but those of the marching variable and of periodic ones.
    case boundary
    /// The named variable's ends are one point.
    case periodic(String)
  }

  /// The left side; nil for periodicity.
  public var left: Expression?
  /// The right side; nil for periodicity, and where it is the word `data`.
  public var right: Expression?
  public var kind: Kind
  /// Whether the right side is the word `data`: each trajectory's own first row.
  public var isData: Bool
  /// Where the left side stands in the text, in UTF-8 bytes.
  public var leftOffset: Int
  public var leftLength: Int
}

extension Scope {
  /// Reads a condition: `E = E at x = 0, t = 1`, `E = E at boundary`, or `periodic in x`.
  ///
  /// Never crashes, whatever the text. The condition is nil exactly where there are faults.
  public func resolveCondition(_ text: String) -> (condition: Condition?, faults: [Fault]) {
    var reader = ConditionReader(scope: self, text: text)
    let condition = reader.read()
    let faults = Scope.sorted(reader.parser.faults + reader.faults)
    return (faults.isEmpty ? condition : nil, faults)
  }
}

private struct ConditionReader {
  let scope: Scope
  var parser: Parser
  var faults: [Fault] = []

  init(scope: Scope, text: String) {
    self.scope = scope
    parser = Parser(text)
  }

  private mutating func fault(_ token: Token, _ message: String, _ remedy: String) {
    faults.append(
      Fault(
        offset: token.offset, length: max(token.length, 1), message: message, remedy: remedy))
  }

  mutating func read() -> Condition? {
    if parser.isWord("periodic") { return readPeriodic() }
    let left = parser.whole { $0.isSign("=") || $0.isWord("at") }
    let node = parser.tree[left]
    guard parser.take(sign: "=") else {
      if case .infix("==", _, _) = node.form {
        parser.fault(parser.here, "'==' compares", "write one = in an equation or condition")
      } else {
        parser.fault(parser.here, "'=' is missing", "write u = 0 at \(place) = 0")
      }
      _ = resolve(left)
      return nil
    }
    let isData = parser.take(word: "data")
    let right = isData ? nil : parser.whole { $0.isWord("at") }
    let (leftSide, rightSide) = (resolve(left), right.flatMap { resolve($0) })
    guard parser.take(word: "at") else {
      parser.fault(
        parser.here, "the condition does not say where it holds",
        "end it with 'at \(place) = 0' or 'at boundary'")
      return nil
    }
    guard let kind = readPlaces(), let leftSide, isData || rightSide != nil else { return nil }
    return Condition(
      left: leftSide, right: rightSide, kind: kind, isData: isData, leftOffset: node.offset,
      leftLength: node.length)
  }

  /// A variable of the problem, for advice.
  private var place: String { scope.variables.first ?? "x" }

  private mutating func resolve(_ index: Int) -> Expression? {
    var resolver = Resolver(scope: scope, tree: parser.tree)
    let expression = resolver.expression(index)
    faults += resolver.faults
    return expression
  }

  private mutating func readPeriodic() -> Condition? {
    let start = parser.here
    parser.advance()
    guard parser.take(word: "in") else {
      parser.fault(parser.here, "'in' is missing after 'periodic'", "write periodic in x")
      return nil
    }
    guard let variable = readVariable() else { return nil }
    end()
    return Condition(
      left: nil, right: nil, kind: .periodic(variable), isData: false, leftOffset: start.offset,
      leftLength: start.length)
  }

  private mutating func end() {
    if parser.here.kind != .end {
      parser.fault(
        parser.here, "\(Parser.shown(parser.here)) is out of place", "end the condition here")
    }
  }

  private mutating func readVariable() -> String? {
    let token = parser.here
    guard case .name(let name) = token.kind else {
      parser.fault(token, "the name of a variable is missing", "the variables are \(variables)")
      return nil
    }
    parser.advance()
    if scope.variables.contains(name) { return name }
    let near = NearestName.find(name, among: scope.variables)
    fault(
      token, "'\(name)' is not a variable",
      near.map { "did you mean '\($0)'?" } ?? "the variables are \(variables)")
    return nil
  }

  private var variables: String { scope.variables.joined(separator: ", ") }

  private mutating func readPlaces() -> Condition.Kind? {
    if parser.take(word: "boundary") {
      end()
      return .boundary
    }
    var places: [Condition.Place] = []
    var isWhole = true
    repeat {
      let token = parser.here
      let variable = readVariable()
      guard parser.take(sign: "=") else {
        parser.fault(parser.here, "'=' is missing after the variable", "write at \(place) = 0")
        return nil
      }
      let place = readPlace()
      guard let variable, var place else {
        isWhole = false
        continue
      }
      if places.contains(where: { $0.variable == variable }) {
        fault(token, "'\(variable)' is given twice", "keep one")
        isWhole = false
      }
      place.variable = variable
      places.append(place)
    } while parser.take(sign: ",")
    end()
    return isWhole ? .at(places) : nil
  }

  /// Reads the number of a place: a constant expression of numbers, `pi` and parameters.
  private mutating func readPlace() -> Condition.Place? {
    let root = parser.expression()
    let node = parser.tree[root]
    guard let value = resolve(root) else { return nil }
    let moving = value.symbols.filter { !scope.values.contains($0.name) }.map(\.description)
      .sorted()
    if let first = moving.first {
      faults.append(
        Fault(
          offset: node.offset, length: max(node.length, 1),
          message: "the place of a condition depends on '\(first)'",
          remedy: "write a number, or an expression of parameters"))
      return nil
    }
    return Condition.Place(
      variable: "", value: value, offset: node.offset, length: node.length)
  }
}
