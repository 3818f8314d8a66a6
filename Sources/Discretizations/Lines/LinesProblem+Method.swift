import Expressions
import Glibc
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
  /// What `solve.method` says, or for `auto` what takes the least estimated work.
  ///
  /// Explicit steps are held to the spectral radius of ∂f/∂y at the start; `rkc2`'s stages grow with
  /// its root; implicit steps pay for factors and solutions instead.
  /// - Cost: some 20 evaluations, once.
  public func method(rtol: Double? = nil) -> MethodChoice {
    let declared = problem.solve.method
    guard declared == "auto" else { return MethodChoice(name: declared, reason: "") }
    if field.mass != nil {
      return MethodChoice(name: "rodas5p", reason: "there are algebraic equations")
    }
    if grid.axes.contains(where: { $0.spec.scheme == .limited }) {
      return MethodChoice(name: "tsit5", reason: "limited slopes: explicit steps follow the waves")
    }
    let work = LinesWork(self, radius: spectralRadius, rtol: rtol ?? problem.solve.rtol)
    let choices = work.choices
    guard let best = choices.min(by: { $0.seconds < $1.seconds }) else {
      return MethodChoice(name: "rodas5p", reason: "")
    }
    let others = choices.filter { $0.name != best.name }
      .map { "\($0.name) \(LinesWork.rounded($0.seconds / best.seconds))" }
    let reason =
      "the spectral radius is about \(LinesWork.rounded(spectralRadius)); estimated work of others: "
      + others.joined(separator: ", ")
    return MethodChoice(name: best.name, reason: reason)
  }

  /// The spectral radius of ∂f/∂y at the start, by the power method on differences of f.
  func estimateRadius() -> Double {
    guard let initial = try? initialState() else { return 0 }
    let n = field.dimension
    let storage = Storage(4 * n)
    defer { storage.keep() }
    let parts = (0..<4).map { storage.vector.slice($0 * n, n) }
    let (y, rate, probe, direction) = (parts[0], parts[1], parts[2], parts[3])
    y.assign(initial)
    let counts = field.counts
    defer { field.counts = counts }
    field(start, y, into: rate)
    var seed: UInt64 = 1
    for k in 0..<n {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      direction[k] = Double(seed >> 11) / 9_007_199_254_740_992 - 0.5
    }
    let size = max(LinesProblem.length(y), 1)
    var radius = 0.0
    var last = 0.0
    for _ in 0..<24 {
      let length = LinesProblem.length(direction)
      guard length > 0, length.isFinite else { break }
      let scale = 1e-7 * size / length
      for k in 0..<n { probe[k] = y[k] + scale * direction[k] }
      field(start, probe, into: direction)
      for k in 0..<n { direction[k] = (direction[k] - rate[k]) / scale }
      let image = LinesProblem.length(direction)
      guard image.isFinite else { break }
      // Over two steps: where values and velocities take turns, one alone says nothing.
      let ratio = image / length
      radius = last > 0 ? (ratio * last).squareRoot() : ratio
      last = ratio
    }
    return radius
  }

  private static func length(_ v: Vector) -> Double {
    var sum = 0.0
    for k in 0..<v.count { sum += v[k] * v[k] }
    return sum.squareRoot()
  }
}

/// What methods would cost, from counts of operations.
///
/// Steps that accuracy asks for are rules of thumb from diffusion problems at several tolerances.
struct LinesWork {
  struct Choice {
    var name: String
    var seconds: Double
  }

  let choices: [Choice]

  init(_ lines: LinesProblem, radius: Double, rtol: Double) {
    let span = (lines.end - lines.start).magnitude
    let evaluation = LinesWork.evaluation(lines)
    let (factor, solution) = LinesWork.linearAlgebra(lines)
    let rosenbrock = 8 * pow(rtol, -0.2)
    let turns = radius * span
    var choices: [Choice] = []
    let isTight = rtol < 1e-6
    let explicitSteps = max(turns / (isTight ? 5 : 3), rosenbrock / 2)
    choices.append(
      Choice(
        name: isTight ? "dop853" : "tsit5",
        seconds: explicitSteps * (isTight ? 12 : 6) * evaluation))
    choices.append(
      Choice(
        name: "rodas5p", seconds: rosenbrock * (factor + 8 * solution + 10 * evaluation)))
    // Of order 2: at tight tolerances its error is hundreds of them, and others are cheaper.
    if lines.hasRealSpectrum, rtol >= 1e-6 {
      let steps = pow(rtol, -0.5)
      let stages = max(2, (1.54 * turns / steps).squareRoot() + 1)
      choices.append(Choice(name: "rkc2", seconds: steps * stages * evaluation))
    }
    self.choices = choices
  }

  static func rounded(_ value: Double) -> String {
    guard value.isFinite, value > 0 else { return "0" }
    let scale = pow(10, (log10(value)).rounded(.down) - 1)
    let number = (value / scale).rounded() * scale
    return number < 1e5 ? "\((number * 100).rounded() / 100)" : "\(Float(number))"
  }

  /// Seconds of one evaluation.
  private static func evaluation(_ lines: LinesProblem) -> Double {
    let system = lines.system
    var perNode = 0.3e-9 * Double(system.rateProgram.instructionCount)
    for jet in system.jets {
      for (axis, order) in zip(lines.grid.axes, jet.orders) where order > 0 {
        perNode += axis.spec.scheme.isSpectral ? 0.1e-9 * Double(axis.count) : 1e-9
      }
    }
    return perNode * Double(lines.grid.count) + 5e-7
  }

  /// Seconds of a factorisation, and of a solution.
  private static func linearAlgebra(_ lines: LinesProblem) -> (factor: Double, solution: Double) {
    let n = Double(lines.field.discrete.dimension)
    let components = Double(lines.system.components.count)
    let axes = lines.grid.axes
    if axes.contains(where: { $0.spec.scheme.isSpectral }) {
      return (n * n * n * 2 / 3 / 2e10, n * n * 0.5e-9)
    }
    let radius =
      axes.map { axis in
        if case .difference(let order) = axis.spec.scheme { Double(order) / 2 } else { 1.0 }
      }.max() ?? 1
    if axes.count == 1 {
      let band = 2 * radius * components
      return (n * band * band * 1e-9 + n * 10e-9, n * band * 2e-9 + n * 5e-9)
    }
    let solution = n * 60 * 2e-9
    return (2e-8 * pow(n, 1.5) * components, radius > 1 ? 12 * solution : solution)
  }
}

extension LinesProblem {
  /// Whether the fastest modes decay: the highest derivatives are even ones of a rate's own component.
  var hasRealSpectrum: Bool {
    let parts = system.partials.filter { $0.jet < system.jets.count }
    func order(_ partial: PointwiseSystem.Partial) -> Int {
      system.jets[partial.jet].orders.reduce(0, +)
    }
    let highest = parts.map(order).max() ?? 0
    guard highest > 0, highest % 2 == 0 else { return false }
    return parts.filter { order($0) == highest }.allSatisfy {
      system.jets[$0.jet].component == $0.component
    }
  }
}
