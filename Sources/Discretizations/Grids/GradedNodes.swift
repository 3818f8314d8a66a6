import Glibc

/// Nodes that cluster near places, by a smooth monotone map of the unit interval.
///
/// The number of nodes left of x grows like Σ asinh((x − p)/δ) over the places p: the spacing near a
/// place is like √(δ² + (x − p)²), so neighbouring spacings differ by a constant factor at most, and
/// δ is chosen to give the ratio of the coarsest to the finest. Around a period sin takes the place of
/// the distance, and an elliptic integral that of asinh.
struct GradedNodes {
  let lower: Double
  let upper: Double
  let isPeriodic: Bool
  let near: [Double]
  private let width: Double

  init(lower: Double, upper: Double, isPeriodic: Bool, _ grading: Grading) {
    self.lower = lower
    self.upper = upper
    self.isPeriodic = isPeriodic
    near = Array(Set(grading.near)).sorted()
    precondition(
      !near.isEmpty && grading.ratio >= 1 && near.allSatisfy { $0 >= lower && $0 <= upper },
      "nodes near \(near), spacings \(grading.ratio) : 1, on [\(lower), \(upper)]")
    width = GradedNodes.width(near, lower, upper, isPeriodic, max(grading.ratio, 1 + 1e-6))
  }

  /// How many nodes there are left of x, up to a factor and a constant.
  private func measure(_ x: Double) -> Double {
    near.reduce(0) { sum, place in
      if !isPeriodic { return sum + asinh((x - place) / width) }
      let angle = Double.pi * (x - place) / (upper - lower)
      return sum - GradedNodes.elliptic(Double.pi / 2 - angle, width)
    }
  }

  /// ∫ dψ / √(w² + cos²ψ) from 0 to φ, for any φ, by arithmetic and geometric means.
  ///
  /// Source: Abramowitz & Stegun, sec. 17.6.
  private static func elliptic(_ end: Double, _ width: Double) -> Double {
    var (a, b) = (hypot(1, width), width)
    var angle = end
    var scale = 1.0
    // The means agree to twice as many digits after each turn.
    while abs(a - b) > 4 * a.ulp {
      let turns = Double.pi * (angle / Double.pi).rounded()
      let rest = angle - turns
      angle += atan2(b * sin(rest), a * cos(rest)) + turns
      (a, b) = ((a + b) / 2, (a * b).squareRoot())
      scale *= 2
    }
    return angle / (scale * a)
  }

  /// Nodes per length, up to a factor.
  private static func density(
    _ x: Double, _ near: [Double], _ length: Double, _ isPeriodic: Bool, _ width: Double
  ) -> Double {
    near.reduce(0) { sum, place in
      let distance = isPeriodic ? sin(Double.pi * (x - place) / length) : x - place
      return sum + 1 / hypot(width, distance)
    }
  }

  /// The width that gives the ratio; the ratio falls as the width grows.
  private static func width(
    _ near: [Double], _ lower: Double, _ upper: Double, _ isPeriodic: Bool, _ ratio: Double
  ) -> Double {
    let length = upper - lower
    let samples = (0...400).map { lower + length * Double($0) / 400 } + near
    var small = log(1e-9)
    var large = log(1e4)
    for _ in 0..<60 {
      let middle = (small + large) / 2
      let width = exp(middle) * (isPeriodic ? 1 : length)
      let densities = samples.map { density($0, near, length, isPeriodic, width) }
      let found = (densities.max() ?? 1) / (densities.min() ?? 1)
      if found > ratio { small = middle } else { large = middle }
    }
    return exp(large) * (isPeriodic ? 1 : length)
  }

  /// `count` nodes, increasing; both ends, or those of a period without its upper end.
  func nodes(_ count: Int) -> [Double] {
    let cells = Double(isPeriodic ? count : count - 1)
    let start = measure(lower)
    let whole = measure(upper) - start
    let inner = near.filter { $0 > lower && $0 < upper }
    let shift = Adjustment(inner.map { (measure($0) - start) / whole }, cells, isPeriodic)
    var nodes = (0..<count).map { index -> Double in
      let wanted = shift.source(of: Double(index) / cells)
      return place(start + wanted * whole)
    }
    nodes[0] = lower
    if !isPeriodic { nodes[count - 1] = upper }
    for place in inner {
      guard let index = nodes.indices.min(by: { abs(nodes[$0] - place) < abs(nodes[$1] - place) })
      else { continue }
      if abs(nodes[index] - place) < 1e-9 * (upper - lower) / cells { nodes[index] = place }
    }
    return nodes
  }

  /// Where the measure has a value: Newton's method, kept inside a shrinking bracket.
  private func place(_ value: Double) -> Double {
    var (left, right) = (lower, upper)
    var x = left + (right - left) / 2
    let scale = isPeriodic ? Double.pi / (upper - lower) : 1
    var before = Double.infinity
    for _ in 0..<200 {
      let excess = measure(x) - value
      if excess < 0 { left = x } else { right = x }
      let slope = scale * GradedNodes.density(x, near, upper - lower, isPeriodic, width)
      let next = x - excess / slope
      if abs(next - x) <= x.ulp { break }
      // A step that did not halve the excess is followed by a bisection: Newton's may go in circles.
      let isGood = next > left && next < right && abs(excess) < 0.5 * before
      x = isGood ? next : left + (right - left) / 2
      before = isGood ? abs(excess) : .infinity
      if x <= left || x >= right { break }
    }
    return x
  }
}

extension GradedNodes {
  /// A map of the unit interval onto itself, close to the identity, that takes places to multiples
  /// of 1/cells; the identity where that would bend it much.
  fileprivate struct Adjustment {
    /// s ↦ s + Σ aₖ bₖ(s), with bₖ vanishing at the ends and at the other places.
    private var places: [Double] = []
    private var shifts: [Double] = []
    private let isPeriodic: Bool

    init(_ wanted: [Double], _ cells: Double, _ isPeriodic: Bool) {
      self.isPeriodic = isPeriodic
      let targets = wanted.map { ($0 * cells).rounded() / cells }
      guard !wanted.isEmpty, Set(targets).count == targets.count,
        targets.allSatisfy({ $0 > 0 && $0 < 1 })
      else { return }
      places = wanted
      shifts = zip(targets, wanted).map { $0 - $1 }
      let slopes = (0..<400).map { 400 * (image(Double($0 + 1) / 400) - image(Double($0) / 400)) }
      if slopes.contains(where: { $0 < 0.6 || $0 > 1.6 }) { (places, shifts) = ([], []) }
    }

    private func image(_ s: Double) -> Double {
      places.indices.reduce(s) { sum, k in
        let p = places[k]
        var factor = shifts[k] * bump(s) / bump(p)
        for j in places.indices where j != k { factor *= chord(s, places[j]) / chord(p, places[j]) }
        return sum + factor
      }
    }

    private func bump(_ s: Double) -> Double {
      let sine = sin(Double.pi * s)
      return isPeriodic ? sine * sine : s * (1 - s)
    }

    private func chord(_ s: Double, _ place: Double) -> Double {
      if !isPeriodic { return s - place }
      let sine = sin(Double.pi * (s - place))
      return sine * sine
    }

    func source(of image: Double) -> Double {
      if places.isEmpty || image <= 0 || image >= 1 { return image }
      var (left, right) = (0.0, 1.0)
      while true {
        let middle = left + (right - left) / 2
        if middle <= left || middle >= right { return middle }
        if self.image(middle) < image { left = middle } else { right = middle }
      }
    }
  }
}
