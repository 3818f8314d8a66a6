/// Solves A·x = b by applying A and a preconditioner: restarted GMRES, preconditioned from the right.
///
/// Minimises the true residual over a Krylov space of up to `restart` vectors, then starts again.
/// Allocates nothing after it is made.
/// Source: Y. Saad & M. H. Schultz, SIAM J. Sci. Stat. Comput. 7 (1986) 856.
public final class GMRES {
  public let dimension: Int
  public let restart: Int
  private let basis: Vector
  private let trial: Vector
  /// Columns of the Hessenberg matrix, triangular by rotations; `[restart][restart + 1]`.
  private let hessenberg: Vector
  private let rotations: Vector
  private let right: Vector
  private let work: Storage

  /// Allocates for systems of `dimension` unknowns; `restart` + 1 vectors are kept.
  public init(dimension n: Int, restart m: Int = 30) {
    precondition(n > 0 && m > 0, "\(n) unknowns, a restart after \(m) steps")
    dimension = n
    restart = m
    work = Storage((m + 2) * n + m * (m + 1) + 3 * m + 1)
    let all = work.vector
    basis = all.slice(0, (m + 1) * n)
    trial = all.slice((m + 1) * n, n)
    hessenberg = all.slice((m + 2) * n, m * (m + 1))
    rotations = all.slice((m + 2) * n + m * (m + 1), 2 * m)
    right = all.slice((m + 2) * n + m * (m + 1) + 2 * m, m + 1)
  }

  /// Improves `x` until ‖b − A·x‖ ≤ `tolerance`·‖b‖.
  ///
  /// - Parameters:
  ///   - apply: writes A times its first argument to its second; `[dimension]`, different memory.
  ///   - precondition: replaces its argument by an approximate solution of A·z = argument.
  ///   - x: the starting guess; replaced by the solution.
  /// - Returns: how often A was applied inside the Krylov spaces, and ‖b − A·x‖/‖b‖ at the end, NaN if
  ///   the numbers stopped being finite.
  public func solve(
    apply: (_ x: Vector, _ result: Vector) -> Void, precondition: (_ z: Vector) -> Void,
    _ b: Vector, _ x: Vector, tolerance: Double, maxIterations: Int
  ) -> (iterations: Int, residual: Double) {
    let goal = GMRES.norm(b)
    if goal == 0 {
      x.fill(0)
      return (0, 0)
    }
    var iterations = 0
    var last = Double.infinity
    while true {
      let first = vector(0)
      apply(x, first)
      for i in 0..<dimension { first[i] = b[i] - first[i] }
      let length = GMRES.norm(first)
      let residual = length / goal
      // A cycle that gains nothing has met the rounding of the residual.
      if !(residual > tolerance) || iterations >= maxIterations || residual > 0.9 * last {
        return (iterations, residual)
      }
      last = residual
      GMRES.scale(first, 1 / length)
      right.fill(0)
      right[0] = length
      let size = expand(
        apply, precondition, goal: tolerance * goal, most: min(restart, maxIterations - iterations))
      iterations += size
      addCorrection(size, precondition, to: x)
    }
  }

  private func vector(_ k: Int) -> Vector { basis.slice(k * dimension, dimension) }

  /// Builds one Krylov space.
  ///
  /// - Returns: its dimension.
  private func expand(
    _ apply: (Vector, Vector) -> Void, _ precondition: (Vector) -> Void, goal: Double, most: Int
  ) -> Int {
    for k in 0..<most {
      trial.assign(vector(k))
      precondition(trial)
      let next = vector(k + 1)
      apply(trial, next)
      let column = hessenberg.slice(k * (restart + 1), restart + 1)
      let before = GMRES.norm(next)
      for j in 0...k {
        let against = vector(j)
        column[j] = GMRES.dot(next, against)
        GMRES.subtract(column[j], against, from: next)
      }
      let length = GMRES.norm(next)
      column[k + 1] = length
      rotate(column, k)
      // What is left of a vector inside the space is rounding: the solution lies in it.
      let isComplete = !(length > before * Double.ulpOfOne)
      if right[k + 1].magnitude <= goal || isComplete { return k + 1 }
      GMRES.scale(next, 1 / length)
    }
    return most
  }

  /// Givens rotations: those of the columns before, and one that clears the subdiagonal.
  private func rotate(_ column: Vector, _ k: Int) {
    for j in 0..<k {
      let (c, s) = (rotations[2 * j], rotations[2 * j + 1])
      (column[j], column[j + 1]) = (
        c * column[j] + s * column[j + 1], c * column[j + 1] - s * column[j]
      )
    }
    let size = (column[k] * column[k] + column[k + 1] * column[k + 1]).squareRoot()
    let (c, s) = size > 0 ? (column[k] / size, column[k + 1] / size) : (1, 0)
    rotations[2 * k] = c
    rotations[2 * k + 1] = s
    column[k] = size
    right[k + 1] = -s * right[k]
    right[k] *= c
  }

  /// x ← x + M⁻¹·V·y with the y that minimises the residual.
  private func addCorrection(_ size: Int, _ precondition: (Vector) -> Void, to x: Vector) {
    for k in stride(from: size - 1, through: 0, by: -1) {
      var sum = right[k]
      for j in k + 1..<max(size, k + 1) { sum -= hessenberg[j * (restart + 1) + k] * right[j] }
      let pivot = hessenberg[k * (restart + 1) + k]
      right[k] = pivot == 0 ? 0 : sum / pivot
    }
    trial.fill(0)
    for k in 0..<size { GMRES.subtract(-right[k], vector(k), from: trial) }
    precondition(trial)
    for i in 0..<dimension { x[i] += trial[i] }
  }

  private static func dot(_ a: Vector, _ b: Vector) -> Double {
    // Eight sums side by side: one would wait for each addition.
    var sums = SIMD8<Double>.zero
    var i = 0
    while i + 8 <= a.count {
      let x = UnsafeRawPointer(a.base + i).loadUnaligned(as: SIMD8<Double>.self)
      let y = UnsafeRawPointer(b.base + i).loadUnaligned(as: SIMD8<Double>.self)
      sums += x * y
      i += 8
    }
    var sum = sums.sum()
    while i < a.count {
      sum += a.base[i] * b.base[i]
      i += 1
    }
    return sum
  }

  private static func norm(_ a: Vector) -> Double { dot(a, a).squareRoot() }

  private static func scale(_ a: Vector, _ factor: Double) {
    for i in 0..<a.count { a.base[i] *= factor }
  }

  private static func subtract(_ factor: Double, _ a: Vector, from b: Vector) {
    for i in 0..<a.count { b.base[i] -= factor * a.base[i] }
  }
}
