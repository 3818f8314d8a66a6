import Discretizations
import Integrators
import Numerics
import Problems
import Testing

/// A generator of its own, so that a failure can be repeated by its seed.
private struct Random {
  var state: UInt64

  mutating func unit() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) / 9_007_199_254_740_992
  }

  mutating func number() -> String {
    let value = (unit() * 20 - 10).rounded() / 10
    return value < 0 ? "(\(value))" : "\(value)"
  }

  mutating func pick(_ list: [String]) -> String { list[Int(unit() * Double(list.count))] }
}

/// A system of two equations of random terms in one or two dimensions, with random conditions.
private func randomProblem(_ seed: Int) throws -> (problem: Problem, axes: [AxisSpec]) {
  var random = Random(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 12345)
  let isPlane = seed % 3 == 0
  let isPeriodic = seed % 4 == 1
  var terms = ["u*v", "sin(u)", "u*u_x", "v*u_xx", "d((1 + u^2)*v_x, x)", "x*v_x", "exp(-t)*u"]
  if isPlane { terms += ["u_xy", "v*u_y", "u*laplace(v)", "y*v_yy"] }
  func side() -> String {
    (0..<4).map { _ in "\(random.number())*\(random.pick(terms))" }.joined(separator: " + ")
  }
  let faces = isPlane ? ["x = 0", "x = 1", "y = 0", "y = 1"] : ["x = 0", "x = 1"]
  var conditions: [String] = []
  for face in faces {
    if isPeriodic, face.hasPrefix("x") { continue }
    let normal = String(face.prefix(1))
    for (name, other) in [("u", "v"), ("v", "u")] {
      let forms = [
        "\(name) = cos(t)", "\(name)_\(normal) + \(name) = sin(t)",
        "\(name)_\(normal) = \(name)^2*t - 0.3*\(other)", "\(name) + 0.2*\(other)_\(normal) = 1",
      ]
      conditions.append("  - \(random.pick(forms)) at \(face)")
    }
  }
  if isPeriodic { conditions.append("  - periodic in x") }
  let text = """
    variables: {x: [0, 1]\(isPlane ? ", y: [0, 1]" : ""), t: [0, 1]}
    unknowns: [u, v]
    equations:
      - u_t = 0.1*u_xx + 0.1*v_xx\(isPlane ? " + u_yy + v_yy" : "") + \(side())
      - v_t = 0.1*v_xx + 0.2*u_xx\(isPlane ? " + u_yy - v_yy" : "") + \(side())
    conditions:
      - u = 1 + 0.3*sin(3*x) at t = 0
      - v = cos(2*x)\(isPlane ? " + y" : "") at t = 0
    \(conditions.joined(separator: "\n"))
    """
  let problem = try ProblemReader.read(bytes: Array(text.utf8), file: "random\(seed).yaml")
  let schemes: [Scheme] = [.difference(2), .difference(4), .chebyshev]
  var scheme = schemes[seed % schemes.count]
  if isPeriodic, scheme == .chebyshev { scheme = .fourier }
  let x = AxisSpec(
    name: "x", lower: 0, upper: 1, scheme: scheme, points: isPlane ? 8 : 14,
    isPeriodic: isPeriodic)
  let y = AxisSpec(name: "y", lower: 0, upper: 1, scheme: .difference(2), points: 7)
  return (problem, isPlane ? [x, y] : [x])
}

@Suite("Jacobians of lines") struct LinesJacobianTests {
  /// The field with its conditions eliminated, whatever the problem's method makes of it, and a point
  /// off the initial state, so that no derivative is zero by luck.
  private func probe(_ lines: LinesProblem, _ seed: Int) throws -> (LinesField, Storage) {
    var random = Random(state: UInt64(seed))
    let discrete = lines.field.discrete
    let y0 = Storage(try lines.initialState())
    let fields = Storage(discrete.dimension)
    defer { y0.keep(fields) }
    lines.reconstruct(lines.start, y0.vector, into: fields.vector)
    let field = try LinesField(discrete)
    return (field, Storage(field.kept.map { fields.vector[$0] + 0.05 * (random.unit() - 0.5) }))
  }

  private func column(_ field: VectorField, _ t: Double, _ y: Storage, _ c: Int) -> [Double] {
    let base = y.vector.array
    let rate = Storage(field.dimension)
    defer { rate.keep() }
    return slope(1e-4) { shift in
      y.vector.assign(base)
      y.vector[c] += shift
      field(t, y.vector, into: rate.vector)
      y.vector.assign(base)
      return rate.vector.array
    }
  }

  @Test("agree with differences of the field, conditions eliminated", arguments: 0..<24)
  func differences(_ seed: Int) throws {
    let (problem, axes) = try randomProblem(seed)
    let lines = try LinesProblem(problem, axes: axes)
    let (field, y) = try probe(lines, seed)
    let entries = Storage(field.pattern.count)
    let rate = Storage(field.dimension)
    defer { y.keep(entries, rate) }
    let t = 0.3
    field(t, y.vector, into: rate.vector)
    try #require(rate.vector.isFinite, "the conditions have no solution there")
    field.jacobian(t, y.vector, into: entries.vector)
    var exact = [[Double]](
      repeating: [Double](repeating: 0, count: field.dimension), count: field.dimension)
    var size = 1.0
    for k in 0..<field.pattern.count {
      exact[field.pattern.columns[k]][field.pattern.rows[k]] = entries.vector[k]
      size = max(size, entries.vector[k].magnitude)
    }
    for c in stride(from: 0, to: field.dimension, by: 3) {
      let found = column(field, t, y, c)
      for row in 0..<field.dimension {
        // Differences of order 6 with h = 1e-4 have an error of ε/h = 1e-12 of the field's size, which
        // is itself up to some hundred times an entry.
        #expect((found[row] - exact[c][row]).magnitude < 3e-8 * size, "(\(row), \(c))")
      }
    }
  }

  @Test("∂f/∂t agrees with differences along the conditions", arguments: 0..<24)
  func time(_ seed: Int) throws {
    let (problem, axes) = try randomProblem(seed)
    let lines = try LinesProblem(problem, axes: axes)
    let (field, y) = try probe(lines, seed)
    let result = Storage(field.dimension)
    let rate = Storage(field.dimension)
    defer { y.keep(result, rate) }
    field.timeDerivative(0.3, y.vector, into: result.vector)
    let found = slope(1e-3) { shift in
      field(0.3 + shift, y.vector, into: rate.vector)
      return rate.vector.array
    }
    let size = found.reduce(1) { max($0, $1.magnitude) }
    for row in 0..<field.dimension {
      #expect((found[row] - result.vector[row]).magnitude < 1e-8 * size, "row \(row)")
    }
  }

  @Test("the bordered solve is that of the eliminated system", arguments: 0..<24)
  func bordered(_ seed: Int) throws {
    let (problem, axes) = try randomProblem(seed)
    let lines = try LinesProblem(problem, axes: axes)
    let (field, y) = try probe(lines, seed)
    let entries = Storage(field.pattern.count)
    var random = Random(state: 99)
    let right = (0..<field.dimension).map { _ in random.unit() - 0.5 }
    let x = Storage(right)
    defer { y.keep(entries, x) }
    let system = field.makeShiftedSystem()
    system.linearize(0.3, y.vector)
    let sigma = 1234.5
    try #require(system.factor(sigma))
    system.solve(x.vector)
    field.jacobian(0.3, y.vector, into: entries.vector)
    var image = (0..<field.dimension).map { sigma * x.vector[$0] }
    for k in 0..<field.pattern.count {
      image[field.pattern.rows[k]] -= entries.vector[k] * x.vector[field.pattern.columns[k]]
    }
    for row in 0..<field.dimension {
      #expect((image[row] - right[row]).magnitude < 1e-9, "row \(row)")
    }
  }

  @Test(
    "the solve of a step inverts the field's own differences",
    arguments: evolutionCases.filter { $0.name != "an algebraic equation" })
  func step(_ item: ManufacturedCase) throws {
    let lines = try LinesProblem(
      item.problem(solve: "method: rodas5p"), axes: item.axes(.difference(4), 14))
    let field = lines.field
    let y = Storage(try lines.initialState())
    let n = field.dimension
    var random = Random(state: 5)
    let right = (0..<n).map { _ in random.unit() - 0.5 }
    let (x, ahead, behind) = (Storage(right), Storage(n), Storage(n))
    defer { y.keep(x, ahead, behind) }
    let t = 0.05
    let system = field.makeShiftedSystem()
    system.linearize(t, y.vector)
    // Larger than the spectral radius, so that neither part of σx − Jx is small beside the other.
    let sigma = 3e5
    try #require(system.factor(sigma))
    system.solve(x.vector)
    let base = y.vector.array
    let h = 1e-3 / right.reduce(0) { max($0, $1.magnitude) } * sigma
    for (sign, target) in [(1.0, ahead), (-1.0, behind)] {
      for k in 0..<n { y.vector[k] = base[k] + sign * h * x.vector[k] }
      field(t, y.vector, into: target.vector)
    }
    for k in 0..<n {
      let image = sigma * x.vector[k] - (ahead.vector[k] - behind.vector[k]) / (2 * h)
      // Central differences with steps of 1e-3 in y: 1e-6 of the second derivative's share.
      #expect((image - right[k]).magnitude < 1e-5, "row \(k)")
    }
  }

  @Test("J·v by the operators is the assembled one", arguments: 0..<24)
  func product(_ seed: Int) throws {
    let (problem, axes) = try randomProblem(seed)
    let lines = try LinesProblem(problem, axes: axes)
    let discrete = lines.field.discrete
    let (field, y) = try probe(lines, seed)
    field.reconstruct(0.3, y.vector)
    discrete.linearize(0.3)
    var random = Random(state: 7)
    let v = Storage((0..<discrete.dimension).map { _ in random.unit() - 0.5 })
    let (image, ahead, behind) = (
      Storage(discrete.dimension), Storage(discrete.dimension), Storage(discrete.dimension)
    )
    let base = discrete.fields.array
    defer { y.keep(v, image, ahead, behind) }
    discrete.applyJacobian(v.vector, into: image.vector)
    let h = 1e-5
    for (sign, target) in [(1.0, ahead), (-1.0, behind)] {
      for k in 0..<discrete.dimension { discrete.fields[k] = base[k] + sign * h * v.vector[k] }
      discrete.evaluate(0.3, into: target.vector)
    }
    let size = image.vector.array.reduce(1) { max($0, $1.magnitude) }
    for k in 0..<discrete.dimension {
      let found = (ahead.vector[k] - behind.vector[k]) / (2 * h)
      // Central differences: h² of the third derivative and ε/h, 1e-10 of the largest row.
      #expect((found - image.vector[k]).magnitude < 1e-7 * size, "row \(k)")
    }
  }
}
