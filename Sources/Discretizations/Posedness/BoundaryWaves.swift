import Numerics
import Problems

/// How many conditions each face of a space variable takes, with the coefficients frozen.
///
/// Disturbances exp(λt + κx) with Re λ large: those that decay away from the lower face (Re κ < 0)
/// belong to it, the others to the upper one, and each face needs one condition for each of its own
/// (Kreiss 1970; Gustafsson, Kreiss & Oliger, Time Dependent Problems, 1995, ch. 9-10). Of a
/// first-order system these are the characteristics that enter.
struct BoundaryWaves {
  /// What the faces take.
  struct Count: Equatable {
    /// Waves that belong to the lower and to the upper face for certain.
    var lower: Int
    var upper: Int
    /// Waves that may belong to either.
    var open: Int

    var total: Int { lower + upper + open }

    /// The conditions that a face may have.
    func range(isUpper: Bool) -> ClosedRange<Int> {
      let own = isUpper ? upper : lower
      return own...own + open
    }
  }

  private let system: Linearization
  /// The place of the variable among the space variables.
  private let axis: Int
  /// Growth rates λ tried: far above every rate of the problem, or the count differs among them.
  private let rates: [Double]

  init(_ system: Linearization, axis: Int, _ state: InitialState) {
    self.system = system
    self.axis = axis
    let duration = state.end - state.start
    rates = [1e3, 1e5, 1e7].map { $0 / duration }
  }

  /// The count, nil where it cannot be decided.
  func count(_ values: [Double]) -> Count? {
    var found: Count?
    for rate in rates {
      guard let count = count(values, rate, tangential: system.space.count > 1) else { return nil }
      if let found, found != count { return nil }
      found = count
    }
    guard let found else { return nil }
    if system.space.count > 1 {
      // Waves that run along the face must not change how many there are.
      for rate in rates {
        guard let plain = count(values, rate, tangential: false), plain.total == found.total else {
          return nil
        }
      }
    }
    return found
  }

  private func count(_ values: [Double], _ rate: Double, tangential: Bool) -> Count? {
    let pencil = pencil(values, rate, tangential)
    guard let reduced = pencil.reduced(),
      let found = Eigenvalues(reduced.matrix, dimension: reduced.dimension)
    else { return nil }
    let (lower, upper) = sides(found)
    let copies = pencil.isReal ? 1 : 2
    guard lower.count % copies == 0, upper.count % copies == 0 else { return nil }
    return Count(
      lower: lower.count / copies, upper: upper.count / copies,
      open: (reduced.dimension - lower.count - upper.count) / copies)
  }

  private func pencil(_ values: [Double], _ rate: Double, _ tangential: Bool) -> Pencil {
    Pencil(system, values) { entry in
      entry.space[axis]
    } factor: { entry in
      var size = 1.0
      for _ in 0..<entry.time { size *= rate }
      var others = 0
      for (index, order) in entry.space.enumerated() where index != axis && order > 0 {
        let length = system.space[index].upper - system.space[index].lower
        for _ in 0..<order { size *= tangential ? 2 * .pi / length : 0 }
        others += order
      }
      return switch others % 4 {
      case 0: (size, 0)
      case 1: (0, size)
      case 2: (-size, 0)
      default: (0, -size)
      }
    }
  }

  /// Which eigenvalues decay away from the lower face, and which from the upper one.
  private func sides(_ found: Eigenvalues) -> (lower: [Int], upper: [Int]) {
    let sizes = zip(found.real, found.imaginary).map { ($0 * $0 + $1 * $1).squareRoot() }
    let limit = 1e-7 * (sizes.max() ?? 0)
    return (
      found.real.indices.filter { found.real[$0] < -limit },
      found.real.indices.filter { found.real[$0] > limit }
    )
  }

  /// The speeds of the waves of a first-order system, each κ = −λ/c.
  func speeds(_ values: [Double]) -> [Double] {
    guard let rate = rates.last, let reduced = pencil(values, rate, false).reduced(),
      let found = Eigenvalues(reduced.matrix, dimension: reduced.dimension)
    else { return [] }
    return found.real.map { -rate / $0 }.sorted()
  }

  /// Whether conditions, linear in the jets, settle every wave that belongs to a face.
  ///
  /// - Parameter rows: of each condition, the factors of the jets in it.
  /// - Returns: true also where it cannot be decided.
  func areSettled(
    _ values: [Double], isUpper: Bool, by rows: [[(jet: WaveJet, factor: Double)]]
  ) -> Bool {
    for rate in rates {
      let pencil = pencil(values, rate, false)
      guard let reduced = pencil.reduced(),
        let found = Eigenvalues(reduced.matrix, dimension: reduced.dimension, vectors: true)
      else { return true }
      let sides = sides(found)
      let own = isUpper ? sides.upper : sides.lower
      let waves = own.map { wave(found, $0, reduced, pencil.components.count) }
      // Fewer independent waves than eigenvalues: more than exponentials, not decided here.
      guard own.count == rows.count, RowEchelon(waves, tolerance: 1e-6).rank == own.count else {
        return true
      }
      var matrix: [[Double]] = []
      for row in rows {
        var weights = [Double](repeating: 0, count: pencil.components.count)
        for (jet, factor) in row {
          guard !jet.isTangential else { continue }
          let component = Pencil.Component(unknown: jet.unknown, order: jet.order)
          guard let place = pencil.components.firstIndex(of: component) else { return true }
          var size = factor
          for _ in 0..<jet.time { size *= rate }
          weights[place] += size
        }
        matrix.append(BoundaryWaves.values(weights, waves))
      }
      if RowEchelon(matrix, tolerance: 1e-9).rank == rows.count { return true }
    }
    return false
  }

  /// What a condition makes of each wave, as a part of the largest term in it; rounding becomes 0.
  private static func values(_ weights: [Double], _ waves: [[Double]]) -> [Double] {
    let terms = waves.map { wave in zip(wave, weights).map { $0 * $1 } }
    let size = terms.joined().reduce(0) { max($0, $1.magnitude) }
    guard size > 0 else { return terms.map { _ in 0 } }
    return terms.map { wave in
      let value = wave.reduce(0, +) / size
      return value.magnitude < 1e-9 ? 0 : value
    }
  }

  /// One wave's components, scaled to a largest one of 1.
  private func wave(
    _ found: Eigenvalues, _ index: Int, _ reduced: Pencil.Reduced, _ count: Int
  ) -> [Double] {
    let n = reduced.dimension
    var components = [Double](repeating: 0, count: count)
    for j in 0..<n {
      for i in 0..<count {
        components[i] += reduced.back[i + j * count] * found.vectors[j + index * n]
      }
    }
    let most = components.reduce(0) { max($0, $1.magnitude) }
    return most > 0 ? components.map { $0 / most } : components
  }
}

/// A derivative in a condition at a face.
struct WaveJet {
  let unknown: Int
  /// Order normal to the face.
  let order: Int
  let time: Int
  /// Differentiated along the face.
  let isTangential: Bool
}
