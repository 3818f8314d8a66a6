import Numerics
import Problems
import Residuals

/// A part of the marching variable's interval and the network that is learned there; the whole
/// domain where there are no windows.
struct LearnedWindow {
  let residuals: PhysicsResiduals
  /// Of the network; `[P]`.
  var parameters: [Double]

  /// - Parameter previous: the window before; nil for the first.
  init(
    _ problem: Problem, _ plan: PhysicsPlan, _ index: Int, after previous: LearnedWindow?,
    threads: Int
  ) throws {
    let part = plan.windows == 1 ? problem : problem.window(index, of: plan.windows)
    residuals = try PhysicsResiduals(
      part, plan, threads: threads,
      following: previous.map { GivenField($0.residuals, $0.parameters) })
    parameters = residuals.initialParameters
  }
}

extension LearnedModel {
  /// Goes on to the next window, which starts where the present one ends, from its parameters.
  func addWindow() throws {
    residuals.rest()
    windows.append(
      try LearnedWindow(
        problem, plan, windows.count, after: windows.last, threads: residuals.threads))
  }

  /// Refuses windows whose first values cannot be had from the window before, before any work.
  func requireWindows() throws {
    guard plan.windows > 1 else { return }
    do {
      _ = try LearnedWindow(problem, plan, 1, after: windows.last, threads: residuals.threads)
    } catch {
      throw problem.fault(
        path: "train.windows", "a window cannot start from the one before: \(error)",
        "write penalty in train.conditions, or leave 'windows' out")
    }
  }

  /// The integral of the equations' loss and its error, of quadrature residuals; over all windows.
  func lossIntegral() throws -> (value: Double, error: Double)? {
    var (value, error) = (0.0, 0.0)
    for window in windows {
      let theta = Storage(window.parameters)
      defer { theta.keep() }
      guard let part = try window.residuals.lossIntegral(theta.vector) else { return nil }
      value += part.value / Double(windows.count)
      error += part.error / Double(windows.count)
    }
    return (value, error)
  }

  /// The window of a place of the marching variable: a seam belongs to the window that it ends;
  /// what lies outside the domain to the nearest.
  private func window(of place: Double) -> Int {
    guard plan.windows > 1, let whole = problem.marching.flatMap({ problem.interval($0) }) else {
      return 0
    }
    let marchesDown = problem.marchesDown
    for index in 0..<(plan.windows - 1) {
      let part = problem.interval(ofWindow: index, of: plan.windows, whole)
      if marchesDown ? place >= part.lower : place <= part.upper { return index }
    }
    return plan.windows - 1
  }

  /// Evaluates columns in every window at the points that lie there; NaN where none has been
  /// learned yet.
  func evaluate(
    at points: [Double], columns: Int,
    _ evaluate: (PhysicsResiduals, Vector, [Double]) throws -> [[Double]]
  ) rethrows -> [[Double]] {
    let dimension = problem.variables.count
    let axis = problem.variables.firstIndex { $0.name == problem.marching } ?? 0
    var rows = Array(repeating: [Int](), count: plan.windows)
    for row in 0..<(points.count / dimension) {
      rows[window(of: points[row * dimension + axis])].append(row)
    }
    let blank = [Double](repeating: .nan, count: points.count / dimension)
    var found = Array(repeating: blank, count: columns)
    for (window, rows) in zip(windows, rows) where !rows.isEmpty {
      let theta = Storage(window.parameters)
      defer { theta.keep() }
      let own = rows.flatMap { points[($0 * dimension)..<(($0 + 1) * dimension)] }
      let values = try evaluate(window.residuals, theta.vector, own)
      for column in 0..<columns {
        for (index, row) in rows.enumerated() { found[column][row] = values[column][index] }
      }
    }
    return found
  }

  /// The variables, the marching one up to where it has been learned.
  var learnedVariables: [Interval] {
    guard windows.count < plan.windows, let marching = problem.marching,
      let axis = problem.variables.firstIndex(where: { $0.name == marching })
    else { return problem.variables }
    var variables = problem.variables
    variables[axis] = problem.learned(windows.count, of: plan.windows, variables[axis])
    return variables
  }

  // MARK: What is left of equations and conditions

  /// What is left of the equations, weights aside, by equation, then by point.
  func equationDefects(at points: [Double]) -> [[Double]] {
    evaluate(at: points, columns: problem.equations.count) { $0.equationDefects($1, at: $2) }
  }

  /// What is left of the conditions on fresh points, of those of the start with the seams.
  func conditionDefects(count: Int) throws -> [PhysicsResiduals.ConditionDefect] {
    let found = try windows.map { window in
      let theta = Storage(window.parameters)
      defer { theta.keep() }
      return try window.residuals.conditionDefects(theta.vector, count: count)
    }
    return found[0].indices.map { index in
      found[0][index].joined(with: found.dropFirst().map { $0[index] })
    }
  }

  /// The smallest causal weight of any window at its present parameters; nil where there are none.
  var smallestCausalWeight: Double? {
    windows.compactMap { window in
      let theta = Storage(window.parameters)
      defer { theta.keep() }
      return window.residuals.causalWeights(theta.vector)?.smallest
    }.min()
  }
}
