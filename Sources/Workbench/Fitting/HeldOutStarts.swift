import Discretizations
import Numerics
import Problems
import Reports
import Residuals

/// Starts of trajectories that were kept out of training, where no condition gives them.
///
/// The first values that were measured carry the noise of one row, which a whole trajectory then
/// carries on. So the start is sought that fits the trajectory's own measurements best while the
/// model stays as it was trained: least squares by the method of Levenberg and Marquardt, with
/// differences for derivatives.
struct HeldOutStarts {
  private static let mostSteps = 12

  private let model: FittedModel
  private let problem: InitialValueProblem
  private let code: NativeCode
  private var fit: TrajectoryFit { model.fit }

  /// - Throws: what the equations cannot be solved for.
  init(_ model: FittedModel) throws {
    self.model = model
    problem = try InitialValueProblem(model.formulas())
    code = problem.makeCode(.auto)
  }

  /// Whether a trajectory's start is sought here.
  static func seeks(_ fit: TrajectoryFit, _ series: Int) -> Bool {
    fit.lines == nil && fit.firstUnknowns(series) == nil && !guesses(fit, series).isEmpty
  }

  private static func guesses(_ fit: TrajectoryFit, _ series: Int) -> [(place: Int, guess: Double)]
  {
    fit.data.series[series].starts.enumerated().compactMap { place, start in
      if case .free(let guess) = start { (place, guess) } else { nil }
    }
  }

  /// The start of a trajectory by the place in the state; the first measured values where no other
  /// fits better.
  ///
  /// - Cost: some ten integrations of the trajectory for each sought component.
  func find(_ series: Int) -> [Int: Double] {
    let sought = HeldOutStarts.guesses(fit, series)
    let sizes = sought.map { fit.plan.sizes[$0.place] }
    func named(_ values: [Double]) -> [Int: Double] {
      Dictionary(uniqueKeysWithValues: zip(sought.map(\.place), values))
    }
    var values = sought.map(\.guess)
    guard var misfits = misfits(series, named(values)) else { return named(values) }
    var damping = 1e-3
    for _ in 0..<HeldOutStarts.mostSteps where !Interrupt.isRequested {
      guard let slopes = slopes(series, values, sizes, misfits, named) else { break }
      let before = sum(misfits)
      var isBetter = false
      while !isBetter, damping < 1e8 {
        let step = HeldOutStarts.step(slopes, misfits, damping)
        let next = values.indices.map { values[$0] + sizes[$0] * step[$0] }
        if let found = self.misfits(series, named(next)), sum(found) < before {
          (values, misfits, isBetter) = (next, found, true)
        }
        damping *= isBetter ? 0.1 : 10
      }
      if !isBetter || before - sum(misfits) < 1e-4 * before { break }
    }
    return named(values)
  }

  private func sum(_ misfits: [Double]) -> Double { misfits.reduce(0) { $0 + $1 * $1 } }

  /// Derivatives of the misfits by each sought component in units of its size; `[component][row]`.
  private func slopes(
    _ series: Int, _ values: [Double], _ sizes: [Double], _ misfits: [Double],
    _ named: ([Double]) -> [Int: Double]
  ) -> [[Double]]? {
    // Above the error of the integration, and small beside what a size means.
    let difference = 1e-4
    var slopes: [[Double]] = []
    for index in values.indices {
      var moved = values
      moved[index] += difference * sizes[index]
      guard let found = self.misfits(series, named(moved)) else { return nil }
      slopes.append(zip(found, misfits).map { ($0 - $1) / difference })
    }
    return slopes
  }

  /// The step of damped least squares, (JᵀJ + λ·D)·δ = -Jᵀr.
  private static func step(_ slopes: [[Double]], _ misfits: [Double], _ damping: Double)
    -> [Double]
  {
    func product(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let count = slopes.count
    let normal = Cholesky(dimension: count)
    let largest = slopes.map { product($0, $0) }.max() ?? 0
    for i in 0..<count {
      for j in 0...i { normal.entries[i + j * count] = product(slopes[i], slopes[j]) }
      // A component that nothing shows keeps its guess.
      let diagonal = max(normal.entries[i * (count + 1)], 1e-8 * largest)
      normal.entries[i * (count + 1)] += damping * diagonal
    }
    let step = Storage(slopes.map { -product($0, misfits) })
    defer { step.keep() }
    guard normal.factor() else { return Array(repeating: 0, count: count) }
    normal.solve(step.vector)
    return step.vector.array
  }

  /// Differences from the measurements in units of the noise; nil where the integration does not
  /// come to the end.
  private func misfits(_ series: Int, _ starts: [Int: Double]) -> [Double]? {
    let entry = fit.data.series[series]
    guard
      let rows = try? model.states(series, startingAt: starts, at: entry.times, problem, code),
      rows.count == entry.times.count
    else { return nil }
    var misfits: [Double] = []
    for (index, column) in fit.data.columns.enumerated() {
      guard let place = fit.problem.unknowns.firstIndex(of: column.name) else { continue }
      for (row, value) in entry.values[index].enumerated() where value.isFinite {
        misfits.append((rows[row][place] - value) / fit.noise[index].deviation)
      }
    }
    return misfits.allSatisfy(\.isFinite) ? misfits : nil
  }
}
