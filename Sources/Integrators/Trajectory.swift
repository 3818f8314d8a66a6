import Numerics

/// A solution that can be asked for anywhere: rows where they were wanted, and between the step ends
/// the stepper's own continuous extension.
public struct Trajectory: Sendable {
  /// Names of the components, where the system came from a problem file; empty otherwise.
  public var names: [String] = []
  /// The times of the rows, and the states there; `states[row][component]`.
  public internal(set) var times: [Double] = []
  public internal(set) var states: [[Double]] = []
  /// Events in the order in which they happened, with the states before them.
  public internal(set) var events: [(name: String, t: Double, y: [Double])] = []
  public var report: SolveReport
  private(set) var pieces: [Piece] = []

  /// One step: its values at Chebyshev-Lobatto points, enough to reproduce its polynomial.
  struct Piece: Sendable {
    var start: Double
    var end: Double
    var values: [Double]
  }

  init(_ report: SolveReport) { self.report = report }

  /// The state at `t`, from the continuous extension of the step that covers it.
  ///
  /// - Shape: `[dimension]`. Cost: (degree + 1) operations a component, after a bisection.
  /// - Precondition: the trajectory was made with ``solve(_:from:to:initial:method:rtol:atol:rows:events:)``
  ///   and covers `t`.
  public func value(at t: Double) -> [Double] {
    precondition(covers(t), "the trajectory does not cover t = \(t)")
    let forward = pieces[0].end > pieces[0].start
    var low = 0
    var high = pieces.count - 1
    while low < high {
      let middle = (low + high) / 2
      let isBefore = forward ? pieces[middle].end < t : pieces[middle].end > t
      if isBefore { low = middle + 1 } else { high = middle }
    }
    return pieces[low].value(at: t, dimension: states.first?.count ?? report.y.count)
  }

  /// The component `name` at `t`, as ``value(at:)``.
  ///
  /// - Precondition: `name` is one of ``names``.
  public func value(of name: String, at t: Double) -> Double {
    guard let place = names.firstIndex(of: name) else {
      preconditionFailure("no component '\(name)' among \(names)")
    }
    return value(at: t)[place]
  }

  /// Whether ``value(at:)`` knows the state at `t`.
  public func covers(_ t: Double) -> Bool {
    guard let first = pieces.first, let last = pieces.last else { return false }
    return (t - first.start) * (t - last.end) <= 0
  }

  mutating func append(_ stepper: Stepper, upTo until: Double) {
    let n = stepper.dimension
    let degree = max(stepper.interpolantDegree, 1)
    let storage = Storage((degree + 1) * n)
    defer { storage.keep() }
    let share = (until - stepper.t) / stepper.h
    for (index, node) in Chebyshev.nodes(degree).enumerated() {
      stepper.interpolate(share * node, into: storage.vector.slice(index * n, n))
    }
    pieces.append(Piece(start: stepper.t, end: until, values: storage.vector.array))
  }
}

extension Trajectory.Piece {
  func value(at t: Double, dimension: Int) -> [Double] {
    let degree = values.count / dimension - 1
    let all = Storage(values)
    let result = Storage(dimension)
    defer { all.keep(result) }
    Chebyshev.interpolate(
      degree, (t - start) / (end - start), Chebyshev.nodes(degree), all.vector,
      into: result.vector)
    return result.vector.array
  }
}
