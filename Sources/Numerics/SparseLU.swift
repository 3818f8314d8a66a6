import CSuiteSparse

/// A sparse matrix and its LU factors (UMFPACK): the pattern is analysed once, entries are refilled.
///
/// Rows are handed to UMFPACK as the columns of the transpose, and the transposed system is solved.
/// Pivots are chosen for sparsity among those large enough; each factorisation is tried on one
/// solution, and where its residual is far above rounding every solution is refined once. One
/// thread, but for the BLAS calls inside.
/// Source: T. A. Davis, ACM TOMS 30 (2004) 196.
public final class SparseLU {
  /// How rows are ordered to keep the factors sparse.
  public enum Ordering: Sendable {
    /// Minimum degree: found fast.
    case minimumDegree
    /// Nested dissection: takes five to eight times longer to find, and on grids of 10⁴ nodes and
    /// more each factorisation is cheaper by a fifth (walls) to a half (periodic).
    case dissection
  }

  /// Why a factorisation gave no factors.
  public enum Failure: Sendable, Equatable {
    case singular, notFinite, outOfMemory
  }

  public let dimension: Int
  /// The matrix: compressed rows in the order of the pattern.
  ///
  /// Refilled before ``factor()``, and left alone until the last solution with its factors.
  public var entries: Vector { matrix.entries }
  /// Entries of the factors by the analysis: about right with pivots on the diagonal, else a bound.
  public let estimatedEntries: Double
  /// Operations of a factorisation by the analysis; as good as ``estimatedEntries``.
  public let estimatedOperations: Double
  /// Why the last ``factor()`` returned false.
  public private(set) var failure: Failure?
  /// Whether the factors in use are so rounded that each solution is refined once.
  public private(set) var isRefined = false
  private let matrix: SparseMatrix
  private let control: UnsafeMutablePointer<Double>
  private let info: UnsafeMutablePointer<Double>
  private let right: Vector
  private let rest: Vector
  private let work: Storage
  private let marks: UnsafeMutablePointer<Int32>
  private var symbolic: UnsafeMutableRawPointer?
  private var numeric: UnsafeMutableRawPointer?

  /// Analyses a pattern.
  ///
  /// - Cost: some microseconds a row, for `dissection` five to eight times that.
  public init(_ pattern: SparsePattern, ordering: Ordering = .minimumDegree) {
    let n = pattern.dimension
    precondition(n > 0, "a matrix of no rows")
    dimension = n
    matrix = SparseMatrix(pattern)
    control = .allocate(capacity: Int(UMFPACK_CONTROL))
    info = .allocate(capacity: Int(UMFPACK_INFO))
    info.initialize(repeating: 0, count: Int(UMFPACK_INFO))
    work = Storage(3 * n)
    right = work.vector.slice(0, n)
    rest = work.vector.slice(n, n)
    marks = .allocate(capacity: n)
    marks.initialize(repeating: 0, count: n)
    umfpack_di_defaults(control)
    control[Int(UMFPACK_PRL)] = 0
    control[Int(UMFPACK_IRSTEP)] = 0
    control[Int(UMFPACK_ORDERING)] = Double(
      ordering == .dissection ? UMFPACK_ORDERING_METIS : UMFPACK_ORDERING_AMD)
    // Pivots on the diagonal: half the fill of the other strategy, and no growth where the diagonal
    // is heavy. UMFPACK's own choice needs numbers, which are not here yet.
    control[Int(UMFPACK_STRATEGY)] = Double(
      SparseLU.prefersDiagonal(pattern)
        ? UMFPACK_STRATEGY_SYMMETRIC : UMFPACK_STRATEGY_UNSYMMETRIC)
    let size = Int32(n)
    _ = umfpack_di_symbolic(
      size, size, matrix.starts, matrix.columns, nil, &symbolic, control, info)
    // With pivots on the diagonal minimum degree counts; else there are bounds.
    let isCounted =
      info[Int(UMFPACK_STRATEGY_USED)] == Double(UMFPACK_STRATEGY_SYMMETRIC)
      && info[Int(UMFPACK_SYMMETRIC_FLOPS)] > 0
    let bound = info[Int(UMFPACK_LNZ_ESTIMATE)] + info[Int(UMFPACK_UNZ_ESTIMATE)]
    estimatedEntries = isCounted ? info[Int(UMFPACK_SYMMETRIC_LUNZ)] : bound
    estimatedOperations = info[Int(isCounted ? UMFPACK_SYMMETRIC_FLOPS : UMFPACK_FLOPS_ESTIMATE)]
  }

  /// Analyses a pattern of compressed rows, the columns of each increasing.
  public convenience init(
    dimension: Int, rowStarts: [Int], columns: [Int], ordering: Ordering = .minimumDegree
  ) {
    self.init(
      SparsePattern(dimension: dimension, rowStarts: rowStarts, columns: columns),
      ordering: ordering)
  }

  deinit {
    umfpack_di_free_numeric(&numeric)
    umfpack_di_free_symbolic(&symbolic)
    control.deallocate()
    info.deallocate()
    marks.deallocate()
  }

  /// Whether most rows have a diagonal entry, and half of the others a mirror image.
  private static func prefersDiagonal(_ pattern: SparsePattern) -> Bool {
    var diagonal = 0
    var mirrored = 0
    for i in 0..<pattern.dimension {
      for k in pattern.rowStarts[i]..<pattern.rowStarts[i + 1] {
        let j = pattern.columns[k]
        if i == j { diagonal += 1 } else if pattern.index(j, i) != nil { mirrored += 1 }
      }
    }
    return 10 * diagonal >= 9 * pattern.dimension && 2 * mirrored >= pattern.count - diagonal
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
      matrix.starts, matrix.columns, entries.base, symbolic, &numeric, control, info)
    if status == UMFPACK_OK, rcond > 0, rcond.isFinite {
      isRefined = backwardError() > 2e-14
      return true
    }
    umfpack_di_free_numeric(&numeric)
    return fail(status == UMFPACK_ERROR_out_of_memory ? .outOfMemory : .singular)
  }

  private func fail(_ cause: Failure) -> Bool {
    failure = cause
    return false
  }

  /// The largest |b − A·x|/(|A|·|x| + |b|) of one trial solution.
  ///
  /// Source: R. D. Skeel, Math. Comp. 35 (1980) 817.
  private func backwardError() -> Double {
    for i in 0..<dimension { right[i] = i & 1 == 0 ? 1 : -0.5 }
    substitute(right, into: rest)
    var largest = 0.0
    let a = entries.base
    for i in 0..<dimension {
      var sum = -right[i]
      var size = sum.magnitude
      for k in Int(matrix.starts[i])..<Int(matrix.starts[i + 1]) {
        let term = a[k] * rest[Int(matrix.columns[k])]
        sum += term
        size += term.magnitude
      }
      if sum != 0 { largest = max(largest, sum.magnitude / size) }
    }
    return largest
  }

  /// Solves in place with the factors of the last ``factor()``; allocates nothing.
  ///
  /// - Precondition: the last ``factor()`` returned true.
  /// - Shape: `b`: `[dimension]`. Cost: two operations an entry of the factors.
  public func solve(_ b: Vector) {
    precondition(b.count == dimension, "\(b.count) numbers for \(dimension) rows")
    right.assign(b)
    substitute(right, into: b)
    guard isRefined else { return }
    matrix.apply(b, into: rest)
    for i in 0..<dimension { rest[i] = right[i] - rest[i] }
    substitute(rest, into: right)
    for i in 0..<dimension { b[i] += right[i] }
  }

  private func substitute(_ b: Vector, into x: Vector) {
    guard let numeric else { preconditionFailure("no factors to solve with") }
    _ = umfpack_di_wsolve(
      UMFPACK_At, matrix.starts, matrix.columns, entries.base, x.base, b.base, numeric, control,
      info, marks, work.vector.base + 2 * dimension)
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
