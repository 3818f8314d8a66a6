import Expressions
import Numerics
import Problems

/// Splits integrals off the equations, so that what is left is a function of one point.
///
/// Given to ``PointwiseSystem``; each symbol then stands for a field that ``NonlocalTerms`` fills.
public protocol NonlocalSource: Sendable {
  /// The symbols that stand for integrals.
  var symbols: [Symbol] { get }

  /// The expression with its integrals replaced by symbols.
  func local(_ expression: Expression) -> Expression

  /// Readies the integrals on a grid.
  ///
  /// - Parameter components: the fields, in the order in which they stand in the full vector.
  /// - Parameter parameters: by leaf.
  func makeTerms(
    _ grid: Grid, components: [Symbol], parameters: [Symbol: Double]
  ) throws -> any NonlocalTerms
}

/// The integrals of an equation on a grid: extra fields that the rates read.
///
/// The full vector has the components one after the other, `[components × nodes]`.
public protocol NonlocalTerms: AnyObject {
  /// Where the symbols depend on the full vector: for each symbol, the columns of each node.
  var columns: [[[Int]]] { get }

  /// Writes the value of each symbol at every node; `values`: `[symbols][nodes]`.
  func evaluate(_ t: Double, _ fields: Vector, into values: [Vector])

  /// Writes ∂symbol/∂fields in the order of ``columns``, all nodes of a symbol after one another.
  func jacobian(_ t: Double, _ fields: Vector, into entries: [Vector])

  /// Writes ∂symbol/∂t at every node, the fields held.
  func timeDerivative(_ t: Double, _ fields: Vector, into values: [Vector])
}
