import Numerics

/// A zero of a function of the solution, found while integrating.
public struct Event {
  /// Which sign changes count, seen in the direction of integration.
  public enum Direction: String, Sendable, CaseIterable {
    case up, down, both
  }

  public var name: String
  public var direction: Direction
  /// Ends the integration; with a count, at that occurrence.
  public var isTerminal: Bool
  /// Without `isTerminal`: only so many occurrences are recorded and acted upon.
  public var count: Int?
  /// The function whose zeros are wanted.
  public var value: (_ t: Double, _ y: Vector) -> Double
  /// Changes the state at the event; the integration restarts from there.
  public var change: ((_ t: Double, _ y: Vector) -> Void)?

  /// Declares an event.
  public init(
    _ name: String, direction: Direction = .both, isTerminal: Bool = false, count: Int? = nil,
    change: ((_ t: Double, _ y: Vector) -> Void)? = nil,
    value: @escaping (_ t: Double, _ y: Vector) -> Double
  ) {
    self.name = name
    self.direction = direction
    self.isTerminal = isTerminal
    self.count = count
    self.value = value
    self.change = change
  }
}

/// Watches the events of one integration along its steps.
final class EventWatch {
  /// Parts of a step whose ends are compared: two zeros inside one part can go unseen.
  private static let parts = 8

  let events: [Event]
  private(set) var occurrences: [Int]
  /// When each event happened last, how long after the time before, and how often in a row that time
  /// has shrunk.
  private(set) var paces: [Pace]
  private var before: [Double]
  /// After an event has fired its value is zero to rounding: its sign there is noise.
  private var isFresh = true
  private let probe: Storage

  init(_ events: [Event], dimension: Int) {
    self.events = events
    occurrences = [Int](repeating: 0, count: events.count)
    paces = [Pace](repeating: Pace(), count: events.count)
    before = [Double](repeating: 0, count: events.count)
    probe = Storage(dimension)
  }

  /// Where in a step, as a fraction of it, which events happen.
  struct Hit {
    var theta: Double
    var t: Double
    var indices: [Int]
  }

  /// Notes the values at a point where integration (re)starts; zeros there do not fire.
  func restart(_ t: Double, _ y: Vector, fired: [Int] = []) {
    for (index, event) in events.enumerated() {
      before[index] = fired.contains(index) ? 0 : event.value(t, y)
    }
    isFresh = true
  }

  /// The earliest events of the last step after fraction `from`, or nil.
  func next(in step: Stepper, after from: Double) -> Hit? {
    var thetas = (1...EventWatch.parts).map { Double($0) / Double(EventWatch.parts) }
    // Just after a restart the state is still near the event: look close by first.
    if isFresh { thetas.insert(contentsOf: [1e-6, 1e-4, 1e-2], at: 0) }
    isFresh = false
    var left = from
    for theta in thetas where theta > from {
      var hit: Hit?
      for (index, event) in events.enumerated() {
        let now = value(event, step, theta)
        let was = before[index]
        before[index] = now == 0 && was != 0 ? 0 : now
        guard crosses(event, was, now), !isExhausted(index) else { continue }
        let root = locate(event, step, left, theta)
        let t = time(step, root)
        if let found = hit {
          let same = (found.t - t).magnitude <= 4 * t.ulp
          if same {
            hit?.indices.append(index)
          } else if root < found.theta {
            hit = Hit(theta: root, t: t, indices: [index])
          }
        } else {
          hit = Hit(theta: root, t: t, indices: [index])
        }
      }
      if let hit {
        settle(step, hit)
        return hit
      }
      left = theta
    }
    return nil
  }

  /// Whether an event has happened as often as it may.
  private func isExhausted(_ index: Int) -> Bool {
    guard let count = events[index].count else { return false }
    return occurrences[index] >= count
  }

  struct Pace: Sendable, Equatable, Codable {
    var last: Double?
    var interval: Double?
    var shrinks = 0
  }

  /// Counts an occurrence at time t; true if it ends the integration.
  func record(_ index: Int, at t: Double) -> Bool {
    occurrences[index] += 1
    if let last = paces[index].last {
      let interval = (t - last).magnitude
      let isShorter = paces[index].interval.map { interval < $0 } ?? false
      paces[index].shrinks = isShorter ? paces[index].shrinks + 1 : 0
      paces[index].interval = interval
    }
    paces[index].last = t
    guard events[index].isTerminal else { return false }
    return occurrences[index] >= events[index].count ?? 1
  }

  /// The time since an event's last occurrence but one, where such times have become shorter thrice
  /// in a row.
  func shrinkingInterval(_ index: Int) -> Double? {
    paces[index].shrinks >= 3 ? paces[index].interval : nil
  }

  func restore(_ counts: [Int], _ paces: [Pace]) {
    occurrences = counts
    self.paces = paces
  }

  private func crosses(_ event: Event, _ was: Double, _ now: Double) -> Bool {
    switch event.direction {
    case .up: was < 0 && now >= 0
    case .down: was > 0 && now <= 0
    case .both: (was < 0 && now >= 0) || (was > 0 && now <= 0)
    }
  }

  /// After a hit, values continue from there: those of the events that fired are zero.
  private func settle(_ step: Stepper, _ hit: Hit) {
    for (index, event) in events.enumerated() {
      before[index] = hit.indices.contains(index) ? 0 : value(event, step, hit.theta)
    }
    isFresh = true
  }

  private func time(_ step: Stepper, _ theta: Double) -> Double {
    theta == 1 ? step.tNew : step.t + theta * step.h
  }

  private func value(_ event: Event, _ step: Stepper, _ theta: Double) -> Double {
    if theta == 1 { return event.value(step.tNew, step.yNew) }
    step.interpolate(theta, into: probe.vector)
    return event.value(time(step, theta), probe.vector)
  }

  private func locate(_ event: Event, _ step: Stepper, _ left: Double, _ right: Double) -> Double {
    // Brent's method fails only on a bracket without a sign change, which `crosses` excludes; if
    // the function is not finite between, the end of the bracket is the honest answer.
    let tolerance = max(4 * step.tNew.ulp / step.h.magnitude, 4 * Double.ulpOfOne)
    let root = try? Roots.brent(from: left, to: right, tolerance: tolerance) {
      value(event, step, $0)
    }
    return root ?? right
  }
}
