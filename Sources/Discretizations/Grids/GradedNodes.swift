import Glibc

/// Nodes that cluster near places, by a smooth monotone map of the unit interval.
///
/// The number of nodes left of x grows like Σ asinh((x − p)/δ) over the places p: the spacing near a
/// place is like √(δ² + (x − p)²), so neighbouring spacings differ by a constant factor at most, and
/// δ is chosen to give the ratio of the coarsest to the finest. On a circle, by the map of the circle
/// that a Möbius transformation makes.
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
      let angle = 2 * Double.pi * (x - place) / (upper - lower)
      let turns = (angle / (2 * Double.pi)).rounded()
      let half = (angle - 2 * Double.pi * turns) / 2
      return sum + 2 * Double.pi * turns + 2 * atan2(sin(half), width * cos(half))
    }
  }

  /// Nodes per length, up to a factor.
  private static func density(
    _ x: Double, _ near: [Double], _ length: Double, _ isPeriodic: Bool, _ width: Double
  ) -> Double {
    near.reduce(0) { sum, place in
      if !isPeriodic { return sum + 1 / hypot(width, x - place) }
      let half = Double.pi * (x - place) / length
      let (s, c) = (sin(half), cos(half))
      return sum + width / (s * s + width * width * c * c)
    }
  }

  /// The width that gives the ratio; the ratio falls as the width grows.
  private static func width(
    _ near: [Double], _ lower: Double, _ upper: Double, _ isPeriodic: Bool, _ ratio: Double
  ) -> Double {
    let length = upper - lower
    let samples = (0...400).map { lower + length * Double($0) / 400 } + near
    var small = log(1e-9)
    var large = log(isPeriodic ? 1 : 1e4)
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

  /// Where the measure has a value, by bisection to the last digit.
  private func place(_ value: Double) -> Double {
    var (left, right) = (lower, upper)
    while true {
      let middle = left + (right - left) / 2
      if middle <= left || middle >= right { return middle }
      if measure(middle) < value { left = middle } else { right = middle }
    }
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
