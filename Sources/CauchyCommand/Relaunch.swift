import Glibc
import Workbench

/// Starts the command once more where OpenBLAS would run slower kernels than the processor can.
///
/// OpenBLAS reads its variable before `main`, so that only a new start can change its mind. The
/// arguments, the files that are open and the process number stay.
enum Relaunch {
  private static let core = "OPENBLAS_CORETYPE"
  /// Set on the new start, which must not start again.
  private static let marker = "CAUCHY_RELAUNCHED"

  /// Starts again if that makes the products of matrices faster and the user has not chosen.
  static func ifFaster() {
    guard getenv(core) == nil, getenv(marker) == nil, let name = Machine.betterBLASCore else {
      return
    }
    setenv(marker, "1", 1)
    setenv(core, name, 1)
    execv("/proc/self/exe", CommandLine.unsafeArgv)
    // Without a new start everything still works, only slower.
    unsetenv(core)
  }
}
