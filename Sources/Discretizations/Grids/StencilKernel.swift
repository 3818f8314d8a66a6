/// Sums of shifted copies of a run of numbers: the inner loops of difference operators.
///
/// Written so that the compiler vectorises them: constant weights in registers, one output stream,
/// few enough input streams that it can prove them apart from the output at run time. Weights that
/// mirror each other save a third of the arithmetic, which is what limits a field in cache.
enum StencilKernel {
  typealias Pointer = UnsafeMutablePointer<Double>

  /// Numbers of the output between two passes over it: small enough for the nearest cache.
  private static let block = 1024

  /// out[j] = Σ weights[k]·x[j + (k − radius)·step] over k in 0...2·radius, for `count` numbers.
  static func combine(
    _ x: Pointer, _ out: Pointer, _ count: Int, _ weights: Pointer, _ radius: Int, _ step: Int
  ) {
    let first = x - radius * step
    switch radius {
    case 0: for j in 0..<count { out[j] = weights[0] * first[j] }
    case 1: three(first, out, count, weights, step)
    case 2: five(first, out, count, weights, step)
    case 3: seven(first, out, count, weights, step)
    default:
      for start in stride(from: 0, to: count, by: block) {
        let length = min(block, count - start)
        seven(first + start, out + start, length, weights, step)
        for tap in stride(from: 7, to: 2 * radius + 1, by: 2) {
          addTwo(first + start + tap * step, out + start, length, weights + tap, step)
        }
      }
    }
  }

  private static func three(_ x: Pointer, _ out: Pointer, _ count: Int, _ w: Pointer, _ s: Int) {
    let (w0, w1, w2) = (w[0], w[1], w[2])
    let (b, c) = (x + s, x + 2 * s)
    if w0 == w2 {
      for j in 0..<count { out[j] = w0 * (x[j] + c[j]) + w1 * b[j] }
    } else if w0 == -w2, w1 == 0 {
      for j in 0..<count { out[j] = w2 * (c[j] - x[j]) }
    } else {
      for j in 0..<count { out[j] = w0 * x[j] + w1 * b[j] + w2 * c[j] }
    }
  }

  private static func five(_ x: Pointer, _ out: Pointer, _ count: Int, _ w: Pointer, _ s: Int) {
    let (w0, w1, w2, w3, w4) = (w[0], w[1], w[2], w[3], w[4])
    let (b, c, d, e) = (x + s, x + 2 * s, x + 3 * s, x + 4 * s)
    if w0 == w4, w1 == w3 {
      for j in 0..<count { out[j] = w0 * (x[j] + e[j]) + w1 * (b[j] + d[j]) + w2 * c[j] }
    } else if w0 == -w4, w1 == -w3, w2 == 0 {
      for j in 0..<count { out[j] = w4 * (e[j] - x[j]) + w3 * (d[j] - b[j]) }
    } else {
      for j in 0..<count {
        out[j] = w0 * x[j] + w1 * b[j] + w2 * c[j] + w3 * d[j] + w4 * e[j]
      }
    }
  }

  private static func seven(_ x: Pointer, _ out: Pointer, _ count: Int, _ w: Pointer, _ s: Int) {
    let (w0, w1, w2, w3, w4, w5, w6) = (w[0], w[1], w[2], w[3], w[4], w[5], w[6])
    let (b, c, d, e, f, g) = (x + s, x + 2 * s, x + 3 * s, x + 4 * s, x + 5 * s, x + 6 * s)
    if w0 == w6, w1 == w5, w2 == w4 {
      for j in 0..<count {
        let far = w0 * (x[j] + g[j]) + w1 * (b[j] + f[j])
        out[j] = far + w2 * (c[j] + e[j]) + w3 * d[j]
      }
    } else if w0 == -w6, w1 == -w5, w2 == -w4, w3 == 0 {
      for j in 0..<count {
        out[j] = w6 * (g[j] - x[j]) + w5 * (f[j] - b[j]) + w4 * (e[j] - c[j])
      }
    } else {
      for j in 0..<count {
        let low = w0 * x[j] + w1 * b[j] + w2 * c[j]
        out[j] = low + w3 * d[j] + w4 * e[j] + w5 * f[j] + w6 * g[j]
      }
    }
  }

  private static func addTwo(_ x: Pointer, _ out: Pointer, _ count: Int, _ w: Pointer, _ s: Int) {
    let (w0, w1) = (w[0], w[1])
    let b = x + s
    for j in 0..<count { out[j] += w0 * x[j] + w1 * b[j] }
  }

  /// out[j] = Σ weights[k·count + j]·x[j + k − radius]: contiguous numbers, each with its weights.
  static func combineByRow(
    _ x: Pointer, _ out: Pointer, _ count: Int, _ weights: Pointer, _ radius: Int
  ) {
    let first = x - radius
    for start in stride(from: 0, to: count, by: block) {
      let length = min(block, count - start)
      let (target, row) = (out + start, weights + start)
      for j in 0..<length { target[j] = row[j] * first[start + j] }
      var tap = 1
      while tap + 4 <= 2 * radius + 1 {
        addFourByRow(first + start + tap, target, length, row + tap * count, count)
        tap += 4
      }
      while tap < 2 * radius + 1 {
        let (from, weight) = (first + start + tap, row + tap * count)
        for j in 0..<length { target[j] += weight[j] * from[j] }
        tap += 1
      }
    }
  }

  private static func addFourByRow(
    _ x: Pointer, _ out: Pointer, _ count: Int, _ w: Pointer, _ s: Int
  ) {
    let (w1, w2, w3) = (w + s, w + 2 * s, w + 3 * s)
    for j in 0..<count {
      let low = w[j] * x[j] + w1[j] * x[j + 1]
      out[j] += low + w2[j] * x[j + 2] + w3[j] * x[j + 3]
    }
  }
}
