import Numerics

/// The system M·y' = f(t, y) that a stepper integrates.
///
/// The base class takes f as a closure and finds derivatives by differences. Subclasses override
/// what they know exactly: ``evaluate(_:_:into:)``, ``jacobian(_:_:into:)``,
/// ``timeDerivative(_:_:into:)``, or the whole linear algebra with ``makeShiftedSystem()``.
///
/// Not `Sendable`: one task integrates a field at a time.
open class VectorField {
  /// Writes f(t, y) to the third argument.
  public typealias Rate = (_ t: Double, _ y: Vector, _ dydt: Vector) -> Void

  public let dimension: Int
  /// Where ∂f/∂y can be non-zero.
  public let pattern: SparsityPattern
  /// M, or nil for the identity.
  public let mass: MassMatrix?
  /// Whether f does not depend on t.
  public let isAutonomous: Bool
  /// What has been asked of the field so far.
  public final var counts: FieldCounts {
    get { counters.pointee }
    set { counters.pointee = newValue }
  }
  // In memory of its own: as a stored property, each evaluation would pay for an access check.
  private let counters: UnsafeMutablePointer<FieldCounts>

  private let rate: Rate
  private lazy var differences = FiniteDifferences(dimension: dimension, pattern: pattern)

  /// Makes a field from a closure.
  ///
  /// - Parameters:
  ///   - pattern: where ∂f/∂y can be non-zero; everywhere if nil.
  ///   - mass: M, constant; the identity if nil.
  public init(
    dimension: Int, pattern: SparsityPattern? = nil, mass: MassMatrix? = nil,
    isAutonomous: Bool = false, _ rate: @escaping Rate = { _, _, dydt in dydt.fill(0) }
  ) {
    precondition(dimension > 0, "a system of \(dimension) equations")
    self.dimension = dimension
    self.pattern = pattern ?? .dense(dimension)
    self.mass = mass
    self.isAutonomous = isAutonomous
    self.rate = rate
    counters = .allocate(capacity: 1)
    counters.initialize(to: FieldCounts())
  }

  deinit { counters.deallocate() }

  /// Writes f(t, y); `y`, `dydt`: `[dimension]`.
  ///
  /// Steppers call ``callAsFunction(_:_:into:)``.
  open func evaluate(_ t: Double, _ y: Vector, into dydt: Vector) { rate(t, y, dydt) }

  /// Writes the entries of ∂f/∂y in the order of ``pattern``; `entries`: `[pattern.count]`.
  ///
  /// The base class takes forward differences, one evaluation for each group of columns that share
  /// no row; these are counted as evaluations.
  open func jacobian(_ t: Double, _ y: Vector, into entries: Vector) {
    differences.jacobian(self, t, y, into: entries)
  }

  /// Writes ∂f/∂t; `result`: `[dimension]`.
  ///
  /// The base class takes a difference (two evaluations).
  open func timeDerivative(_ t: Double, _ y: Vector, into result: Vector) {
    if isAutonomous { result.fill(0) } else { differences.time(self, t, y, into: result) }
  }

  /// An upper bound of the spectral radius of ∂f/∂y around (t, y), where the field knows one.
  ///
  /// It saves stabilised methods their estimates; too low a bound makes them unstable.
  open func spectralRadiusBound(_ t: Double, _ y: Vector) -> Double? { nil }

  /// Whether a step may end at y, its error being within the tolerance; a step that may not is
  /// halved.
  ///
  /// `start`, `end`: `[dimension]`, of the step.
  open func admits(_ start: Vector, _ end: Vector) -> Bool { true }

  /// Makes what implicit steppers solve (σM − J)x = b with.
  open func makeShiftedSystem() -> ShiftedSystem { ShiftedSystem(self) }

  /// The field of the first components, where these evolve by themselves and the others follow
  /// linearly from them, as sensitivities do; nil otherwise.
  ///
  /// An implicit method may then iterate on the first ones alone and ask ``follow(_:_:_:past:into:)``
  /// for the others.
  open var leading: VectorField? { nil }

  /// Solves σM(ψ + d) = f(t, y + d) for d of the components that follow the ``leading`` ones.
  ///
  /// - Parameters:
  ///   - y: the leading components at their solution, the others as predicted; `[dimension]`.
  ///   - past: ψ, `[dimension]`.
  ///   - correction: takes d, its leading components are left alone; `[dimension]`.
  /// - Returns: false where the matrix of the equations is singular.
  open func follow(
    _ t: Double, _ sigma: Double, _ y: Vector, past: Vector, into correction: Vector
  ) -> Bool { leading == nil }

  /// Called between steps with what the run has cost so far; a field may prepare faster code here,
  /// as long as it gives the same bits.
  open func stepEnded() {}

  /// Evaluates and counts.
  @inline(__always)
  public final func callAsFunction(_ t: Double, _ y: Vector, into dydt: Vector) {
    counters.pointee.evaluations &+= 1
    evaluate(t, y, into: dydt)
  }
}

/// What a run asked of its field.
public struct FieldCounts: Sendable, Equatable {
  /// Evaluations of f.
  public var evaluations = 0
  /// Evaluations of ∂f/∂y.
  public var jacobians = 0
  /// LU factorisations.
  public var factorizations = 0

  /// Counts nothing yet.
  public init() {}
}

/// The places where a square matrix can be non-zero.
public struct SparsityPattern: Sendable, Equatable {
  public let dimension: Int
  public let rows: [Int]
  public let columns: [Int]
  /// The number of diagonals below, and above, the main one that can be non-zero.
  public let lower: Int
  public let upper: Int

  /// Lists the places; entry k stands at (`rows[k]`, `columns[k]`), each place at most once.
  public init(dimension: Int, rows: [Int], columns: [Int]) {
    precondition(rows.count == columns.count, "\(rows.count) rows, \(columns.count) columns")
    self.dimension = dimension
    self.rows = rows
    self.columns = columns
    lower = zip(rows, columns).reduce(0) { max($0, $1.0 - $1.1) }
    upper = zip(rows, columns).reduce(0) { max($0, $1.1 - $1.0) }
  }

  /// Every place, row by row.
  public static func dense(_ n: Int) -> SparsityPattern {
    SparsityPattern(
      dimension: n, rows: (0..<n * n).map { $0 / n }, columns: (0..<n * n).map { $0 % n })
  }

  /// The places within `lower` diagonals below and `upper` above the main one, row by row.
  public static func band(_ n: Int, lower: Int, upper: Int) -> SparsityPattern {
    var rows: [Int] = []
    var columns: [Int] = []
    for row in 0..<n {
      for column in max(0, row - lower)...min(n - 1, row + upper) {
        rows.append(row)
        columns.append(column)
      }
    }
    return SparsityPattern(dimension: n, rows: rows, columns: columns)
  }

  public var count: Int { rows.count }
}

/// A constant matrix M of M·y' = f, by its non-zero entries.
public struct MassMatrix: Sendable {
  public let pattern: SparsityPattern
  public let entries: [Double]

  /// Takes entry k at place k of the pattern.
  public init(pattern: SparsityPattern, entries: [Double]) {
    precondition(
      pattern.count == entries.count, "\(pattern.count) places, \(entries.count) entries")
    self.pattern = pattern
    self.entries = entries
  }

  /// A diagonal matrix: 1 where an equation is differential, 0 where it is algebraic.
  public init(diagonal: [Double]) {
    let indices = Array(0..<diagonal.count)
    self.init(
      pattern: SparsityPattern(dimension: diagonal.count, rows: indices, columns: indices),
      entries: diagonal)
  }

  /// Adds `scale`·M·x to `result`; both `[dimension]`.
  func add(_ scale: Double, times x: Vector, to result: Vector) {
    pattern.rows.withUnsafeBufferPointer { rows in
      pattern.columns.withUnsafeBufferPointer { columns in
        entries.withUnsafeBufferPointer { entries in
          for k in 0..<entries.count {
            result[rows[k]] += scale * entries[k] * x[columns[k]]
          }
        }
      }
    }
  }
}
