import Numerics

/// Estimates the spectral radius of ∂f/∂y along a trajectory, one evaluation at a time.
///
/// The nonlinear power method: the change of f along a direction is ∂f/∂y times the direction; the
/// next estimate goes on with what came out. Along a trajectory the direction has time to turn into
/// the dominating eigenvector. Lengths are measured in components divided by their tolerances, so
/// that small ones count, unless the field has a metric in which its derivative is symmetric: there
/// no estimate exceeds the radius, and one that settles is close to it.
/// Source: B. P. Sommeijer, L. F. Shampine & J. G. Verwer, J. Comput. Appl. Math. 88 (1998) 315,
/// sec. 3.2.
final class SpectralRadius {
  private let norm: ErrorNorm
  /// The squares of the metric, where there is one.
  private let metric: Vector?
  /// The perturbation in units of the tolerances: large enough to survive the rounding of f.
  private let size: Double
  private let direction: Vector
  private let probe: Vector
  private let image: Vector
  private let work: Storage
  private var isReady = false

  init(dimension n: Int, _ tolerances: Tolerances, metric: Vector? = nil) {
    self.metric = metric
    norm = ErrorNorm(tolerances)
    size = max(1, Double.ulpOfOne.squareRoot() / tolerances.relative)
    work = Storage(3 * n)
    direction = work.vector.slice(0, n)
    probe = work.vector.slice(n, n)
    image = work.vector.slice(2 * n, n)
  }

  func restart() { isReady = false }

  /// The estimate at (t, y), where f is `rate`; nil where f is not finite nearby.
  ///
  /// One evaluation.
  func estimate(_ field: VectorField, _ t: Double, _ y: Vector, rate: Vector) -> Double? {
    let n = y.count
    if !isReady { direction.assign(rate) }
    let length = norm.measure(direction, y, y)
    guard length.isFinite else { return nil }
    // Where nothing changes any direction is as good as another.
    if length == 0 { for c in 0..<n { direction[c] = norm.weight(c, y, y) } }
    let scale = size / (length == 0 ? 1 : length)
    for c in 0..<n { probe[c] = y[c] + scale * direction[c] }
    field(t, probe, into: image)
    for c in 0..<n { image[c] -= rate[c] }
    let change = norm.measure(image, y, y)
    isReady = change.isFinite && change > 0
    guard isReady else { return change.isFinite ? 0 : nil }
    let radius = metric.map { ratio(image, direction, $0) / scale } ?? change / size
    direction.assign(image)
    return radius
  }

  /// The quotient of two lengths in the metric.
  private func ratio(_ a: Vector, _ b: Vector, _ metric: Vector) -> Double {
    var (above, below) = (0.0, 0.0)
    for c in 0..<a.count {
      above += metric[c] * a[c] * a[c]
      below += metric[c] * b[c] * b[c]
    }
    return (above / below).squareRoot()
  }

  /// What a restart needs to go on bit for bit.
  func save() -> [Double] { [isReady ? 1 : 0] + direction.array }

  /// Takes back what ``save()`` returned.
  func restore(_ numbers: ArraySlice<Double>) {
    isReady = numbers.first == 1
    direction.assign(Array(numbers.dropFirst()))
  }
}
