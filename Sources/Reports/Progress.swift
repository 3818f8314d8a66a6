import Synchronization

/// Shows on standard error how far a run is.
///
/// On a terminal it is one live line, ten times a second at most, cut to the terminal's width;
/// elsewhere a plain line every few seconds. Runs that end before the first line is due print
/// nothing. Workers of an ensemble may share one.
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
  private let terminal: Terminal?
  /// Calls left until the clock is looked at again: a look costs more than a short step may.
  private let patience = Atomic<Int>(0)
  private let state: Mutex<State>

  private struct State {
    var due: Double
    var lastLook: Double
    var stride = 1
    var isLineOpen = false
    /// When the present piece of work began, and how much of it was done then.
    var start: Double
    var base = 0.0
    var fraction = 0.0
    var losses = Sparkline()

    /// A new piece of work, of which a part may be done.
    mutating func begin(at fraction: Double, now: Double) {
      (start, base, self.fraction) = (now, fraction, fraction)
    }
  }

  /// Makes the progress of a run that starts now.
  ///
  /// - Parameters:
  ///   - style: nil for live on a terminal that takes escapes, and plain elsewhere.
  ///   - quiet: whether nothing is shown.
  ///   - interval: seconds between lines; nil for 0.1 live and 5 plain.
  ///   - terminal: what can be shown; nil for what standard error shows at each line.
  ///   - emit: takes the text; nil for standard error.
  public init(
    quiet: Bool = false, style: Style? = nil, interval: Double? = nil,
    terminal: Terminal? = nil, emit: (@Sendable (String) -> Void)? = nil
  ) {
    let style = quiet ? .silent : style ?? (Console.errors.takesEscapes ? .live : .plain)
    self.style = style
    self.interval = interval ?? (style == .live ? 0.1 : 5)
    self.terminal = terminal
    self.emit = emit ?? { text in Console.write(text, to: 2) }
    let first = interval ?? (style == .live ? 0.3 : 5)
    let now = Clock.now
    state = Mutex(State(due: now + first, lastLook: now, start: now))
  }

  /// Says that the work starts with a part of it done: a run is gone on with.
  ///
  /// - Parameter fraction: from 0 to 1.
  public func begin(at fraction: Double) {
    state.withLock { $0.begin(at: min(max(fraction, 0), 1), now: Clock.now) }
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

  /// Shows a step of a training, if a line is due; a live line draws the loss so far before it.
  ///
  /// - Parameters:
  ///   - fraction: how much of the time or the steps is used, from 0 to 1; 0 where neither is
  ///     limited.
  ///   - loss: after the step; nil where the step was rejected.
  ///   - words: parts with two spaces between them, the first the most important.
  public func training(_ fraction: Double, loss: Double?, _ words: @autoclosure () -> String) {
    if style == .live, let loss { state.withLock { $0.losses.append(loss) } }
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
  ///
  /// What comes after it is another piece of work.
  public func finish() {
    state.withLock { state in
      if state.isLineOpen { emit("\r\u{1B}[K") }
      state.isLineOpen = false
      state.losses = Sparkline()
      state.begin(at: 0, now: Clock.now)
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
      let part = min(max(fraction, 0), 1)
      // A level or a contender after the last one begins anew.
      if part < state.fraction { state.begin(at: part, now: state.lastLook) }
      state.fraction = part
      guard now >= state.due else { return }
      state.due = now + interval
      let tail = ProgressLine.tail(part, base: state.base, elapsed: now - state.start)
      if style == .live {
        emit(
          "\r\(ProgressLine.fit(words(), tail, state.losses, terminal ?? Console.errors))\u{1B}[K")
        state.isLineOpen = true
      } else {
        emit(words() + tail + "\n")
      }
    }
  }

  /// A number to four significant digits.
  static func short(_ number: Double) -> String { NumberText.text(number, digits: 4) }
}

/// Makes the line that says how far a run is.
enum ProgressLine {
  /// Percent done and, when there is something to go by, the time left at the pace so far.
  ///
  /// - Parameters:
  ///   - part: how much is done.
  ///   - base: how much of it was done `elapsed` seconds ago.
  static func tail(_ part: Double, base: Double, elapsed: Double) -> String {
    if part == 0 { return "" }
    let percent = "  \(Int(100 * part)) %"
    if part - base < 0.01 { return percent }
    return percent + "  \(duration(elapsed * (1 - part) / (part - base))) left"
  }

  /// The line as the terminal has room for it: the curve of the loss, the words, the tail.
  ///
  /// Of words that are too long the last parts are left out, then the curve is shortened, and the
  /// rest is cut.
  static func fit(
    _ words: String, _ tail: String, _ losses: Sparkline, _ terminal: Terminal
  ) -> String {
    let width = (terminal.width ?? 81) - 1
    let most = width >= 100 ? Sparkline.columns : Sparkline.columns / 2
    let curve = losses.text(columns: most, isUnicode: terminal.isUnicode)
    let wanted = curve.isEmpty ? 0 : curve.count + 2
    var parts = words.split(separator: "  ")
    while parts.count > 1, wanted + length(parts) + tail.count > width { parts.removeLast() }
    let rest = parts.joined(separator: "  ") + tail
    let shown = curve.suffix(max(0, width - rest.count - 2))
    return terminal.cut(shown.count < shortest ? rest : "\(shown)  \(rest)", to: width)
  }

  /// The fewest columns of a curve that say something.
  private static let shortest = 2

  private static func length(_ parts: [Substring]) -> Int {
    parts.reduce(2 * (parts.count - 1)) { $0 + $1.count }
  }

  /// A duration for people: `4 s`, `3 min 20 s`, `2 h 5 min`.
  static func duration(_ seconds: Double) -> String {
    guard seconds < 1e9 else { return "years" }
    let whole = Int(seconds.rounded(.up))
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}
