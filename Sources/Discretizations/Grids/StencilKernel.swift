/// Sums of shifted copies of a run of numbers: the inner loops of difference operators.
///
/// Written so that the compiler vectorises them: constant weights in registers, one output stream.
enum StencilKernel {
  private typealias Pointer = UnsafeMutablePointer<Double>

  /// out[j] = Σ weights[k + radius]·x[j + k·step] over −radius...radius, for `count` numbers.
  static func combine(
    _ x: UnsafeMutablePointer<Double>, _ out: UnsafeMutablePointer<Double>, _ count: Int,
    _ weights: UnsafeMutablePointer<Double>, _ radius: Int, _ step: Int
  ) {
    let width = 2 * radius + 1
    let first = x - radius * step
    for j in 0..<count { out[j] = weights[0] * first[j] }
    for tap in 1..<max(width, 1) {
      let weight = weights[tap]
      let from = first + tap * step
      for j in 0..<count { out[j] += weight * from[j] }
    }
  }

  /// The same along contiguous numbers with weights of its own for each row: `weights[k·count + j]`.
  static func combineByRow(
    _ x: UnsafeMutablePointer<Double>, _ out: UnsafeMutablePointer<Double>, _ count: Int,
    _ weights: UnsafeMutablePointer<Double>, _ radius: Int
  ) {
    for j in 0..<count { out[j] = 0 }
    for tap in 0...2 * radius {
      let from = x + tap - radius
      let weight = weights + tap * count
      for j in 0..<count { out[j] += weight[j] * from[j] }
    }
  }
}
