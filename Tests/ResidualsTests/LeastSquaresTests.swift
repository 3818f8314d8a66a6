import Numerics
import Problems
import Residuals
import Testing

/// Problems with equations, penalties and data; more points than a chunk has.
let leastSquaresCatalog: [Sample] = [
  Sample(
    "wave",
    """
    variables: {x: [0, 1], t: [0, 1]}
    unknowns: [u]
    equations: [u_tt = 4*u_xx]
    conditions: ["u = sin(pi*x) at t = 0", "u_t = x*u at t = 0", "u = 0 at boundary"]
    """),
  Sample(
    "reaction and diffusion, two unknowns",
    """
    variables: {x: [0, 1], y: [0, 1], t: [0, 5]}
    unknowns: [u, v]
    equations: [u_t = 1 + u^2*v - 4*u + laplace(u)/50, v_t = 3*u - u^2*v + laplace(v)/50]
    conditions: ["u = 1 - cos(pi*y)/2 at t = 0", "v = 3.5 at t = 0", "u_x = v at x = 0",
      "u_x = 0 at x = 1", "u_y = 0 at y = 0", "u_y = 0 at y = 1", "v_x = 0 at x = 0",
      "v_x = 0 at x = 1", "v_y = 0 at y = 0", "v_y = 0 at y = 1"]
    """),
  Sample(
    "pendulum",
    """
    variables: {t: [0, 10]}
    unknowns: [theta]
    equations: ["theta'' + theta'/4 + 5*sin(theta) = 0"]
    conditions: ["theta = 3 at t = 0", "theta' = 0 at t = 0"]
    """),
]

/// Problems whose points come in bundles.
let bundledCatalog: [Sample] = [
  Sample(
    "weak, two unknowns of three variables",
    """
    variables: {x: [0, 1], y: [0, 1], t: [0, 1]}
    unknowns: [omega, psi]
    equations:
      - omega_t + psi_y*omega_x - psi_x*omega_y = d((1 + psi^2)*omega_x, x) + omega_yy
      - laplace(psi) = -omega
    conditions: ["omega = x*y at t = 0", "omega = 0 at boundary", "psi = 0 at boundary"]
    train: {residual: weak}
    """),
  Sample(
    "weak, a field and a number to be found",
    """
    variables: {x: [0, 1]}
    unknowns: [u]
    estimate: {k: {start: 2, bounds: [1, 5]}}
    networks: {stiffness: {inputs: [x], outputs: [a], hidden: [4]}}
    equations: ["d((1 + a^2)*u', x) + k*u^2 = 1"]
    conditions: ["u = 0 at x = 0", "u = 0 at x = 1"]
    train: {unknowns: network, residual: weak}
    """),
  Sample(
    "steps of an evolution and an algebraic equation",
    """
    variables: {x: [0, 1], t: [0, 1]}
    unknowns: [u, p]
    estimate: {k: {start: 2, bounds: [1, 5]}}
    equations: [exp(u)*u_t = k*p*u_xx + u_x, p = 1 + u^2]
    conditions: ["u = sin(pi*x) at t = 0", "u = x*t at boundary"]
    train: {residual: integrator, stages: 5}
    """),
  Sample(
    "flow of a driven oscillator",
    """
    variables: {t: [0, 3]}
    unknowns: [x, y]
    parameters: {k: 2}
    equations: ["x'' = -k*sin(x) + y*cos(t)", "y' = x*y - x'"]
    conditions: ["x = 1 at t = 0", "x' = 0 at t = 0", "y = 1 at t = 0"]
    train: {residual: integrator, conditions: penalty}
    """),
]

@Suite("Least squares") struct LeastSquaresTests {
  @Test(
    "⟨Jv, w⟩ = ⟨v, Jᵀw⟩", .tags(.property),
    arguments: leastSquaresCatalog + integralCatalog + bundledCatalog)
  func adjoint(_ sample: Sample) throws {
    let residuals = try sample.residuals(threads: 2)
    let (p, n) = (residuals.parameterCount, residuals.residualCount)
    var numbers = Numbers(7)
    let (theta, v, w) = (numbers.array(p), numbers.array(p), numbers.array(n))
    borrowed(theta) { theta in
      let product = borrowed(v) { v in filled(n) { residuals.product(theta, v, into: $0) } }
      let transposed = borrowed(w) { w in
        filled(p) { residuals.transposedProduct(theta, w, into: $0) }
      }
      // Sums of N and P products, rounded.
      let size = norm(product) * norm(w) + norm(v) * norm(transposed)
      #expect(abs(dot(product, w) - dot(v, transposed)) < 1e-13 * size)
    }
  }

  @Test(
    "JᵀJ and Jᵀr are those of the rows", .tags(.property),
    arguments: leastSquaresCatalog + integralCatalog + bundledCatalog)
  func rows(_ sample: Sample) throws {
    let residuals = try sample.residuals(threads: 2)
    let (p, n) = (residuals.parameterCount, residuals.residualCount)
    var numbers = Numbers(8)
    let theta = numbers.array(p)
    borrowed(theta) { theta in
      var rows: [Double] = []
      // In parts that chunks do not respect.
      for start in stride(from: 0, to: n, by: 37) {
        let range = start..<min(start + 37, n)
        rows += filled(range.count * p) { residuals.jacobianRows(theta, range, into: $0) }
      }
      let all = linearized(residuals, theta)
      let plain = filled(n) { residuals.residual(theta, into: $0) }
      #expect(plain == all.residual)
      var gradient = [Double](repeating: 0, count: p)
      for row in 0..<n { for i in 0..<p { gradient[i] += rows[row * p + i] * plain[row] } }
      // Sums of N products in another order.
      #expect(norm(zip(gradient, all.gradient).map(-)) < 1e-13 * norm(gradient))
      #expect(norm(zip(gradient, all.gradientAlone).map(-)) < 1e-13 * norm(gradient))
      var worst = 0.0
      var largest = 0.0
      for i in stride(from: 0, to: p, by: 3) {
        for j in 0...i {
          var sum = 0.0
          for row in 0..<n { sum += rows[row * p + i] * rows[row * p + j] }
          worst = max(worst, abs(sum - all.normal[i + j * p]))
          largest = max(largest, abs(sum))
          if i != j { #expect(all.normal[j + i * p] == 17, "the other triangle is left alone") }
        }
      }
      #expect(worst < 1e-13 * largest)
    }
  }

  /// Everything that `linearize` writes; JᵀJ over numbers that are all 17.
  private func linearized(_ residuals: PhysicsResiduals, _ theta: Vector) -> (
    residual: [Double], gradient: [Double], gradientAlone: [Double], normal: [Double]
  ) {
    let (p, n) = (residuals.parameterCount, residuals.residualCount)
    let (r, g, h, a) = (Storage(n), Storage(p), Storage(p), Storage(p * p))
    defer { r.keep(g, h, a) }
    a.vector.fill(17)
    residuals.linearize(theta, residual: r.vector, gradient: g.vector, normal: a.vector)
    residuals.linearize(theta, residual: r.vector, gradient: h.vector, normal: nil)
    return (r.vector.array, g.vector.array, h.vector.array, a.vector.array)
  }

  @Test(
    "Jv is the derivative of r along v", .tags(.property),
    arguments: leastSquaresCatalog + integralCatalog + bundledCatalog)
  func slopes(_ sample: Sample) throws {
    let residuals = try sample.residuals()
    let (p, n) = (residuals.parameterCount, residuals.residualCount)
    var numbers = Numbers(9)
    let (theta, v) = (numbers.array(p, size: 0.5), numbers.array(p))
    func residual(_ step: Double) -> [Double] {
      borrowed(zip(theta, v).map { $0 + step * $1 }) { moved in
        filled(n) { residuals.residual(moved, into: $0) }
      }
    }
    let product = borrowed(theta) { theta in
      borrowed(v) { v in filled(n) { residuals.product(theta, v, into: $0) } }
    }
    let h = 1e-3
    // Differences of order 6: truncation of h⁶ and rounding of 1e-16/h.
    let weights = [(1.0, 45.0), (2, -9), (3, 1)]
    var difference = [Double](repeating: 0, count: n)
    for (node, weight) in weights {
      for (row, pair) in zip(residual(node * h), residual(-node * h)).enumerated() {
        difference[row] += weight * (pair.0 - pair.1) / (60 * h)
      }
    }
    #expect(norm(zip(product, difference).map(-)) < 1e-10 * norm(product))
  }

  @Test("the same threads give the same bytes, others the same but for rounding", .tags(.unit))
  func threads() throws {
    var numbers = Numbers(4)
    let one = try leastSquaresCatalog[1].residuals()
    let theta = numbers.array(one.parameterCount)
    try borrowed(theta) { theta in
      let alone = linearized(one, theta)
      let first = linearized(try leastSquaresCatalog[1].residuals(threads: 2), theta)
      let second = linearized(try leastSquaresCatalog[1].residuals(threads: 2), theta)
      #expect(first.residual == alone.residual)
      #expect(first.gradient == second.gradient && first.normal == second.normal)
      #expect(first.gradientAlone == second.gradientAlone)
      #expect(norm(zip(first.normal, alone.normal).map(-)) < 1e-13 * norm(alone.normal))
      #expect(norm(zip(first.gradient, alone.gradient).map(-)) < 1e-13 * norm(alone.gradient))
    }
  }

  @Test("blocks cover r, and their losses add up to half of |r|²", .tags(.unit))
  func blocks() throws {
    let residuals = try leastSquaresCatalog[0].residuals()
    #expect(
      residuals.blocks.map(\.name) == [
        "equation 1", "u = sin(pi*x) at t = 0", "u_t = x*u at t = 0",
      ])
    #expect(residuals.blocks.map(\.rows) == [0..<150, 150..<170, 170..<190])
    let theta = residuals.initialParameters
    borrowed(theta) { theta in
      let r = filled(residuals.residualCount) { residuals.residual(theta, into: $0) }
      let losses = borrowed(r) { residuals.losses($0) }
      #expect(abs(losses.reduce(0, +) - dot(r, r) / 2) < 1e-15 * dot(r, r))
      // A weighted mean square: the second block's by hand, from the defects at its points.
      let block = residuals.blocks[1]
      let sum = r[block.rows].reduce(0) { $0 + $1 * $1 }
      #expect(abs(losses[1] - sum / 2) < 1e-15 * sum)
    }
  }

  @Test("balanced blocks have equal shares of the trace of JJᵀ", .tags(.property))
  func balance() throws {
    let residuals = try leastSquaresCatalog[0].residuals()
    let p = residuals.parameterCount
    let traces = borrowed(residuals.initialParameters) { theta in
      residuals.blocks.map { block in
        let rows = filled(block.rows.count * p) {
          residuals.jacobianRows(theta, block.rows, into: $0)
        }
        return dot(rows, rows)
      }
    }
    #expect(residuals.blocks[0].weight == 1)
    for (block, trace) in zip(residuals.blocks, traces) {
      // Weights outside [1e-3, 1e6] are cut; these are inside.
      #expect((1e-3...1e6).contains(block.weight))
      #expect(abs(trace - traces[0]) < 1e-12 * traces[0], "\(block.name)")
    }
    #expect(residuals.plan.weights == residuals.blocks.map(\.weight))
  }

  @Test("values that are not finite pass through", .tags(.unit))
  func notFinite() throws {
    let residuals = try leastSquaresCatalog[2].residuals()
    let theta = [Double](repeating: .nan, count: residuals.parameterCount)
    let values = borrowed(theta) { theta in
      filled(residuals.residualCount) { residuals.residual(theta, into: $0) }
    }
    #expect(values.allSatisfy { $0.isNaN })
  }
}
