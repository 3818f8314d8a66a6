import COpenBLAS

/// The BLAS that runs: OpenBLAS.
public enum BLAS {
  /// Sets how many threads a BLAS call may use; process-wide.
  ///
  /// One level of parallelism at a time: leave it at 1 while several workers integrate.
  public static func setThreads(_ count: Int) { openblas_set_num_threads(Int32(count)) }

  /// How many threads a BLAS call may use.
  public static var threads: Int { Int(openblas_get_num_threads()) }

  /// The processor family whose kernels OpenBLAS chose at start, such as `Haswell`.
  public static var coreName: String { String(cString: openblas_get_corename()) }
}
