import Glibc
import Integrators
import Numerics

/// What makes a learned field expensive to integrate, as residuals over the steps of a segment.
///
/// Each row is the root of a mean over the steps taken, weighed by their lengths; components are
/// measured by their sizes, times by the length of the segment. Estimates of errors and stiffness are
/// scaled to steps of a twentieth of the segment: at those taken, control keeps them as they are.
public enum DynamicsPenalty: String, CaseIterable, Sendable, Codable {
  case kinetic, jacobian
  case localError = "local-error"
  case stiffness

  /// The penalty in a line.
  public var summary: String {
    switch self {
    case .kinetic: "mean of the squared rates along trajectories"
    case .jacobian: "mean of the squared entries of df/dy along trajectories"
    case .localError:
      "mean of the integrator's squared error estimates over the tolerance, for a fixed step"
    case .stiffness: "mean of the integrator's squared stiffness estimates, times a fixed step"
    }
  }

  /// Where it comes from.
  public var source: String {
    switch self {
    case .kinetic, .jacobian: "Finlay, Jacobsen, Nurbekyan and Oberman 2020, arXiv:2002.02798"
    case .localError, .stiffness: "Pal, Ma, Shah and Rackauckas 2021, PMLR 139:8325"
    }
  }

  /// Rows of a segment.
  func rowCount(_ dimension: Int) -> Int {
    switch self {
    case .kinetic, .localError: dimension
    case .jacobian: dimension * dimension
    case .stiffness: 1
    }
  }
}

/// Adds up the penalties of one segment, step by step.
///
/// One worker's own; S is `[n][q]` as ``SensitivityField`` has it, or absent.
final class PenaltySums {
  private let kinds: [DynamicsPenalty]
  private let field: TrainableField
  private let plan: TrajectoryPlan
  private let n: Int
  private let q: Int
  /// Sums of squares by row, and half their derivatives, `[row][q]`.
  private var squares: [Double]
  private let slopes: Storage
  private let change: Storage
  private let pair: (Storage, Storage)
  private let probes: [Storage]
  private let y: Storage

  /// - Parameter columns: q; 0 for values alone.
  init(_ kinds: [DynamicsPenalty], _ field: TrainableField, _ plan: TrajectoryPlan, columns: Int) {
    self.kinds = kinds
    self.field = field
    self.plan = plan
    n = field.dimension
    q = columns
    let n = n
    let count = kinds.reduce(0) { $0 + $1.rowCount(n) }
    squares = [Double](repeating: 0, count: count)
    slopes = Storage(count * columns)
    change = Storage(max(columns, 1))
    pair = (Storage(n * (1 + columns)), Storage(n * (1 + columns)))
    // Two of each: rate, Jacobian, rows of parameters.
    probes = [n, n, n * n, n * n, n * field.parameterCount, n * field.parameterCount].map {
      Storage($0)
    }
    y = Storage(n)
  }

  func start() {
    for row in squares.indices { squares[row] = 0 }
    slopes.vector.fill(0)
  }

  /// Looks at an accepted step, before the stepper moves on.
  func look(_ step: Stepper, tolerances: Tolerances, span: Double) {
    let share = step.h.magnitude / max(span, 1e-300)
    let fixed = span / 20
    var row = 0
    for kind in kinds {
      switch kind {
      case .kinetic:
        for i in 0..<n { add(row + i, step.rate, i, span / plan.sizes[i], share) }
      case .localError:
        let factor = pow(fixed / step.h.magnitude, step.errorPower)
        for i in 0..<n {
          let unit = tolerances.absolute[i] + tolerances.relative * plan.sizes[i]
          add(row + i, step.error, i, factor / unit, share)
        }
      case .jacobian: addJacobian(row, step, span, share)
      case .stiffness: addStiffness(row, step, fixed, share)
      }
      row += kind.rowCount(n)
    }
  }

  /// Adds a component of a vector [values | derivatives].
  private func add(_ row: Int, _ vector: Vector, _ i: Int, _ scale: Double, _ share: Double) {
    let value = vector[i] * scale
    squares[row] += share * value * value
    guard q > 0 else { return }
    slopes.vector.slice(row * q, q).add(
      share * value * scale, times: vector.slice(n + i * q, q))
  }

  private func addStiffness(_ row: Int, _ step: Stepper, _ fixed: Double, _ share: Double) {
    guard step.writeStagePair(pair.0.vector, pair.1.vector) else { return }
    var (rates, states) = (0.0, 0.0)
    for i in 0..<n {
      rates += pair.0.vector[i] * pair.0.vector[i]
      states += pair.1.vector[i] * pair.1.vector[i]
    }
    guard states > 0, rates > 0 else { return }
    let value = fixed * (rates / states).squareRoot()
    squares[row] += share * value * value
    for i in 0..<n where q > 0 {
      let target = slopes.vector.slice(row * q, q)
      let factor = share * value * value
      target.add(factor * pair.0.vector[i] / rates, times: pair.0.vector.slice(n + i * q, q))
      target.add(-factor * pair.1.vector[i] / states, times: pair.1.vector.slice(n + i * q, q))
    }
  }

  /// ∂f/∂y by differences of f, so that its own derivatives are differences of derivatives: exact to
  /// some ten digits.
  private func addJacobian(_ row: Int, _ step: Stepper, _ span: Double, _ share: Double) {
    let (state, count) = (step.yOld, field.parameterCount)
    let unit = 1e-5
    for j in 0..<n {
      let reach = unit * plan.sizes[j]
      for side in 0..<2 {
        y.vector.assign(state.slice(0, n))
        y.vector[j] += side == 0 ? reach : -reach
        field.linearize(
          step.t, y.vector, rate: probes[side].vector, jacobian: probes[2 + side].vector,
          rows: probes[4 + side].vector, stride: count)
      }
      for i in 0..<n {
        let scale = span * plan.sizes[j] / plan.sizes[i] / (2 * reach)
        let value = scale * (probes[0].vector[i] - probes[1].vector[i])
        let place = row + i * n + j
        squares[place] += share * value * value
        guard q > 0 else { continue }
        let (plus, minus) = (probes[4].vector, probes[5].vector)
        for c in 0..<count {
          change.vector[c] = plus[i * count + c] - minus[i * count + c]
        }
        change.vector.slice(count, q - count).fill(0)
        for l in 0..<n {
          let slope = probes[2].vector[i * n + l] - probes[3].vector[i * n + l]
          change.vector.add(slope, times: state.slice(n + l * q, q))
        }
        slopes.vector.slice(place * q, q).add(share * value * scale, times: change.vector)
      }
    }
  }

  /// Shows each row: its value, and its derivatives by the columns where there are any.
  func finish(_ visit: (_ row: Int, _ value: Double, _ slopes: Vector?) -> Void) {
    for row in squares.indices {
      let value = squares[row].squareRoot()
      guard q > 0, value > 0 else {
        visit(row, value, nil)
        continue
      }
      let own = slopes.vector.slice(row * q, q)
      for c in 0..<q { own[c] /= value }
      visit(row, value, own)
    }
  }
}
