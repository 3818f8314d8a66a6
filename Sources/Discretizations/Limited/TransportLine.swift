import Numerics

/// Nodes in a row along one axis: the states at their cells' faces, and the fluctuations.
///
/// The cell of a node reaches about half way to its neighbours. Matrices are wanted at four places of the
/// straight path across each face and of the one across each cell (Lobatto's rule, exact to degree 5);
/// the ends of both are the states at the faces, so that a line of n nodes has 6n + 4 points:
/// before each of the n + 1 faces, after it, two inside its jump, then two inside each cell.
final class TransportLine {
  /// Ghost values on each side.
  private static let ghosts = 3
  /// The inner nodes of Lobatto's rule on the unit interval; the weights of the ends and of these.
  private static let inner = ((1 - 0.2.squareRoot()) / 2, (1 + 0.2.squareRoot()) / 2)
  private static let weights = (1.0 / 12, 5.0 / 12)

  private let n: Int
  private let components: Int
  private let isPeriodic: Bool
  private let widths: [Double]
  private let speeds: WaveSpeeds
  /// The values of one component with its ghosts.
  private let row: Storage
  private let states: Storage
  private let entries: Storage
  private let jump: Storage
  private let places: [Storage]
  /// What the line sends into the rates, component by component; `[components × n]`.
  let rates: Storage
  /// Where the matrices are wanted.
  let points: TransportPoints
  /// The matrices at the points, row-major.
  let matrices: [Vector]

  init(_ axes: [Axis], along index: Int, components: Int) {
    let axis = axes[index]
    let (n, count) = (axis.count, 6 * axis.count + 4)
    self.n = n
    self.components = components
    isPeriodic = axis.spec.isPeriodic
    speeds = WaveSpeeds(components)
    row = Storage(n + 2 * TransportLine.ghosts)
    states = Storage(components * count)
    entries = Storage(components * components * count)
    jump = Storage(2 * components)
    rates = Storage(components * n)
    places = axes.indices.map { Storage($0 == index ? count : 1) }
    let faces = TransportLine.faces(axis)
    widths = (0..<n).map { faces[$0 + 1] - faces[$0] }
    points = TransportPoints(
      count: count, coordinates: places.map(\.vector),
      state: (0..<components).map { [states] in states.vector.slice($0 * count, count) })
    matrices = (0..<components * components).map { [entries] in
      entries.vector.slice($0 * count, count)
    }
    place(faces, axis, places[index].vector)
  }

  /// The n + 1 faces between the cells and at their ends.
  ///
  /// The same polynomials of the nodes as those of a field, so that grading costs no order; half way
  /// where the nodes vary so much that cells would overlap.
  private static func faces(_ axis: Axis) -> [Double] {
    let n = axis.count
    var x = (-ghosts..<n + ghosts).map { i -> Double in
      axis.spec.isPeriodic || (0..<n).contains(i) ? axis.unrolled(i) : 0
    }
    if !axis.spec.isPeriodic {
      for k in 1...ghosts {
        let (low, high) = (ghosts - k, ghosts + n - 1 + k)
        x[low] = Reconstruction.beyond(x[low + 1], x[low + 2], x[low + 3], x[low + 4])
        x[high] = Reconstruction.beyond(x[high - 1], x[high - 2], x[high - 3], x[high - 4])
      }
    }
    let middles = (0...n).map { (x[ghosts + $0 - 1] + x[ghosts + $0]) / 2 }
    if axis.isUniform { return middles }
    let faces = (0...n).map { j -> Double in
      let v = x[j...j + 5]
      let near = 37 * (v[j + 2] + v[j + 3])
      return (near - 8 * (v[j + 1] + v[j + 4]) + v[j] + v[j + 5]) / 60
    }
    let isOrdered = (0..<n).allSatisfy {
      faces[$0] < axis.nodes[$0] && axis.nodes[$0] < faces[$0 + 1]
    }
    return isOrdered ? faces : middles
  }

  /// Writes the coordinates of the points; those beyond an interval's end are taken at the end.
  private func place(_ faces: [Double], _ axis: Axis, _ x: Vector) {
    let inside = faces.map {
      isPeriodic ? $0 : max(axis.spec.lower, min(axis.spec.upper, $0))
    }
    for (j, face) in inside.enumerated() {
      for part in 0..<4 { x[part * (n + 1) + j] = face }
    }
    for i in 0..<n {
      let width = inside[i + 1] - inside[i]
      x[4 * (n + 1) + i] = inside[i] + TransportLine.inner.0 * width
      x[4 * (n + 1) + n + i] = inside[i] + TransportLine.inner.1 * width
    }
  }

  /// Takes the nodes of the other axes.
  func move(to coordinate: Double, axis: Int) { places[axis].vector[0] = coordinate }

  /// Takes a component's values, `step` apart, and fills its states at the points.
  func load(_ field: UnsafeMutablePointer<Double>, component: Int, step: Int) {
    let value = row.vector.base + TransportLine.ghosts
    for i in 0..<n { value[i] = field[i * step] }
    for k in 0..<TransportLine.ghosts {
      let (low, high) = (-1 - k, n + k)
      value[low] =
        isPeriodic
        ? value[n - 1 - k]
        : Reconstruction.beyond(value[low + 1], value[low + 2], value[low + 3], value[low + 4])
      value[high] =
        isPeriodic
        ? value[k]
        : Reconstruction.beyond(value[high - 1], value[high - 2], value[high - 3], value[high - 4])
    }
    let before = states.vector.base + component * points.count
    let after = before + n + 1
    for j in 0...n {
      let v = value + j - 1
      before[j] = Reconstruction.face(v[-2], v[-1], v[0], v[1], v[2])
      after[j] = Reconstruction.face(v[3], v[2], v[1], v[0], v[-1])
    }
    fillPaths(before, after)
  }

  private func fillPaths(
    _ before: UnsafeMutablePointer<Double>, _ after: UnsafeMutablePointer<Double>
  ) {
    let (p, q) = TransportLine.inner
    let across = after + n + 1
    let cell = across + 2 * (n + 1)
    for j in 0...n {
      let change = after[j] - before[j]
      across[j] = before[j] + p * change
      across[n + 1 + j] = before[j] + q * change
    }
    for i in 0..<n {
      let change = before[i + 1] - after[i]
      cell[i] = after[i] + p * change
      cell[n + i] = after[i] + q * change
    }
  }

  /// Writes the rates of the line, with the matrices at the points.
  func collect() {
    rates.vector.fill(0)
    let m = components
    let (size, flux) = (jump.vector.base, jump.vector.base + m)
    for j in 0...n {
      let path = (j, n + 1 + j, 2 * (n + 1) + j, 3 * (n + 1) + j)
      fluctuation(path)
      let (even, odd) = viscosity(path)
      for k in 0..<m {
        let viscous = even * size[k] + odd * flux[k]
        let rate = rates.vector.base + k * n + j
        if j > 0 { rate[-1] -= (flux[k] - viscous) / 2 }
        if j < n { rate[0] -= (flux[k] + viscous) / 2 }
      }
    }
    for i in 0..<n {
      fluctuation((n + 1 + i, i + 1, 4 * (n + 1) + i, 4 * (n + 1) + n + i))
      for k in 0..<m {
        let rate = rates.vector.base + k * n + i
        rate[0] = (rate[0] - flux[k]) / widths[i]
      }
    }
  }

  /// The jump along a path, and the integral of the matrix along it times the jump.
  private func fluctuation(_ path: (Int, Int, Int, Int)) {
    let (m, count) = (components, points.count)
    let (size, flux) = (jump.vector.base, jump.vector.base + components)
    let (outer, inner) = TransportLine.weights
    for k in 0..<m {
      let state = states.vector.base + k * count
      size[k] = state[path.1] - state[path.0]
    }
    for r in 0..<m {
      var sum = 0.0
      for c in 0..<m {
        let a = entries.vector.base + (r * m + c) * count
        sum += (outer * (a[path.0] + a[path.1]) + inner * (a[path.2] + a[path.3])) * size[c]
      }
      flux[r] = sum
    }
  }

  /// The viscosity of Harten, Lax and van Leer as a polynomial of the matrix: α₀ + α₁A.
  ///
  /// Upwind where all waves run one way.
  /// - Source: Castro & Fernández-Nieto, SIAM J. Sci. Comput. 34 (2012) A2173, sec. 3.
  private func viscosity(_ path: (Int, Int, Int, Int)) -> (even: Double, odd: Double) {
    let (entry, stride) = (entries.vector.base, points.count)
    let before = speeds.range(entry + path.0, stride)
    let after = speeds.range(entry + path.1, stride)
    let (first, second) = (
      speeds.range(entry + path.2, stride), speeds.range(entry + path.3, stride)
    )
    let slowest = min(min(before.slowest, after.slowest), min(first.slowest, second.slowest))
    let fastest = max(max(before.fastest, after.fastest), max(first.fastest, second.fastest))
    if slowest >= 0 { return (0, 1) }
    if fastest <= 0 { return (0, -1) }
    let span = fastest - slowest
    return (-2 * slowest * fastest / span, (fastest + slowest) / span)
  }
}
