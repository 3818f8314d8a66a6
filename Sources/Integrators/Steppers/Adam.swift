import Glibc
import Numerics

/// Adam: steps of one length for each component, however large its rate.
///
/// With m and v the running means of the rate and of its squares, corrected for their start,
/// y⁺ = y + h·m/(√v + ε), h the learning rate. A baseline, not an integrator: there is no error
/// estimate and nothing is rejected, as long as it is finite. One gradient a step.
/// Source: D. P. Kingma & J. Ba, ICLR 2015, algorithm 1 (β₁ = 0.9, β₂ = 0.999, ε = 1e-8).
public final class Adam: Stepper {
  private static let (beta1, beta2, epsilon) = (0.9, 0.999, 1e-8)

  private var learningRate = 1e-3
  /// The means of the last step, and of the one that is tried; f at its end.
  private let mean: Vector
  private let square: Vector
  private let meanNew: Vector
  private let squareNew: Vector
  private let rateNew: Vector
  private let work: Storage
  private var count = 0

  /// Allocates for the flow of a loss.
  public override init(_ field: VectorField) {
    let n = field.dimension
    work = Storage(5 * n)
    mean = work.vector.slice(0, n)
    square = work.vector.slice(n, n)
    meanNew = work.vector.slice(2 * n, n)
    squareNew = work.vector.slice(3 * n, n)
    rateNew = work.vector.slice(4 * n, n)
    super.init(field)
  }

  /// The learning rate is the first step.
  public override func configure(_ settings: IntegrationSettings) {
    if let first = settings.firstStep { learningRate = first }
  }

  public override var verdict: StepVerdict? {
    yNew.isFinite && rateNew.isFinite ? .unmeasured : .notFinite
  }

  public override func start(_ t: Double, _ y: Vector) {
    mean.fill(0)
    square.fill(0)
    count = 0
    super.start(t, y)
  }

  /// The means go on: they belong to no one set of points.
  public override func fieldChanged(_ t: Double, _ y: Vector) { super.start(t, y) }

  public override func attempt() -> Bool {
    let (b1, b2) = (Adam.beta1, Adam.beta2)
    let present = Double(count + 1)
    let meanScale = 1 / (1 - pow(b1, present))
    let squareScale = 1 / (1 - pow(b2, present))
    for i in 0..<dimension {
      meanNew[i] = b1 * mean[i] + (1 - b1) * rate[i]
      squareNew[i] = b2 * square[i] + (1 - b2) * rate[i] * rate[i]
      let size = (squareScale * squareNew[i]).squareRoot() + Adam.epsilon
      yNew[i] = yOld[i] + h * (meanScale * meanNew[i]) / size
    }
    field(tNew, yNew, into: rateNew)
    error.fill(0)
    return true
  }

  public override func scaledError(_ norm: ErrorNorm) -> Double {
    yNew.isFinite && rateNew.isFinite ? 0 : .nan
  }

  public override func ownFactor(_ error: Double, _ norm: ErrorNorm, accepted: Bool) -> Double? {
    accepted ? learningRate / h.magnitude : 0.5
  }

  public override func accept() {
    mean.assign(meanNew)
    square.assign(squareNew)
    rate.assign(rateNew)
    count += 1
  }

  public override func saveHistory() -> [Double]? {
    rate.array + mean.array + square.array + [Double(count)]
  }

  public override func restoreHistory(_ history: [Double]) {
    super.restoreHistory(history)
    mean.assign(Array(history[dimension..<2 * dimension]))
    square.assign(Array(history[2 * dimension..<3 * dimension]))
    count = Int(history[3 * dimension])
  }
}
