import Numerics

/// Points at which transport matrices are wanted.
public struct TransportPoints {
  /// Number of points.
  public let count: Int
  /// The value of each space variable: `[count]`, or a single number that all points share.
  public let coordinates: [Vector]
  /// The value of each component; each `[count]`.
  public let state: [Vector]
}

/// Transport terms −Σ A(t, x, u)·∂u/∂x of a first-order system, by finite volumes without overshoot.
///
/// Each node is the mean of its cell. Along every axis in turn: face values that keep monotone data
/// monotone (``Reconstruction``), fluctuations across faces and cells by integrals of the matrix along
/// straight paths, upwind viscosity. Where A is the derivative of a polynomial flux up to degree 6, the
/// sum of the field changes by what flows through the ends alone, so shocks run at the right speed
/// although the equation is written out. Order 2; where A is constant, 5 inside. At the ends of an
/// interval values are extrapolated; conditions there are imposed by whoever sets the end nodes' rates.
///
/// For explicit steppers; it has no Jacobian. Not `Sendable`: it owns the lines it works on.
/// - Source: Castro, Gallardo & Parés, Math. Comp. 75 (2006) 1103; Suresh & Huynh, J. Comput. Phys.
///   136 (1997) 83.
public final class LimitedTransport {
  /// Writes A of an axis at points: entry (i, j) at `i·components + j`, each `[points.count]`.
  public typealias Matrices = (
    _ axis: Int, _ t: Double, _ points: TransportPoints, _ entries: [Vector]
  ) -> Void

  /// Fewest points of an axis.
  public static let minimumPoints = 5

  private let grid: Grid
  private let components: Int
  private let lines: [TransportLine?]
  private let matrices: Matrices

  /// Prepares the lines of a grid for fields of so many components.
  ///
  /// - Parameters:
  ///   - axes: those along which there is transport; all if nil.
  ///   - matrices: called once for each line of nodes and evaluation, with as many points each time.
  /// - Precondition: ``minimumPoints`` along these axes.
  public init(
    _ grid: Grid, components: Int, axes: [Int]? = nil, matrices: @escaping Matrices
  ) {
    let axes = axes ?? Array(grid.axes.indices)
    precondition(
      components > 0 && axes.allSatisfy { grid.shape[$0] >= LimitedTransport.minimumPoints },
      "\(components) components on \(grid.shape) nodes, along \(axes)")
    self.grid = grid
    self.components = components
    self.matrices = matrices
    lines = grid.axes.indices.map {
      axes.contains($0) ? TransportLine(grid.axes, along: $0, components: components) : nil
    }
  }

  /// Adds −Σ A·∂u/∂x to the rates of all nodes; both `[components × nodes]`, component-major.
  ///
  /// - Cost: 6 evaluations of A a node and axis; allocates nothing.
  public func add(_ t: Double, _ fields: Vector, to rates: Vector) {
    precondition(
      fields.count == components * grid.count && rates.count == fields.count,
      "\(fields.count) numbers into \(rates.count) for \(components) × \(grid.count)")
    for (axis, line) in lines.enumerated() {
      guard let line else { continue }
      let (n, inner) = (grid.shape[axis], grid.strides[axis])
      for index in 0..<grid.count / n {
        let start = index / inner * n * inner + index % inner
        add(t, fields.base, rates.base, axis, line, from: start)
      }
    }
  }

  private func add(
    _ t: Double, _ fields: UnsafeMutablePointer<Double>, _ rates: UnsafeMutablePointer<Double>,
    _ axis: Int, _ line: TransportLine, from start: Int
  ) {
    let step = grid.strides[axis]
    for other in lines.indices where other != axis {
      line.move(to: grid.axes[other].nodes[grid.place(start, axis: other)], axis: other)
    }
    for k in 0..<components {
      line.load(fields + k * grid.count + start, component: k, step: step)
    }
    matrices(axis, t, line.points, line.matrices)
    line.collect()
    for k in 0..<components {
      let target = rates + k * grid.count + start
      let source = line.rates.vector.base + k * grid.shape[axis]
      for i in 0..<grid.shape[axis] { target[i * step] += source[i] }
    }
  }
}
