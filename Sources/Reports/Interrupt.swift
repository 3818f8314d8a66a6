import Glibc
import Synchronization

/// Turns Ctrl-C and the system's request to end into a flag that loops ask for.
///
/// The first signal raises the flag: the run stops at its next step and writes what it has. The
/// second one ends the process at once, with exit code 130.
public enum Interrupt {
  /// Catches SIGINT and SIGTERM; has writes to a closed pipe or past a size limit fail with an
  /// error instead of ending the process.
  public static func install() {
    signal(SIGINT) { _ in Interrupt.raise() }
    signal(SIGTERM) { _ in Interrupt.raise() }
    ignoreWriteSignals()
  }

  /// Has writes to a closed pipe or past a size limit fail with an error that can be reported.
  public static func ignoreWriteSignals() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Whether the run shall stop; one load, cheap enough for every step.
  @inline(__always)
  public static var isRequested: Bool { interruptions.load(ordering: .relaxed) > 0 }

  /// A question whether the run shall stop, for what is still written after a request: only a later
  /// one counts.
  public static func later() -> @Sendable () -> Bool {
    let wasRequested = isRequested
    return { isRequested && !wasRequested }
  }

  /// Takes the request back.
  public static func clear() { interruptions.store(0, ordering: .relaxed) }

  /// Asks the run to stop, as a signal does; the second request ends the process.
  ///
  /// Does only what a signal handler may do.
  public static func raise() {
    if interruptions.add(1, ordering: .relaxed).oldValue > 0 { _exit(130) }
    let words: StaticString = "\nstopping after this step; press Ctrl-C again to end at once\n"
    _ = Glibc.write(STDERR_FILENO, words.utf8Start, words.utf8CodeUnitCount)
  }
}

private let interruptions = Atomic<Int>(0)
