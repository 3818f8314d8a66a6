import Numerics

/// GMRES with right preconditioning: solves A·x = b where only products with A are cheap, and a
/// similar matrix is factored.
///
/// Source: Y. Saad & M. Schultz, SIAM J. Sci. Stat. Comput. 7 (1986) 856; right preconditioning keeps
/// the true residual.
final class DeferredCorrection {
  private let dimension: Int
  private let restart: Int
  private var basis: [Storage] = []
  private let work: Storage
  private let hessenberg: Storage
  private let rotations: Storage
  private let right: Storage

  init(dimension: Int, restart: Int = 30) {
    self.dimension = dimension
    self.restart = restart
    work = Storage(3 * dimension)
    hessenberg = Storage((restart + 1) * restart)
    rotations = Storage(2 * restart)
    right = Storage(restart + 1)
  }

  /// Replaces `b` by the solution; `apply` writes A·x, `precondition` solves in place.
  func solve(
    _ b: Vector, tolerance: Double, apply: (Vector, Vector) -> Void,
    precondition: (Vector) -> Void
  ) -> (iterations: Int, isConverged: Bool) {
    let x = work.vector.slice(0, dimension)
    let image = work.vector.slice(dimension, dimension)
    let direction = work.vector.slice(2 * dimension, dimension)
    x.fill(0)
    let size = norm(b)
    guard size > 0 else { return (0, true) }
    var total = 0
    var residual = size
    for _ in 0..<10 {
      let first = vector(0)
      apply(x, image)
      for k in 0..<dimension { first[k] = b[k] - image[k] }
      residual = norm(first)
      guard residual.isFinite, residual > tolerance * size else { break }
      scale(first, 1 / residual)
      right.vector.fill(0)
      right.vector[0] = residual
      var count = 0
      while count < restart, right.vector[count].magnitude > tolerance * size {
        direction.assign(vector(count))
        precondition(direction)
        apply(direction, image)
        let isExhausted = orthogonalize(image, count)
        count += 1
        total += 1
        if isExhausted { break }
      }
      addCorrection(count, to: x, direction, precondition)
    }
    b.assign(x)
    return (total, residual <= 100 * tolerance * size && b.isFinite)
  }

  private func vector(_ index: Int) -> Vector {
    while basis.count <= index { basis.append(Storage(dimension)) }
    return basis[index].vector
  }

  private func norm(_ v: Vector) -> Double { dot(v, v).squareRoot() }

  private func dot(_ a: Vector, _ b: Vector) -> Double {
    var sums = SIMD4<Double>()
    let blocks = dimension / 4
    for block in 0..<blocks {
      let k = 4 * block
      sums +=
        SIMD4(a.base[k], a.base[k + 1], a.base[k + 2], a.base[k + 3])
        * SIMD4(b.base[k], b.base[k + 1], b.base[k + 2], b.base[k + 3])
    }
    var sum = sums.sum()
    for k in 4 * blocks..<dimension { sum += a.base[k] * b.base[k] }
    return sum
  }

  private func scale(_ v: Vector, _ factor: Double) {
    for k in 0..<dimension { v.base[k] *= factor }
  }

  /// Gram and Schmidt, then the rotation that keeps the small system triangular.
  ///
  /// - Returns: whether the space holds the solution.
  private func orthogonalize(_ image: Vector, _ j: Int) -> Bool {
    let h = hessenberg.vector
    let width = restart + 1
    for i in 0...j {
      let previous = vector(i)
      let product = dot(image, previous)
      h[i + j * width] = product
      for k in 0..<dimension { image.base[k] -= product * previous.base[k] }
    }
    let length = norm(image)
    let next = vector(j + 1)
    next.assign(image)
    if length > 0 { scale(next, 1 / length) }
    for i in 0..<j {
      let (c, s) = (rotations.vector[2 * i], rotations.vector[2 * i + 1])
      let (a, b) = (h[i + j * width], h[i + 1 + j * width])
      h[i + j * width] = c * a + s * b
      h[i + 1 + j * width] = c * b - s * a
    }
    let top = h[j + j * width]
    let radius = (top * top + length * length).squareRoot()
    guard radius > 0 else { return true }
    rotations.vector[2 * j] = top / radius
    rotations.vector[2 * j + 1] = length / radius
    h[j + j * width] = radius
    right.vector[j + 1] = -rotations.vector[2 * j + 1] * right.vector[j]
    right.vector[j] *= rotations.vector[2 * j]
    return length <= 1e-14 * radius
  }

  private func addCorrection(
    _ count: Int, to x: Vector, _ direction: Vector, _ precondition: (Vector) -> Void
  ) {
    let h = hessenberg.vector
    let width = restart + 1
    for i in stride(from: count - 1, through: 0, by: -1) {
      var sum = right.vector[i]
      for j in i + 1..<max(count, i + 1) { sum -= h[i + j * width] * right.vector[j] }
      right.vector[i] = sum / h[i + i * width]
    }
    direction.fill(0)
    for i in 0..<count {
      let basis = vector(i)
      let factor = right.vector[i]
      for k in 0..<dimension { direction.base[k] += factor * basis.base[k] }
    }
    precondition(direction)
    for k in 0..<dimension { x.base[k] += direction.base[k] }
  }
}
