import Glibc
import Workbench

/// Starts the command once more with what OpenBLAS reads before `main`, so that only a new start can
/// change it: the arguments, the open files and the process number stay.
///
/// On processors newer than itself OpenBLAS runs kernels of old ones, which take up to four times as
/// long. And its threads spin for some thirty milliseconds after each product, which is a tenth of
/// the processor time of a training.
enum Relaunch {
  private static let core = "OPENBLAS_CORETYPE"
  /// A power of two of processor cycles for which an idle thread spins; 4 is the least.
  private static let patience = "OPENBLAS_THREAD_TIMEOUT"
  /// Set on the new start, which must not start again.
  private static let marker = "CAUCHY_RELAUNCHED"

  /// Starts again where that makes the products of matrices cheaper and the user has not chosen.
  static func ifCheaper() {
    let isChosen = getenv(core) != nil && getenv(patience) != nil
    if isChosen || getenv(marker) != nil { return }
    setenv(marker, "1", 1)
    setenv(patience, "4", 0)
    if let name = Machine.betterBLASCore { setenv(core, name, 0) }
    execv("/proc/self/exe", CommandLine.unsafeArgv)
    // Without a new start everything still works, only slower.
  }
}
