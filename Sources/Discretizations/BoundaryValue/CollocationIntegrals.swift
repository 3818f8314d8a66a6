import Expressions
import Numerics

/// Values of integrals over a collocation solution, and their derivatives by its numbers.
///
/// Composite Gauss rules of as many points as the collocation, on the mesh intervals as the places
/// see them, with partial intervals at the limits: errors are of the order of the mesh points'.
final class CollocationIntegrals {
  private let tapes: [IntegralTapes]
  private let layout: CollocationLayout
  private let basis: CollocationBasis
  private let mesh: [Double]
  private let forcings: [Interpolation]
  private let parameters: Vector
  private let environment: Vector
  /// ∂value by every number of the solution, by the integral's index.
  private let gradients: [Vector]
  private let storage: Storage
  private let table: Storage
  private var values: Vector
  private var isDifferentiating = false
  /// Set where a place lies outside the interval: the integral's text and the place.
  private(set) var outside: (text: String, place: Double)?
  /// How often an integrand was evaluated.
  private(set) var evaluations = 0

  init(
    _ integrals: [CompiledIntegral], _ solution: PiecewisePolynomial, forcings: [Interpolation],
    parameters: Vector, environment: Vector
  ) {
    layout = solution.layout
    basis = solution.basis
    mesh = solution.mesh
    self.forcings = forcings
    self.parameters = parameters
    self.environment = environment
    tapes = integrals.map(IntegralTapes.init)
    let count = (integrals.map(\.index).max() ?? -1) + 1
    let dimension = layout.count(intervals: solution.intervals)
    let storage = Storage(count * dimension)
    self.storage = storage
    gradients = (0..<count).map { storage.vector.slice($0 * dimension, dimension) }
    table = Storage((basis.order + 1) * basis.stages)
    values = environment
  }

  /// The derivative of outermost integral `term` by every number of the solution.
  func gradient(_ term: Int) -> Vector { gradients[tapes[term].integral.index] }

  /// Evaluates what is the same at every point.
  func prepare(_ values: Vector, differentiating: Bool) {
    self.values = values
    isDifferentiating = differentiating
    outside = nil
    for tape in tapes where tape.integral.isConstant { evaluate(tape, nil) }
  }

  /// Evaluates outermost integrals, in order, at a point whose variable and forcings are set.
  func evaluate(_ terms: [Int], at point: CollocationPoint) {
    for term in terms where !tapes[term].integral.isConstant { evaluate(tapes[term], point) }
  }

  private func evaluate(_ tape: IntegralTapes, _ point: CollocationPoint?) {
    let integral = tape.integral
    let jets = point?.jets ?? environment
    let gradient = gradients[integral.index]
    tape.limits.evaluate(environment, jets, parameters, into: tape.limitValues)
    let (lower, upper) = (tape.limitValues[0], tape.limitValues[1])
    var total = 0.0
    if isDifferentiating {
      gradient.fill(0)
      tape.sums.fill(0)
    }
    let pieces = split(tape, lower, upper, jets)
    for (start, end) in zip(pieces, pieces.dropFirst()) {
      for s in 0..<basis.stages {
        environment[integral.boundSlot] = start + basis.rule.nodes[s] * (end - start)
        let weight = basis.rule.weights[s] * (end - start)
        total += weight * node(tape, point, jets, weight)
      }
    }
    environment[integral.slot] = total
    if isDifferentiating { addSums(tape, point, into: gradient) }
  }

  /// The integrand at the bound variable's value; its gradient is added with the weight.
  private func node(
    _ tape: IntegralTapes, _ point: CollocationPoint?, _ jets: Vector, _ weight: Double
  ) -> Double {
    let integral = tape.integral
    evaluations += 1
    if !integral.places.isEmpty {
      tape.arguments.evaluate(environment, jets, parameters, into: tape.argumentValues)
    }
    for (index, place) in integral.places.enumerated() {
      environment[place.slot] = read(place, tape.argumentValues[index], integral.text)
    }
    for inner in tape.inner { evaluate(inner, point) }
    tape.body.evaluate(environment, jets, parameters, into: tape.value)
    guard isDifferentiating else { return tape.value[0] }
    let gradient = gradients[integral.index]
    tape.partials.evaluate(environment, jets, parameters, into: tape.partialValues)
    for (index, place) in integral.places.enumerated() {
      guard case .unknown(let unknown, let order) = place.source else { continue }
      let slope = weight * tape.partialValues[index]
      let (interval, theta) = locate(tape.argumentValues[index])
      basis.fill(theta, into: table.vector)
      layout.add(
        slope, unknown, order, theta: theta, step: mesh[interval + 1] - mesh[interval],
        table.vector, into: gradient.slice(interval * layout.stride, layout.stride))
    }
    let first = integral.places.count
    for (index, term) in integral.integralEntries.enumerated() {
      let slope = weight * tape.partialValues[first + index]
      if integral.inner.contains(where: { $0.index == term }) {
        gradient.add(slope, gradients[term])
      } else {
        tape.sums[index] += slope
      }
    }
    let count = integral.integralEntries.count
    for index in integral.jetEntries.indices {
      tape.sums[count + index] += weight * tape.partialValues[first + count + index]
    }
    return tape.value[0]
  }

  /// Adds what the integrand's derivatives by outer integrals and by the point's own jets sum up to.
  private func addSums(
    _ tape: IntegralTapes, _ point: CollocationPoint?, into gradient: Vector
  ) {
    let integral = tape.integral
    for (index, term) in integral.integralEntries.enumerated() where tape.sums[index] != 0 {
      gradient.add(tape.sums[index], gradients[term])
    }
    guard let point else { return }
    let count = integral.integralEntries.count
    for (index, jet) in integral.jetEntries.enumerated() {
      let (unknown, order) = layout.jet(jet)
      layout.add(
        tape.sums[count + index], unknown, order, theta: point.theta, step: point.step,
        point.table, into: gradient.slice(point.interval * layout.stride, layout.stride))
    }
  }

  // MARK: Places

  private func locate(_ x: Double) -> (interval: Int, theta: Double) {
    let interval = PiecewisePolynomial.interval(at: x, mesh)
    return (interval, (x - mesh[interval]) / (mesh[interval + 1] - mesh[interval]))
  }

  private func read(_ place: CompiledIntegral.Place, _ x: Double, _ text: String) -> Double {
    let length = mesh[mesh.count - 1] - mesh[0]
    guard x >= mesh[0] - 1e-12 * length, x <= mesh[mesh.count - 1] + 1e-12 * length else {
      outside = (text, x)
      return .nan
    }
    switch place.source {
    case .forcing(let index): return forcings[index].value(x)
    case .unknown(let unknown, let order):
      let (interval, theta) = locate(x)
      basis.fill(theta, into: table.vector)
      return layout.value(
        unknown, order, theta: theta, step: mesh[interval + 1] - mesh[interval], table.vector,
        values.slice(interval * layout.stride, layout.stride))
    }
  }

  /// The ends of the pieces on which every place stays inside one mesh interval.
  private func split(
    _ tape: IntegralTapes, _ lower: Double, _ upper: Double, _ jets: Vector
  ) -> [Double] {
    if lower == upper { return [lower] }
    var inside: [Double] = []
    let (least, most) = (min(lower, upper), max(lower, upper))
    let isAffine = tape.integral.places.contains(where: \.isAffine)
    if isAffine {
      environment[tape.integral.boundSlot] = lower
      tape.arguments.evaluate(environment, jets, parameters, into: tape.argumentValues)
      for (index, place) in tape.integral.places.enumerated() where place.isAffine {
        let slope = tape.argumentValues[tape.integral.places.count + index]
        if slope == 0 { continue }
        let start = tape.argumentValues[index]
        for x in mesh { inside.append(lower + (x - start) / slope) }
      }
    } else if least >= mesh[0], most <= mesh[mesh.count - 1] {
      inside = mesh
    } else {
      let count = Double(mesh.count - 1)
      inside = mesh.indices.map { lower + (upper - lower) * Double($0) / count }
    }
    let margin = 1e-13 * (most - least)
    inside = inside.filter { $0 > least + margin && $0 < most - margin }
    inside.sort { lower < upper ? $0 < $1 : $0 > $1 }
    var pieces = [lower]
    for x in inside where (x - pieces[pieces.count - 1]).magnitude > margin { pieces.append(x) }
    return pieces + [upper]
  }
}

/// A point at which equations hold: where it is, and the solution's jets there.
struct CollocationPoint {
  var interval: Int
  var theta: Double
  /// The length of the interval.
  var step: Double
  /// The basis at `theta`.
  var table: Vector
  var jets: Vector
}

/// One worker's tapes of an integral.
private final class IntegralTapes {
  let integral: CompiledIntegral
  let inner: [IntegralTapes]
  let limits: Tape
  let arguments: Tape
  let body: Tape
  let partials: Tape
  let limitValues: Vector
  let argumentValues: Vector
  let value: Vector
  let partialValues: Vector
  /// Weighted sums of the partial derivatives that are applied once an integral.
  let sums: Vector
  private let storage: Storage

  init(_ integral: CompiledIntegral) {
    self.integral = integral
    inner = integral.inner.map(IntegralTapes.init)
    limits = Tape(integral.limits)
    arguments = Tape(integral.arguments)
    body = Tape(integral.body)
    partials = Tape(integral.partials)
    let (a, p) = (integral.arguments.outputCount, integral.partials.outputCount)
    storage = Storage(3 + a + 2 * p)
    limitValues = storage.vector.slice(0, 2)
    value = storage.vector.slice(2, 1)
    argumentValues = storage.vector.slice(3, a)
    partialValues = storage.vector.slice(3 + a, p)
    sums = storage.vector.slice(3 + a + p, p)
  }
}
