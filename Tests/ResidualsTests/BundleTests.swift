import Expressions
import Glibc
import Numerics
import Problems
import Residuals
import Testing

/// A problem whose residuals are bundled, and what the bundles of it must be.
struct BundleSample: Sendable, CustomTestStringConvertible {
  let sample: Sample
  /// By variable: how many derivatives the test functions take.
  var orders: [Int] = []
  /// Cells and nodes along each variable.
  var cells = 0
  var nodes = 0

  var testDescription: String { sample.name }
}

let weakCatalog: [BundleSample] = [
  BundleSample(
    sample: Sample(
      "divergence with a nonlinear coefficient",
      """
      variables: {x: [-1, 2]}
      unknowns: [u]
      equations: ["d((2 + x^2 + u^2)*u', x) + x*u' = exp(x)"]
      conditions: ["u = 0 at x = -1", "u = 1 at x = 2"]
      train: {residual: weak, points: {interior: 60}}
      """), orders: [1], cells: 5, nodes: 12),
  BundleSample(
    sample: Sample(
      "beam of varying stiffness",
      """
      variables: {x: [0, 2]}
      unknowns: [u]
      equations: ["(3 + sin(x))*u'''' + u''*u = 1"]
      conditions: ["u = 0 at x = 0", "u' = 0 at x = 0", "u = 0 at x = 2", "u' = 0 at x = 2"]
      train: {residual: weak, points: {interior: 60}}
      """), orders: [2], cells: 5, nodes: 12),
  BundleSample(
    sample: Sample(
      "moments in time, test functions in space",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: [u_t + u*u_x = exp(-t)*u_xx]
      conditions: ["u = sin(pi*x) at t = 0", "u = 0 at boundary"]
      train: {residual: weak, conditions: penalty, points: {interior: 324}}
      """), orders: [1, 0], cells: 2, nodes: 9),
  BundleSample(
    sample: Sample(
      "waves, and a mixed derivative",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u, v]
      equations: [u_tt + u_xt = 4*u_xx - v^3, "v_t = d(u*v_x, x) + u_xxt"]
      conditions: ["u = 0 at t = 0", "u_t = 0 at t = 0", "u = 0 at boundary", "v = 1 at t = 0",
        "v = 1 at boundary"]
      train: {residual: weak, conditions: penalty, points: {interior: 324}}
      """), orders: [1, 1], cells: 2, nodes: 9),
]

let stepCatalog: [BundleSample] = [
  BundleSample(
    sample: Sample(
      "coupled rates",
      """
      variables: {t: [0, 2]}
      unknowns: [x, y]
      equations: ["2*x' + y' = cos(t)*y", "x' - y' = x^2"]
      conditions: ["x = 1 at t = 0", "y = 0 at t = 0"]
      train: {residual: integrator, stages: 6, points: {interior: 40}}
      """)),
  BundleSample(
    sample: Sample(
      "an unknown and an algebraic equation beside the rate",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u, p]
      equations: [u_t = p*u_xx + u_x, p = 1 + u^2]
      conditions: ["u = sin(pi*x) at t = 0", "u = 0 at boundary"]
      train: {residual: integrator, stages: 6, points: {interior: 200}}
      """)),
  BundleSample(
    sample: Sample(
      "rates of a derivative",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: [u_t - u_xxt = u*u_x]
      conditions: ["u = sin(pi*x) at t = 0", "u = 0 at boundary"]
      train: {residual: integrator, stages: 6, conditions: penalty, points: {interior: 200}}
      """)),
]

@Suite("Bundles") struct BundleTests {
  /// m-th integrals of Legendre polynomials, from the left end.
  private func shape(_ order: Int, _ degree: Int, _ s: Double) -> Double {
    if order > 0 {
      let (above, below) = (shape(order - 1, degree + 1, s), shape(order - 1, degree - 1, s))
      return (above - below) / Double(2 * degree + 1)
    }
    var (last, value) = (0.0, 1.0)
    for n in 0..<degree {
      let k = Double(n)
      (last, value) = (value, ((2 * k + 1) * s * value - k * last) / (k + 1))
    }
    return value
  }

  private func numbers(_ residuals: PhysicsResiduals, _ theta: [Double]) -> [Double] {
    borrowed(theta) { theta in
      filled(residuals.residualCount) { residuals.residual(theta, into: $0) }
    }
  }

  @Test(
    "weak rows are integrals of what is left of the equations against test functions",
    .tags(.property), arguments: weakCatalog)
  func weak(_ bundle: BundleSample) throws {
    let problem = try bundle.sample.problem(["network.hidden=[7, 6]"])
    let residuals = try PhysicsResiduals(problem, PhysicsPlan(problem), threads: 1)
    var random = Numbers(21)
    let theta = random.array(residuals.parameterCount, size: 0.3)
    let rows = numbers(residuals, theta)
    let dimension = problem.variables.count
    let count = bundle.nodes - 2
    func power(_ base: Int) -> Int { (0..<dimension).reduce(1) { product, _ in product * base } }
    #expect(residuals.points.count == power(bundle.cells * bundle.nodes))
    let fine = try QuadratureRule.gaussLegendre(dimension == 1 ? 40 : 20)
    for (equation, block) in residuals.blocks.prefix(problem.equations.count).enumerated() {
      #expect(block.rows.count == power(bundle.cells) * power(count))
      var ratios: [[Double]] = Array(repeating: [], count: power(count))
      var worst = 0.0
      var size = 0.0
      for cell in 0..<power(bundle.cells) {
        let integrals = integrals(
          residuals, theta, equation, bundle, digits(cell, bundle.cells, dimension), fine)
        for test in 0..<power(count) {
          let row = rows[block.rows.lowerBound + cell * power(count) + test]
          ratios[test].append(row / integrals[test])
          // The same in every cell; along one axis all have the same norm of their m-th derivatives,
          // which are Legendre polynomials here.
          let first = Double(2 * bundle.orders[0] + 1)
          let growth = ((first + Double(2 * test)) / first).squareRoot()
          let ratio = dimension == 1 ? ratios[0][0] * growth : ratios[test][0]
          worst = max(worst, abs(row - ratio * integrals[test]))
          size = max(size, abs(row))
        }
      }
      // What the cells' rules leave of smooth functions: 12 nodes on a fifth, 9 on a half.
      #expect(worst < (dimension == 1 ? 1e-11 : 1e-7) * size, "\(block.name): \(worst) of \(size)")
    }
  }

  private func digits(_ number: Int, _ base: Int, _ count: Int) -> [Int] {
    var rest = number
    return (0..<count).map { _ in
      defer { rest /= base }
      return rest % base
    }.reversed()
  }

  /// ∫ψ·R over a cell for every test function, by a rule on points of its own.
  private func integrals(
    _ residuals: PhysicsResiduals, _ theta: [Double], _ equation: Int, _ bundle: BundleSample,
    _ cell: [Int], _ rule: QuadratureRule
  ) -> [Double] {
    let variables = residuals.problem.variables
    let (d, n, count) = (variables.count, rule.nodes.count, bundle.nodes - 2)
    func power(_ base: Int) -> Int { (0..<d).reduce(1) { product, _ in product * base } }
    let nodes = (0..<power(n)).map { digits($0, n, d) }
    var places: [Double] = []
    for node in nodes {
      for (axis, variable) in variables.enumerated() {
        let part = (Double(cell[axis]) + (1 + rule.nodes[node[axis]]) / 2) / Double(bundle.cells)
        places.append(variable.lower + part * (variable.upper - variable.lower))
      }
    }
    let defects = borrowed(theta) { residuals.equationDefects($0, at: places)[equation] }
    let shapes = bundle.orders.map { order in
      (0..<count).map { test in rule.nodes.map { shape(order, order + test, $0) } }
    }
    return (0..<power(count)).map { test in
      let index = digits(test, count, d)
      var sum = 0.0
      for (node, defect) in zip(nodes, defects) {
        var product = defect
        for axis in 0..<d {
          product *= rule.weights[node[axis]] * shapes[axis][index[axis]][node[axis]]
        }
        sum += product
      }
      return sum
    }
  }

  @Test(
    "rows of steps are integrals of what is left of the equations over the stages",
    .tags(.property), arguments: stepCatalog)
  func steps(_ bundle: BundleSample) throws {
    let problem = try bundle.sample.problem(["network.hidden=[7, 6]"])
    let residuals = try PhysicsResiduals(problem, PhysicsPlan(problem), threads: 1)
    var random = Numbers(22)
    let theta = random.array(residuals.parameterCount, size: 0.3)
    let rows = numbers(residuals, theta)
    let points = residuals.points
    let marching = try #require(problem.variables.firstIndex { $0.name == "t" })
    let rule = try QuadratureRule.gaussLegendre(20, from: 0, to: 1)
    let size = 8
    #expect(points.count % size == 0)
    for (equation, block) in residuals.blocks.prefix(problem.equations.count).enumerated() {
      #expect(block.rows.count == points.count / size * 7)
      let scale = (block.weight / Double(block.rows.count)).squareRoot()
      let isAlgebraic = problem.equations[equation].text.hasPrefix("p =")
      for start in stride(from: 0, to: points.count, by: size) {
        let places = points[start..<(start + size)]
        let times = places.map { $0[marching] }
        let h = times[7] - times[0]
        #expect(times == times.sorted() && Set(places.map { $0.first }).count <= size)
        for stage in 1..<size {
          let reach = times[stage] - times[0]
          var sum = 0.0
          for (node, weight) in zip(rule.nodes, rule.weights) {
            var place = points[start]
            place[marching] = times[0] + (isAlgebraic ? 1 : node) * reach
            let defect = borrowed(theta) { residuals.equationDefects($0, at: place)[equation][0] }
            sum += weight * (isAlgebraic ? 1 : reach / h) * defect
          }
          let row = rows[block.rows.lowerBound + start / size * 7 + stage - 1]
          // Six stages integrate to h⁶ at a stage; steps are a fifth of the interval at most half.
          #expect(abs(row - scale * sum) < 1e-7 * scale, "\(row) and \(scale * sum)")
        }
      }
    }
  }

  @Test("tableaus: conditions of order, published values", .tags(.property))
  func tableaus() throws {
    for stages in [1, 2, 3, 8, 20, 21, 100] {
      let tableau = try GaussTableau(stages: stages)
      let (b, c) = (tableau.weights, tableau.nodes)
      for power in [1, 2, 3, stages, 2 * stages] where power <= 2 * stages {
        let moment = zip(b, c).reduce(0) { $0 + $1.0 * pow($1.1, Double(power - 1)) }
        #expect(abs(moment * Double(power) - 1) < 1e-13, "B(\(power)) of \(stages)")
      }
      for (row, place) in zip(tableau.matrix, c) {
        for power in [1, (stages + 1) / 2, stages] {
          let sum = zip(row, c).reduce(0) { $0 + $1.0 * pow($1.1, Double(power - 1)) }
          #expect(abs(sum - pow(place, Double(power)) / Double(power)) < 1e-14)
        }
      }
      // Symplectic: bᵢaᵢⱼ + bⱼaⱼᵢ = bᵢbⱼ.
      for i in 0..<stages {
        for j in 0..<stages {
          let sum = b[i] * tableau.matrix[i][j] + b[j] * tableau.matrix[j][i]
          #expect(abs(sum - b[i] * b[j]) < 1e-15)
        }
      }
    }
    // Hairer and Wanner, Solving ODEs II, tables IV.5.1 and IV.5.2.
    let two = try GaussTableau(stages: 2).matrix
    let r3 = 3.0.squareRoot()
    let three = try GaussTableau(stages: 3).matrix
    let r15 = 15.0.squareRoot()
    let published = [
      [1.0 / 4, 1 / 4 - r3 / 6], [1 / 4 + r3 / 6, 1.0 / 4],
      [5.0 / 36, 2 / 9 - r15 / 15, 5 / 36 - r15 / 30],
      [5 / 36 + r15 / 24, 2.0 / 9, 5 / 36 - r15 / 24],
      [5 / 36 + r15 / 30, 2 / 9 + r15 / 15, 5.0 / 36],
    ]
    for (row, expected) in zip(two + three, published) {
      for (a, b) in zip(row, expected) { #expect(abs(a - b) < 1e-15) }
    }
    #expect(try GaussTableau(stages: 1).matrix == [[0.5]])
  }
}
