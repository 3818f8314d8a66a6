import CSuiteSparse

/// A sparse matrix and its LU factors (UMFPACK): the pattern is analysed once, entries are refilled.
///
/// Rows are handed to UMFPACK as the columns of the transpose, and the transposed system is solved.
/// Source: T. A. Davis, ACM TOMS 30 (2004) 196.
public final class SparseLU {
  /// Why a factorisation gave no factors.
  public enum Failure: Sendable, Equatable {
    case singular, notFinite, outOfMemory
  }

  public let dimension: Int
  /// The matrix: compressed rows in the order of the pattern; ``factor()`` leaves them as they are.
  public let entries: Vector
  /// Why the last ``factor()`` returned false.
  public private(set) var failure: Failure?
  private let storage: Storage
  private let starts: UnsafeMutablePointer<Int32>
  private let columns: UnsafeMutablePointer<Int32>
  private let control: UnsafeMutablePointer<Double>
  private let info: UnsafeMutablePointer<Double>
  /// For a solution: a copy of the right-hand side, and what UMFPACK asks for.
  private let work: Storage
  private let marks: UnsafeMutablePointer<Int32>
  private var symbolic: UnsafeMutableRawPointer?
  private var numeric: UnsafeMutableRawPointer?

  /// Analyses a pattern.
  ///
  /// - Cost: an ordering that keeps the factors sparse; some milliseconds for 10⁴ rows.
  public init(_ pattern: SparsePattern) {
    precondition(pattern.dimension > 0 && pattern.count <= Int32.max, "\(pattern.count) entries")
    let n = pattern.dimension
    dimension = n
    storage = Storage(pattern.count)
    entries = storage.vector
    starts = .allocate(capacity: n + 1)
    columns = .allocate(capacity: max(pattern.count, 1))
    for (i, start) in pattern.rowStarts.enumerated() { (starts + i).initialize(to: Int32(start)) }
    for (k, column) in pattern.columns.enumerated() {
      (columns + k).initialize(to: Int32(column))
    }
    control = .allocate(capacity: Int(UMFPACK_CONTROL))
    info = .allocate(capacity: Int(UMFPACK_INFO))
    info.initialize(repeating: 0, count: Int(UMFPACK_INFO))
    work = Storage(6 * n)
    marks = .allocate(capacity: n)
    marks.initialize(repeating: 0, count: n)
    umfpack_di_defaults(control)
    control[Int(UMFPACK_PRL)] = 0
    control[Int(UMFPACK_IRSTEP)] = 0
    let size = Int32(n)
    _ = umfpack_di_symbolic(size, size, starts, columns, nil, &symbolic, control, info)
  }

  /// Analyses a pattern of compressed rows, the columns of each increasing.
  public convenience init(dimension: Int, rowStarts: [Int], columns: [Int]) {
    self.init(SparsePattern(dimension: dimension, rowStarts: rowStarts, columns: columns))
  }

  deinit {
    umfpack_di_free_numeric(&numeric)
    umfpack_di_free_symbolic(&symbolic)
    starts.deallocate()
    columns.deallocate()
    control.deallocate()
    info.deallocate()
    marks.deallocate()
  }

  /// Factors the present entries.
  ///
  /// - Returns: false if the matrix is singular or not finite, or memory ran out: see ``failure``.
  public func factor() -> Bool {
    umfpack_di_free_numeric(&numeric)
    failure = nil
    guard entries.isFinite else { return fail(.notFinite) }
    guard let symbolic else { return fail(.outOfMemory) }
    let status = umfpack_di_numeric(
      starts, columns, entries.base, symbolic, &numeric, control, info)
    if status == UMFPACK_OK, rcond > 0, rcond.isFinite { return true }
    umfpack_di_free_numeric(&numeric)
    return fail(status == UMFPACK_ERROR_out_of_memory ? .outOfMemory : .singular)
  }

  private func fail(_ cause: Failure) -> Bool {
    failure = cause
    return false
  }

  /// Solves in place with the factors of the last ``factor()``; allocates nothing.
  ///
  /// - Precondition: the last ``factor()`` returned true. `b`: `[dimension]`.
  public func solve(_ b: Vector) {
    precondition(b.count == dimension, "\(b.count) numbers for \(dimension) rows")
    guard let numeric else { preconditionFailure("no factors to solve with") }
    let right = work.vector.slice(0, dimension)
    right.assign(b)
    _ = umfpack_di_wsolve(
      UMFPACK_At, starts, columns, entries.base, b.base, right.base, numeric, control, info, marks,
      work.vector.base + dimension)
  }

  /// A rough reciprocal of the condition number: the smallest pivot over the largest.
  public var rcond: Double { info[Int(UMFPACK_RCOND)] }

  /// What the factors and their analysis occupy.
  public var bytes: Int {
    let unit = info[Int(UMFPACK_SIZE_OF_UNIT)]
    return Int(unit * (info[Int(UMFPACK_NUMERIC_SIZE)] + info[Int(UMFPACK_SYMBOLIC_SIZE)]))
  }

  /// The most memory that the last factorisation held at once.
  public var peakBytes: Int {
    Int(info[Int(UMFPACK_SIZE_OF_UNIT)] * info[Int(UMFPACK_PEAK_MEMORY)])
  }
}
