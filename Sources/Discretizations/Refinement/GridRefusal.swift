import Problems

/// Asks before a grid is made whether it can be had: enough points for the stencils, enough memory.
public struct GridRefusal {
  private let system: PointwiseSystem

  /// Reads the problem's equations once.
  ///
  /// - Throws: as ``PointwiseSystem``.
  public init(_ problem: Problem, nonlocal: (any NonlocalSource)? = nil) throws {
    system = try PointwiseSystem(problem, nonlocal: nonlocal)
  }

  /// Why the grid cannot be had; nil if it can.
  public func reason(_ axes: [AxisSpec]) -> String? {
    do {
      try GridFit.require(system, axes)
      return nil
    } catch let faults as ProblemFaults {
      return faults.diagnostics.map(\.message).joined(separator: "; ")
    } catch {
      return "\(error)"
    }
  }
}
