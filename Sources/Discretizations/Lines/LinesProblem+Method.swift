import Integrators
import Numerics
import Problems

/// The method of an integration, and why it was taken.
public struct MethodChoice: Sendable, Equatable {
  /// A name of the stepper catalog.
  public let name: String
  /// For the summary; empty where the user chose.
  public let reason: String
}

extension LinesProblem {
  /// What `solve.method` says, or for `auto` what suits the equations and the grid.
  public func method(rtol: Double? = nil) -> MethodChoice {
    let declared = problem.solve.method
    guard declared == "auto" else { return MethodChoice(name: declared, reason: "") }
    let tolerance = rtol ?? problem.solve.rtol
    if field.mass != nil {
      return MethodChoice(name: "rodas5p", reason: "algebraic equations in the system")
    }
    let explicit = tolerance < 1e-6 ? "dop853" : "tsit5"
    guard hasDiffusion else {
      return highestOrder <= 1
        ? MethodChoice(name: explicit, reason: "no diffusion: steps follow the waves")
        : MethodChoice(name: "rodas5p", reason: "dispersion: stiff without diffusion")
    }
    if grid.axes.count == 1 {
      let isLarge = field.dimension > 3_000 && tolerance >= 1e-7
      return isLarge
        ? MethodChoice(name: "bdf", reason: "diffusion on a long line: few band factorisations")
        : MethodChoice(name: "rodas5p", reason: "diffusion in one dimension: stiff, banded")
    }
    return MethodChoice(name: "rodas5p", reason: "diffusion: stiff")
  }

  /// The highest space derivative in any rate.
  private var highestOrder: Int {
    system.partials.filter { $0.jet < system.jets.count }
      .map { system.jets[$0.jet].orders.reduce(0, +) }.max() ?? 0
  }

  /// Whether a rate holds an even derivative of its own component.
  private var hasDiffusion: Bool {
    system.partials.contains { partial in
      guard partial.jet < system.jets.count else { return false }
      let jet = system.jets[partial.jet]
      let order = jet.orders.reduce(0, +)
      return jet.component == partial.component && order > 0 && order % 2 == 0
    }
  }
}
