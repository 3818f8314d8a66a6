import Expressions
import Problems

/// What is left of an equation as Σ ∂^α F_α, so that integrals against test functions can be taken
/// by parts: ∫ψ·∂^α F_α = (−1)^|α| ∫∂^αψ·F_α where ψ vanishes at the ends.
///
/// A term c·∂_v ℓ becomes ∂_v(c·ℓ) − (D_v c)·ℓ, as long as ℓ's derivative stays two orders above
/// what has been moved to the test functions: half of the derivatives, the higher half with the
/// unknown. Terms of first order stay as they are, and so do those in which c holds derivatives that
/// would rise too high, an integral, or jumps along v.
/// Source: E. Kharazmi, Z. Zhang and G. E. Karniadakis, CMAME 374 (2021) 113547.
struct WeakForm: Sendable {
  struct Term: Sendable {
    /// α: by variable.
    var orders: [Int]
    /// F_α, at a point.
    var value: Expression

    var order: Int { orders.reduce(0, +) }
  }

  /// F₀ first, lower orders before higher ones; never empty.
  let terms: [Term]

  /// Moves derivatives of an equation's residual.
  ///
  /// - Parameter residual: parameters replaced by numbers.
  init(_ residual: Expression, _ calculus: FieldCalculus) {
    let mask = IntegralMask(residual)
    var parts = [[Int](repeating: 0, count: calculus.names.count): mask.local]
    var isDone = false
    // Each round lowers the order of a leaf; what is not linear is never touched.
    for _ in 0..<400 where !isDone {
      isDone = true
      for (orders, part) in parts.sorted(by: { Self.precedes($0.key, $1.key) }) {
        guard let move = Self.move(part, orders.reduce(0, +), mask, calculus) else { continue }
        var raised = orders
        raised[move.variable] += 1
        parts[orders] = move.rest
        parts[raised] = (parts[raised] ?? .zero) + move.flux
        isDone = false
        break
      }
    }
    let present = parts.filter { !$0.value.isZero || $0.key.allSatisfy { $0 == 0 } }
      .sorted { Self.precedes($0.key, $1.key) }
      .map { Term(orders: $0.key, value: mask.restored($0.value)) }
    // F₀ may vanish where there are others.
    terms = present.count > 1 && present[0].value.isZero ? Array(present.dropFirst()) : present
  }

  private static func precedes(_ a: [Int], _ b: [Int]) -> Bool {
    let (m, n) = (a.reduce(0, +), b.reduce(0, +))
    return m == n ? b.lexicographicallyPrecedes(a) : m < n
  }

  private struct Move {
    var variable: Int
    /// c·ℓ, to be differentiated by the variable.
    var flux: Expression
    var rest: Expression
  }

  /// The first leaf of a part that gives up a derivative; nil where none does.
  private static func move(
    _ part: Expression, _ moved: Int, _ mask: IntegralMask, _ calculus: FieldCalculus
  ) -> Move? {
    let leaves = part.symbols.filter { calculus.fields.contains($0.name) }.sorted {
      ($1.order, $0.name, $0.description) < ($0.order, $1.name, $1.description)
    }
    for leaf in leaves where leaf.order - moved >= 2 {
      if let move = move(leaf, of: part, leaves, calculus),
        !mask.isHeld(by: move.flux)
      {
        return move
      }
    }
    return nil
  }

  private static func move(
    _ leaf: Symbol, of part: Expression, _ leaves: [Symbol], _ calculus: FieldCalculus
  ) -> Move? {
    guard let factor = try? part.derivative(by: leaf), !factor.isZero,
      leaves.allSatisfy({ $0.order <= leaf.order - 2 || !factor.contains($0) }),
      let variable = variable(of: leaf, calculus)
    else { return nil }
    let name = calculus.names[variable]
    let marches = name == calculus.problem.marching
    // Where the factor jumps, the text means its own product, not a derivative of one; tables have
    // one derivative.
    guard factor.jumpFunctions.allSatisfy({ !depends($0, on: name, calculus) }),
      !(marches && factor.symbols.contains { calculus.forcings.contains($0.name) && $0.order > 0 }),
      let slope = try? factor.totalDerivative(
        by: name, variables: calculus.names,
        dependents: {
          calculus.fields.contains($0) || marches && calculus.forcings.contains($0)
        })
    else { return nil }
    var lower = leaf.derivatives
    if let place = lower.firstIndex(of: name) { lower.remove(at: place) }
    let inner = Symbol(leaf.name, lower)
    return Move(
      variable: variable, flux: factor * .symbol(inner),
      rest: subtracting(slope, times: inner, from: part.substituting([leaf: .zero])))
  }

  private static func depends(_ function: Expression, on name: String, _ calculus: FieldCalculus)
    -> Bool
  {
    function.symbols.contains { leaf in
      leaf.name == name || calculus.fields.contains(leaf.name)
        || calculus.forcings.contains(leaf.name) && name == calculus.problem.marching
    }
  }

  /// The variable that a leaf is differentiated by most; one that does not march before one that does.
  private static func variable(of leaf: Symbol, _ calculus: FieldCalculus) -> Int? {
    let present = calculus.names.indices.filter { leaf.order(in: calculus.names[$0]) > 0 }
    func rank(_ index: Int) -> Int {
      let name = calculus.names[index]
      return 2 * leaf.order(in: name) + (name == calculus.problem.marching ? 0 : 1)
    }
    return present.max { (rank($0), -$0) < (rank($1), -$1) }
  }

  /// rest − slope·ℓ; where the rest holds the same product, as after d(a·u_x, x), both vanish.
  private static func subtracting(
    _ slope: Expression, times leaf: Symbol, from rest: Expression
  ) -> Expression {
    if slope.isZero { return rest }
    guard let own = try? rest.derivative(by: leaf), own == slope, !own.contains(leaf) else {
      return rest - slope * .symbol(leaf)
    }
    return rest.substituting([leaf: .zero])
  }
}
