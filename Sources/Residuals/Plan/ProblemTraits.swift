import Expressions
import Problems

/// What the choice of a network and of points goes by.
struct ProblemTraits {
  let variables: Int
  let unknowns: Int
  let kind: Problem.Kind
  /// The highest total order of a derivative in the equations.
  let order: Int
  /// The highest order by a variable that does not march.
  let spaceOrder: Int
  /// The highest order by the marching variable.
  let marchingOrder: Int
  /// The equations are nonlinear in the unknowns.
  let isNonlinear: Bool
  /// A derivative is multiplied by an unknown: fronts may steepen.
  let hasNonlinearTransport: Bool
  let isPeriodic: Bool
  /// Half-waves of the conditions' values and of the sources along one variable, the most.
  let halfWaves: Int

  /// An evolution that carries waves on instead of damping them, or data of many half-waves.
  var isWavy: Bool {
    halfWaves >= 5 || kind == .evolution && (marchingOrder >= 2 || spaceOrder < 2)
  }

  init(_ calculus: FieldCalculus) {
    let problem = calculus.problem
    variables = problem.variables.count
    unknowns = problem.allUnknowns.count
    kind = problem.kind
    isPeriodic = !calculus.periodic.isEmpty
    order = problem.allUnknowns.map { problem.highestOrder(of: $0) }.max() ?? 0
    var (space, marching) = (0, 0)
    for unknown in problem.allUnknowns {
      for interval in problem.variables {
        let order = problem.order(of: unknown, in: interval.name)
        let marches = interval.name == problem.marching || problem.variables.count == 1
        if marches { marching = max(marching, order) } else { space = max(space, order) }
      }
    }
    spaceOrder = space
    marchingOrder = marching
    let whole = problem.equations.map { calculus.constant($0.residual) }
    let (residuals, integrals) = (try? IntegralForm.read(whole, calculus)) ?? (whole, [])
    var (nonlinear, transport) = (integrals.contains(where: \.isNonlinear), false)
    let stands = Set(integrals.map(\.symbol))
    for residual in residuals {
      let leaves = residual.symbols.filter {
        calculus.unknowns.contains($0.name) || stands.contains($0)
      }
      for leaf in leaves {
        guard let slope = try? residual.derivative(by: leaf) else { continue }
        if slope.symbols.isDisjoint(with: leaves) { continue }
        nonlinear = true
        if leaf.order > 0 { transport = true }
      }
    }
    isNonlinear = nonlinear
    hasNonlinearTransport = transport
    halfWaves = Self.halfWaves(calculus, residuals, stands)
  }

  /// Counts how often given functions cross their means along the variables.
  private static func halfWaves(
    _ calculus: FieldCalculus, _ residuals: [Expression], _ stands: Set<Symbol>
  ) -> Int {
    var given = calculus.problem.conditions.compactMap(\.value).map { calculus.constant($0) }
    for residual in residuals {
      let leaves = residual.symbols.filter {
        calculus.fields.contains($0.name) || calculus.forcings.contains($0.name)
          || stands.contains($0)
      }
      let zeros = Dictionary(uniqueKeysWithValues: leaves.map { ($0, Expression.zero) })
      given.append(residual.substituting(zeros))
    }
    var most = 0
    for function in given where function.constant == nil && function.integralDepth == 0 {
      for axis in calculus.problem.variables.indices {
        most = max(most, crossings(function, axis, calculus))
      }
    }
    return most
  }

  private static func crossings(_ function: Expression, _ axis: Int, _ calculus: FieldCalculus)
    -> Int
  {
    let intervals = calculus.problem.variables
    guard function.contains(Symbol(intervals[axis].name)) else { return 0 }
    var most = 0
    for part in [0.21, 0.47, 0.83] {
      var place = intervals.map { $0.lower + part * ($0.upper - $0.lower) }
      let values = (0...120).map { index in
        let interval = intervals[axis]
        place[axis] = interval.lower + Double(index) / 120 * (interval.upper - interval.lower)
        return calculus.value(function, at: place)
      }.filter(\.isFinite)
      guard let low = values.min(), let high = values.max() else { continue }
      let middle = (low + high) / 2
      // Small wiggles about the middle are no waves.
      let band = 0.05 * (high - low)
      var side = 0
      var count = 0
      for value in values where (value - middle).magnitude > band {
        let now = value > middle ? 1 : -1
        if side != 0, now != side { count += 1 }
        side = now
      }
      most = max(most, count)
    }
    return most
  }
}
