import COpenBLAS

/// The eigenvalues of a small real matrix without symmetry, and its right eigenvectors if wanted.
///
/// LAPACK's `dgeev`: balancing, Hessenberg form, the QR iteration. Complex ones come in conjugate
/// pairs, the one with the positive imaginary part first.
public struct Eigenvalues: Sendable {
  /// Real parts.
  public let real: [Double]
  /// Imaginary parts.
  public let imaginary: [Double]
  /// One column for each eigenvalue, column-major; empty if not asked for.
  ///
  /// Of a conjugate pair the first column holds the real part of the eigenvector, the second its
  /// imaginary part: together they span the pair's invariant subspace.
  public let vectors: [Double]

  /// Computes them; nil where an entry is not finite or the iteration does not converge.
  ///
  /// - Parameter matrix: column-major, `dimension`·`dimension` entries.
  /// - Cost: about 10n³ operations, 25n³ with the eigenvectors; allocates its workspace.
  public init?(_ matrix: [Double], dimension: Int, vectors wanted: Bool = false) {
    precondition(
      matrix.count == dimension * dimension, "\(matrix.count) entries for \(dimension) rows")
    guard matrix.allSatisfy(\.isFinite) else { return nil }
    var a = matrix
    var (wr, wi) = (
      [Double](repeating: 0, count: dimension), [Double](repeating: 0, count: dimension)
    )
    var right = [Double](repeating: 0, count: wanted ? dimension * dimension : 1)
    guard dimension > 0 else {
      (real, imaginary, vectors) = ([], [], [])
      return
    }
    var left = [0.0]
    var work = [Double](repeating: 0, count: 8 * dimension)
    let n = Int32(dimension)
    var info: Int32 = 0
    dgeev_(
      "N", wanted ? "V" : "N", [n], &a, [n], &wr, &wi, &left, [1], &right, [wanted ? n : 1], &work,
      [Int32(work.count)], &info)
    guard info == 0 else { return nil }
    (real, imaginary, vectors) = (wr, wi, wanted ? right : [])
  }
}
