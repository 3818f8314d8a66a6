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

  /// The name of faster kernels than those in use, where this processor can run them.
  ///
  /// OpenBLAS falls back to old kernels on processors that are newer than itself; it reads the
  /// variable `OPENBLAS_CORETYPE` at start only. Products of matrices then take up to four times as
  /// long.
  public static var betterCoreName: String? {
    let slow = ["Prescott", "Core2", "Nehalem", "Barcelona", "Generic", "generic"]
    switch (cauchy_processor_class(), coreName) {
    case (2, let name) where slow.contains(name) || ["Haswell", "Zen"].contains(name):
      return "SkylakeX"
    case (1, let name) where slow.contains(name): return "Haswell"
    default: return nil
    }
  }
}
