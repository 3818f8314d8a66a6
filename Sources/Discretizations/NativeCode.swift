import Expressions
import Synchronization

/// The native code of one system, compiled at most once and shared by its fields.
///
/// Under `auto`, code that is in the cache is used from the start. Otherwise the tape runs until it
/// has cost as much as a compilation would (so that at most half of the time is lost), then native
/// code takes over: tape and native give the same bits, so the moment does not matter.
public final class NativeCode: Sendable {
  /// What the problem file asks for.
  public enum Choice: String, Sendable { case auto, tape, native }

  /// Tape instructions that take about as long as a compilation, 0.15 s at 1.5 ns each.
  static let worthCompiling = 100_000_000

  private let programs: [Program]
  private let choice: Choice
  private let state: Mutex<State>

  private struct State {
    var work = 0
    var library: NativeLibrary?
    var isTried = false
    var note: String?
  }

  /// Looks in the cache, or compiles at once under `native`.
  public init(_ programs: [Program], _ choice: Choice) {
    self.programs = programs
    self.choice = choice
    state = Mutex(State())
    switch choice {
    case .tape: break
    case .auto: state.withLock { $0.library = NativeLibrary.cached(programs) }
    case .native: compile()
    }
  }

  /// The library, if there is one by now.
  public var library: NativeLibrary? { state.withLock { $0.library } }

  /// Why there is no native code although it was wanted.
  public var note: String? { state.withLock { $0.note } }

  /// Whether fields should ask again as their work grows.
  var isWaiting: Bool { choice == .auto && state.withLock { $0.library == nil && !$0.isTried } }

  /// Adds up the work of many short runs; compiles when it has become worth while.
  public func note(evaluations: Int) {
    guard choice == .auto else { return }
    let work = state.withLock { state in
      state.work += evaluations * (programs.first?.instructionCount ?? 0)
      return state.library == nil && !state.isTried ? state.work : 0
    }
    if work > NativeCode.worthCompiling { compile() }
  }

  /// Compiles unless that was tried before.
  public func compile() {
    state.withLock { state in
      guard state.library == nil, !state.isTried, choice != .tape else { return }
      state.isTried = true
      do {
        state.library = try NativeLibrary.compile(programs)
      } catch {
        state.note = "the tape was used instead of native code: \(error)"
      }
    }
  }
}
