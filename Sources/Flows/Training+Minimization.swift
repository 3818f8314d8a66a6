import Integrators
import Numerics

/// The flow `lbfgs`: NLopt takes the steps, and tells of them through the function it minimises.
///
/// An evaluation that is lower than all before counts as a step, any other as a rejected attempt; h is
/// 1, so that τ counts the steps. NLopt keeps its memory to itself: new points, and a resumed training,
/// start it anew. Its first step is minus the gradient: the loss is given to it in a unit that makes
/// this of length 1, or less where that led to residuals that are not finite.
extension Training {
  func minimize() -> TrainingReport {
    let (best, trial) = (Storage(progress.theta), Storage(progress.theta))
    defer { best.keep(trial) }
    progress.firstStep = 1
    progress.h = 1
    guard let method = QuasiNewton(dimension: flow.parameterCount, memory: settings.memory) else {
      return finish(.failed("NLopt found no memory; use another flow"))
    }
    var isOver = isOver(at: best.vector)
    var length = 1.0
    while progress.outcome == nil {
      if progress.isResampleDue { drawPoints(best.vector) }
      let steps = progress.steps
      trial.vector.assign(best.vector)
      var isFirst = true
      let slope = flow.point(at: best.vector).gradient.vector.squaredNorm.squareRoot()
      let unit = length / slope
      let ending = method.minimize(trial.vector) { [unowned self] point, gradient in
        defer { isFirst = false }
        if isOver { return nil }
        let loss = evaluate(point, gradient, unit)
        if isFirst { return loss * unit }
        attempted(point, loss, best.vector)
        isOver = self.isOver(at: best.vector)
        return isOver ? nil : loss.isFinite ? loss * unit : Training.wall
      }
      isOver = false
      if ending == .stopped { continue }
      // It ended by itself: anew from there, unless that has just been tried.
      let isStill = progress.steps == steps
      if isStill, progress.obstacle == nil || length < 1e-12 {
        progress.outcome = standstill(ending)
      }
      length = isStill ? 1e-3 * length : 1
    }
    return finish(progress.outcome ?? .stopped)
  }

  /// What stands for a loss that is not finite: line searches cannot work with infinity.
  private static let wall = 1e100

  /// The loss at a point, and its gradient times `unit`, zeros where it is not finite.
  private func evaluate(_ point: Vector, _ gradient: Vector, _ unit: Double) -> Double {
    let known = flow.point(at: point)
    let slope = known.gradient.vector
    guard known.loss.isFinite, slope.isFinite else {
      gradient.fill(0)
      return .infinity
    }
    for i in 0..<slope.count { gradient[i] = unit * slope[i] }
    return known.loss
  }

  private func attempted(_ point: Vector, _ loss: Double, _ best: Vector) {
    let ratio = loss / progress.loss
    guard loss < progress.loss else {
      progress.rejected += 1
      progress.rejections += 1
      let verdict = loss.isFinite ? StepVerdict.lossRises : .notFinite
      progress.lastVerdict = verdict
      if verdict == .notFinite { progress.obstacle = verdict }
      return tell { .reject(row(false, 1, loss.isFinite ? ratio : .nan, verdict.description)) }
    }
    progress.rejections = 0
    progress.obstacle = nil
    best.assign(point)
    progress.theta = point.array
    stepped(to: best, 1, ratio, StepVerdict.lossFalls.description)
  }

  /// Why a minimisation that started anew took no step.
  private func standstill(_ ending: QuasiNewton.Ending) -> TrainingOutcome {
    if progress.obstacle != nil { return .failed(rejectionSentence()) }
    if case .failed(let code) = ending, code != -1, code != -4 {
      return .failed("NLopt gave up with its code \(code); use another flow")
    }
    return .reached(
      .equilibrium, "the flow is at rest: no step changes the loss by more than its rounding")
  }
}
