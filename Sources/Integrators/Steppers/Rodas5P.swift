import Numerics

/// Steinebach's Rodas5P: a Rosenbrock method of order 5 for stiff systems and index-1 DAEs.
///
/// Stages solve (M/(γh) − J)Uᵢ = f(t + cᵢh, y + Σ aᵢⱼUⱼ) + M Σ (Cᵢⱼ/h)Uⱼ + dᵢh ∂f/∂t; the last is the
/// error estimate. Stiffly accurate, L-stable, dense output of order 4 without further evaluations.
/// Eight evaluations, one Jacobian, one ∂f/∂t and one factorisation a step; a rejected step keeps
/// the derivatives.
/// Source: G. Steinebach, BIT Numer. Math. 63:27 (2023), and the coefficients published with it.
public final class Rodas5P: Stepper {
  private static let gamma = 0.21193756319429014
  // swift-format-ignore
  private static let a: [[Double]] = [
    [3],
    [2.849394379747939, 0.45842242204463923],
    [-6.954028509809101, 2.489845061869568, -10.358996098473584],
    [2.8029986275628964, 0.5072464736228206, -0.3988312541770524, -0.04721187230404641],
    [
      -7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256,
      0.030198172008377946,
    ],
    [
      -7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256,
      0.030198172008377946, 1,
    ],
    [
      -7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256,
      0.030198172008377946, 1, 1,
    ],
  ]
  // swift-format-ignore
  private static let coupling: [[Double]] = [
    [-14.155112264123755],
    [-17.97296035885952, -2.859693295451294],
    [147.12150275711716, -1.41221402718213, 71.68940251302358],
    [165.43517024871676, -0.4592823456491126, 42.90938336958603, -5.961986721573306],
    [
      24.854864614690072, -3.0009227002832186, 47.4931110020768, 5.5814197821558125,
      -0.6610691825249471,
    ],
    [
      30.91273214028599, -3.1208243349937974, 77.79954646070892, 34.28646028294783,
      -19.097331116725623, -28.087943162872662,
    ],
    [
      37.80277123390563, -3.2571969029072276, 112.26918849496327, 66.9347231244047,
      -40.06618937091002, -54.66780262877968, -9.48861652309627,
    ],
  ]
  // swift-format-ignore
  private static let c: [Double] = [0, 0.6358126895828704, 0.4095798393397535, 0.9769306725060716, 0.4288403609558664, 1, 1, 1]
  // swift-format-ignore
  private static let d: [Double] = [
    0.21193756319429014, -0.42387512638858027, -0.3384627126235924, 1.8046452872882734,
    2.325825639765069, 0, 0, 0,
  ]
  // swift-format-ignore
  private static let dense: [[Double]] = [
    [
      25.948786856663858, -2.5579724845846235, 10.433815404888879, -2.3679251022685204,
      0.524948541321073, 1.1241088310450404, 0.4272876194431874, -0.17202221070155493,
    ],
    [
      -9.91568850695171, -0.9689944594115154, 3.0438037242978453, -24.495224566215796,
      20.176138334709044, 15.98066361424651, -6.789040303419874, -6.710236069923372,
    ],
    [
      11.419903575922262, 2.8879645146136994, 72.92137995996029, 80.12511834622643,
      -52.072871366152654, -59.78993626266729, -0.15582684282751913, 4.883087185713722,
    ],
  ]

  private let system: ShiftedSystem
  /// Stage increments U₁…U₈, then the three terms of the dense output.
  private let u: Vector
  private let terms: Vector
  private let stage: Vector
  private let coupled: Vector
  private let slope: Vector
  private let nodes: Vector
  private let slopes: Vector
  private let work: Storage
  private let stageRows: [StageRow]
  private let couplingRows: [StageRow]
  private let denseRows: [StageRow]
  private var isLinearized = false
  /// Where the dense output of order 4 is not enough: two half steps, each with its own.
  private var halves: Halves?
  private var usesHalves = false

  /// Allocates for a field.
  public override init(_ field: VectorField) {
    let n = field.dimension
    system = field.makeShiftedSystem()
    work = Storage(14 * n + 16)
    u = work.vector.slice(0, 8 * n)
    terms = work.vector.slice(8 * n, 3 * n)
    stage = work.vector.slice(11 * n, n)
    coupled = work.vector.slice(12 * n, n)
    slope = work.vector.slice(13 * n, n)
    nodes = work.vector.slice(14 * n, 8)
    nodes.assign(Rodas5P.c)
    slopes = work.vector.slice(14 * n + 8, 8)
    slopes.assign(Rodas5P.d)
    stageRows = Rodas5P.a.map { StageRow($0, dimension: n) }
    couplingRows = Rodas5P.coupling.map { StageRow($0, dimension: n) }
    denseRows = Rodas5P.dense.map { StageRow($0, dimension: n) }
    super.init(field)
  }

  public override var order: Int { 5 }
  public override var interpolantDegree: Int { usesHalves ? 12 : 4 }

  public override func start(_ t: Double, _ y: Vector) {
    super.start(t, y)
    isLinearized = false
  }

  public override func attempt() -> Bool {
    let n = dimension
    if !isLinearized {
      system.linearize(t, yOld)
      field.timeDerivative(t, yOld, into: slope)
      isLinearized = true
    }
    guard system.factor(1 / (Rodas5P.gamma * h)) else { return false }
    for i in 0..<8 {
      let increment = u.slice(i * n, n)
      if i == 0 {
        increment.assign(rate)
      } else {
        let argument = i == 7 ? yNew : stage
        stageRows[i - 1].combine(
          yOld, u, into: argument, couplingRows[i - 1], 1 / h, into: coupled)
        field(nodes[i] == 1 ? tNew : t + nodes[i] * h, argument, into: increment)
        addCoupling(to: increment)
      }
      let weight = slopes[i] * h
      if weight != 0, !field.isAutonomous {
        for c in 0..<n { increment[c] += weight * slope[c] }
      }
      system.solve(increment)
    }
    let last = u.slice(7 * n, n)
    for c in 0..<n { yNew[c] += last[c] }
    error.assign(last)
    return true
  }

  private func addCoupling(to increment: Vector) {
    if let mass = field.mass {
      mass.add(1, times: coupled, to: increment)
    } else {
      for c in 0..<dimension { increment[c] += coupled[c] }
    }
  }

  private func prepareTerms() {
    for (m, row) in denseRows.enumerated() {
      row.combine(nil, 1, u, into: terms.slice(m * dimension, dimension))
    }
  }

  public override func prepareInterpolant(_ norm: ErrorNorm) {
    prepareTerms()
    usesHalves = false
    // The last term is at most θ³(1 − θ) = 0.105 of its coefficient; what it leaves out falls by a
    // third or more.
    for c in 0..<dimension { stage[c] = 0.105 * terms[2 * dimension + c] }
    if isWhole, norm.measure(stage, yOld, yNew) > 3 * PicardInterpolant.share { takeHalves() }
  }

  /// Whether this is not itself the stepper of a half step.
  private var isWhole = true

  private func takeHalves() {
    let halves = self.halves ?? Halves(field)
    self.halves = halves
    usesHalves = halves.take(self)
  }

  public override func interpolate(_ theta: Double, into y: Vector) {
    if usesHalves, let halves { return halves.interpolate(theta, self, into: y) }
    let n = dimension
    let rest = 1 - theta
    for c in 0..<n {
      let inner = terms[c] + theta * (terms[n + c] + theta * terms[2 * n + c])
      y[c] = rest * yOld[c] + theta * (yNew[c] + rest * inner)
    }
  }

  public override func accept() {
    super.accept()
    isLinearized = false
  }

  /// The Jacobian's norm at the start of the step: an upper bound.
  public override var spectralRadius: Double? { isLinearized ? system.jacobianNorm() : nil }
}

extension Rodas5P {
  /// A step taken again as two halves, 2⁵ times more accurate inside.
  fileprivate final class Halves {
    private let steppers: [Rodas5P]
    private let middle: Storage
    private let end: Storage

    init(_ field: VectorField) {
      steppers = [Rodas5P(field), Rodas5P(field)]
      for stepper in steppers { stepper.isWhole = false }
      middle = Storage(field.dimension)
      end = Storage(field.dimension)
    }

    /// False where a half step fails: the whole step's dense output then stays.
    func take(_ whole: Rodas5P) -> Bool {
      let half = whole.t + 0.5 * whole.h
      steppers[0].start(whole.t, whole.yOld)
      guard steppers[0].step(whole.t, whole.yOld, to: half, middle.vector) else { return false }
      steppers[1].start(half, middle.vector)
      guard steppers[1].step(half, middle.vector, to: whole.tNew, end.vector) else { return false }
      for stepper in steppers { stepper.prepareTerms() }
      return middle.vector.isFinite && end.vector.isFinite
    }

    /// The half steps end beside the whole one by its local error, which is spread over the step.
    func interpolate(_ theta: Double, _ whole: Rodas5P, into y: Vector) {
      if theta == 1 { return y.assign(whole.yNew) }
      if theta <= 0.5 {
        steppers[0].interpolate(2 * theta, into: y)
      } else {
        steppers[1].interpolate(2 * theta - 1, into: y)
      }
      let blend = theta * theta * (3 - 2 * theta)
      for c in 0..<y.count { y[c] += blend * (whole.yNew[c] - end.vector[c]) }
    }
  }
}
