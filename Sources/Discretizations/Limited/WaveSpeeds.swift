import Numerics

/// Bounds of the speeds that a matrix carries: of the real parts of its eigenvalues.
final class WaveSpeeds {
  private let size: Int
  private let work: Storage

  init(_ size: Int) {
    self.size = size
    work = Storage(3 * size * size)
  }

  /// The least and the greatest speed of the matrix whose entry k, row-major, is `entries[k·stride]`.
  ///
  /// Exact for one or two components; beyond, from the norm of the 32nd power: outward by
  /// `size`^(1/64) at most for normal matrices.
  func range(
    _ entries: UnsafePointer<Double>, _ stride: Int
  ) -> (slowest: Double, fastest: Double) {
    if size == 1 { return (entries[0], entries[0]) }
    if size == 2 {
      let (a, d) = (entries[0], entries[3 * stride])
      let half = (a - d) / 2
      let spread = (half * half + entries[stride] * entries[2 * stride]).magnitude.squareRoot()
      return ((a + d) / 2 - spread, (a + d) / 2 + spread)
    }
    let radius = radius(entries, stride, 0, 1)
    // All eigenvalues of A + ρI have a real part that is not negative.
    return (
      radius - self.radius(entries, stride, radius, -1),
      self.radius(entries, stride, radius, 1) - radius
    )
  }

  /// A bound of the spectral radius of shift·I + sign·A (Gelfand's formula).
  private func radius(
    _ entries: UnsafePointer<Double>, _ stride: Int, _ shift: Double, _ sign: Double
  ) -> Double {
    let n = size
    var power = work.vector.base
    var square = power + n * n
    for k in 0..<n * n { power[k] = sign * entries[k * stride] }
    for k in 0..<n { power[k * (n + 1)] += shift }
    var bound = 1.0
    var root = 1.0
    for step in 0...5 {
      var sum = 0.0
      for k in 0..<n * n { sum += power[k] * power[k] }
      let norm = sum.squareRoot()
      guard norm > 0 else { return 0 }
      guard norm.isFinite else { return .nan }
      // ‖Aᵏ‖^(1/k), k = 2^step, as the product of the norms that were divided out.
      root = norm
      for _ in 0..<step { root = root.squareRoot() }
      bound *= root
      if step == 5 { break }
      for k in 0..<n * n { power[k] /= norm }
      for i in 0..<n {
        for j in 0..<n {
          var entry = 0.0
          for k in 0..<n { entry += power[i * n + k] * power[k * n + j] }
          square[i * n + j] = entry
        }
      }
      swap(&power, &square)
    }
    return bound
  }
}
