/// Sums of shifted copies of a run of numbers: the inner loops of difference operators.
///
/// Written so that the compiler vectorises them: constant weights in registers, one output stream,
/// few enough input streams that it can prove them apart from the output at run time.
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
    for j in 0..<count { out[j] = w0 * x[j] + w1 * b[j] + w2 * c[j] }
  }

  private static func five(_ x: Pointer, _ out: Pointer, _ count: Int, _ w: Pointer, _ s: Int) {
    let (w0, w1, w2, w3, w4) = (w[0], w[1], w[2], w[3], w[4])
    let (b, c, d, e) = (x + s, x + 2 * s, x + 3 * s, x + 4 * s)
    for j in 0..<count {
      out[j] = w0 * x[j] + w1 * b[j] + w2 * c[j] + w3 * d[j] + w4 * e[j]
    }
  }

  private static func seven(_ x: Pointer, _ out: Pointer, _ count: Int, _ w: Pointer, _ s: Int) {
    let (w0, w1, w2, w3, w4, w5, w6) = (w[0], w[1], w[2], w[3], w[4], w[5], w[6])
    let (b, c, d, e, f, g) = (x + s, x + 2 * s, x + 3 * s, x + 4 * s, x + 5 * s, x + 6 * s)
    for j in 0..<count {
      let low = w0 * x[j] + w1 * b[j] + w2 * c[j]
      out[j] = low + w3 * d[j] + w4 * e[j] + w5 * f[j] + w6 * g[j]
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
      for tap in stride(from: 1, to: 2 * radius + 1, by: 2) {
        let (a, b) = (first + start + tap, first + start + tap + 1)
        let (v, w) = (row + tap * count, row + (tap + 1) * count)
        for j in 0..<length { target[j] += v[j] * a[j] + w[j] * b[j] }
      }
    }
  }
}
