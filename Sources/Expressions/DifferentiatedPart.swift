/// An expression that a text differentiates by a variable, as in `d(a*u_x, x)`.
///
/// Derivatives are written out piece by piece: where the expression jumps, the text means more than
/// what is computed.
public struct DifferentiatedPart: Sendable, Equatable {
  /// What is differentiated, functions written out.
  public var expression: Expression
  public var variable: String
  /// Where `d(…)`, `laplace(…)` or the function's derivative stands in the text, in UTF-8 bytes.
  public var offset: Int
  public var length: Int
}

extension Scope {
  /// Lists every expression, other than a single leaf, that an equation differentiates as a whole.
  ///
  /// Reads the text again; empty where it has faults.
  public func differentiatedParts(ofEquation text: String) -> [DifferentiatedPart] {
    var parser = Parser(text)
    let sides = parser.sides { _ in false }
    var resolver = Resolver(scope: self, tree: parser.tree)
    let left = resolver.expression(sides.left)
    let right = sides.right.flatMap { resolver.expression($0) }
    guard parser.faults.isEmpty, left != nil, right != nil else { return [] }
    return resolver.differentiated
  }

  /// Lists every expression, other than a single leaf, that a text differentiates as a whole.
  ///
  /// Reads the text again; empty where it has faults.
  public func differentiatedParts(of text: String) -> [DifferentiatedPart] {
    var parser = Parser(text)
    let root = parser.whole { _ in false }
    var resolver = Resolver(scope: self, tree: parser.tree)
    guard resolver.expression(root) != nil, parser.faults.isEmpty else { return [] }
    return resolver.differentiated
  }
}

extension Expression {
  /// Expressions whose zeros are where the value may jump: from the comparisons, `heaviside`, `sign`,
  /// `floor`, `ceil` and `mod` inside, but not those below an integral, which smooths.
  public var jumpFunctions: [Expression] {
    var found: [Expression] = []
    for node in Node.postorder([self], open: true) {
      let x = node.operands
      switch node.operation {
      case .less, .lessOrEqual, .greater, .greaterOrEqual: found.append(x[0] - x[1])
      case .call(let function):
        switch function.name {
        case "heaviside", "sign": found.append(x[0])
        // They jump at whole numbers.
        case "floor", "ceil": found.append(.call(.sin, [.number(Double.pi) * x[0]]))
        case "mod": found.append(.call(.sin, [.number(Double.pi) * x[0] / x[1]]))
        default: break
        }
      default: break
      }
    }
    return found.filter { $0.constant == nil }
  }
}
