import Synchronization

/// Shows on standard error how far a run is.
///
/// On a terminal it is one live line, ten times a second at most; elsewhere a plain line every few
/// seconds. Runs that end before the first line is due print nothing. Workers of an ensemble may
/// share one.
public final class Progress: Sendable {
  /// Where the lines go.
  public enum Style: Sendable {
    /// Nowhere.
    case silent
    /// Over the last one, as a terminal allows.
    case live
    /// One below the other.
    case plain
  }

  private let style: Style
  private let interval: Double
  private let emit: @Sendable (String) -> Void
  private let start: Double
  /// Calls left until the clock is looked at again: a look costs more than a short step may.
  private let patience = Atomic<Int>(0)
  private let state: Mutex<State>

  private struct State {
    var due: Double
    var lastLook: Double
    var stride = 1
    var isLineOpen = false
  }

  /// Makes the progress of a run that starts now.
  ///
  /// - Parameters:
  ///   - style: nil for live on a terminal and plain elsewhere.
  ///   - quiet: whether nothing is shown.
  ///   - interval: seconds between lines; nil for 0.1 live and 5 plain.
  ///   - emit: takes the text; nil for standard error.
  public init(
    quiet: Bool = false, style: Style? = nil, interval: Double? = nil,
    emit: (@Sendable (String) -> Void)? = nil
  ) {
    let style = quiet ? .silent : style ?? (Console.isErrorTerminal ? .live : .plain)
    self.style = style
    self.interval = interval ?? (style == .live ? 0.1 : 5)
    self.emit = emit ?? { text in Console.write(text, to: 2) }
    start = Clock.now
    let first = interval ?? (style == .live ? 0.3 : 5)
    state = Mutex(State(due: start + first, lastLook: start))
  }

  /// Shows where an integration is, if a line is due.
  ///
  /// - Parameters:
  ///   - variable: the marching variable's name.
  ///   - place: where the integration is, from `first` to `last`.
  ///   - step: the step size.
  ///   - steps: how many steps were accepted.
  /// - Cost: some nanoseconds where no line is due.
  @inline(__always)
  public func step(
    _ variable: String = "t", at place: Double, of first: Double, to last: Double, step: Double,
    steps: Int
  ) {
    guard isLookDue else { return }
    let fraction = first == last ? 1 : (place - first) / (last - first)
    show(fraction) {
      "\(variable) = \(Self.short(place)) of \(Self.short(last))  h = \(Self.short(step))"
        + "  \(steps) steps"
    }
  }

  /// Shows words for work whose end is not known, if a line is due.
  public func note(_ words: @autoclosure () -> String) {
    guard isLookDue else { return }
    show(0, words)
  }

  /// Shows words for work of which a part is done, if a line is due.
  ///
  /// - Parameter fraction: from 0 to 1; 0 where the end is not known.
  public func work(_ fraction: Double, _ words: @autoclosure () -> String) {
    guard isLookDue else { return }
    show(fraction, words)
  }

  /// Shows how many cases of an ensemble are done, if a line is due.
  public func cases(done: Int, of count: Int, failed: Int = 0) {
    guard isLookDue else { return }
    show(count == 0 ? 1 : Double(done) / Double(count)) {
      "\(done) of \(count) cases" + (failed > 0 ? "  \(failed) failed" : "")
    }
  }

  /// Takes the live line away; call it before anything else is printed.
  public func finish() {
    state.withLock { state in
      if state.isLineOpen { emit("\r\u{1B}[K") }
      state.isLineOpen = false
    }
  }

  @inline(__always)
  private var isLookDue: Bool {
    style != .silent && patience.subtract(1, ordering: .relaxed).newValue < 0
  }

  private func show(_ fraction: Double, _ words: () -> String) {
    let now = Clock.now
    state.withLock { state in
      // The stride follows the pace: about a hundred looks an interval.
      let pause = now - state.lastLook
      if pause < 0.005 * interval { state.stride = min(2 * state.stride, 1 << 20) }
      if pause > 0.02 * interval { state.stride = max(state.stride / 4, 1) }
      state.lastLook = now
      patience.store(state.stride - 1, ordering: .relaxed)
      guard now >= state.due else { return }
      state.due = now + interval
      let line = words() + Self.tail(fraction, elapsed: now - start)
      emit(style == .live ? "\r\(line)\u{1B}[K" : line + "\n")
      state.isLineOpen = style == .live
    }
  }

  /// Percent done and, when there is something to go by, the time left at the pace so far.
  private static func tail(_ fraction: Double, elapsed: Double) -> String {
    let part = min(max(fraction, 0), 1)
    let percent = "  \(Int(100 * part)) %"
    if part == 0 { return "" }
    if part < 0.01 { return percent }
    return percent + "  \(duration(elapsed * (1 - part) / part)) left"
  }

  /// A duration for people: `4 s`, `3 min 20 s`, `2 h 5 min`.
  static func duration(_ seconds: Double) -> String {
    guard seconds < 1e9 else { return "years" }
    let whole = Int(seconds.rounded(.up))
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }

  /// A number to four significant digits.
  static func short(_ number: Double) -> String { NumberText.text(number, digits: 4) }
}
