import Integrators
import Numerics

extension DiscreteAdjoint {
  /// Follows steps `first..<last` back from the state at the first one, with the checkpoints from
  /// `free` on to spare.
  func reverse(
    _ first: Int, _ last: Int, from state: Vector, free: Int, _ seeds: Vector, _ gradient: Vector
  ) {
    var last = last
    while last > first {
      let spare = most.checkpoints - free
      let parts = (last - first + most.window - 1) / most.window
      if parts == 1 || spare == 0 {
        let middle = max(first, last - most.window)
        let start = checkpoints.vector.slice(most.checkpoints * n, n)
        advance(first, middle, from: state, to: start)
        retake(middle, last, from: start, seeds, gradient)
        last = middle
      } else {
        let middle = first + most.window * DiscreteAdjoint.ahead(parts, spare)
        let start = checkpoints.vector.slice(free * n, n)
        advance(first, middle, from: state, to: start)
        reverse(middle, last, from: start, free: free + 1, seeds, gradient)
        last = middle
      }
    }
  }

  /// How many of `parts` parts lie before the next checkpoint, of `spare` ones: the binomial
  /// schedule.
  static func ahead(_ parts: Int, _ spare: Int) -> Int {
    // β parts can be followed back with each taken at most `repeats` times: C(spare + repeats, spare).
    var (repeats, reach, behind) = (1, spare + 1, spare)
    while reach < parts {
      repeats += 1
      behind = reach * spare / repeats
      reach = reach * (spare + repeats) / repeats
    }
    return max(1, min(parts - 1, parts - behind))
  }

  /// Takes steps again and keeps nothing but the state that they lead to.
  private func advance(_ first: Int, _ last: Int, from state: Vector, to result: Vector) {
    result.assign(state)
    let next = walk.vector.slice(records.width, n)
    for i in first..<last {
      take(i, result, walk.vector.slice(0, records.width), next, goesOn: i > first)
      result.assign(next)
    }
  }

  private func retake(
    _ first: Int, _ last: Int, from state: Vector, _ seeds: Vector, _ gradient: Vector
  ) {
    records.clear()
    let next = walk.vector.slice(records.width, n)
    next.assign(state)
    for i in first..<last {
      let record = records.add()
      if i > first {
        let before = records[i - first - 1].slice((1 + stages.last) * n, n)
        record.slice(n, n).assign(before)
      }
      take(i, next, record, next, goesOn: i > first, isOwn: true)
    }
    for i in stride(from: last - 1, through: first, by: -1) {
      follow(i, records[i - first], isRetaken: true, seeds, gradient)
    }
  }

  /// Takes step i again from `y`; `record` takes it up.
  ///
  /// - Parameters:
  ///   - goesOn: whether the step before was taken with the same record, or its last rate is there.
  ///   - isOwn: whether the first rate is already in its place.
  private func take(
    _ i: Int, _ y: Vector, _ record: Vector, _ yNew: Vector, goesOn: Bool, isOwn: Bool = false
  ) {
    let (t, tNew) = (times[i][0], times[i][1])
    let h = tNew - t
    let (start, k) = (record.slice(0, n), record.slice(n, stages.count * n))
    start.assign(y)
    if !goesOn || times[i - 1][1] != t {
      field(t, start, into: k.slice(0, n))
    } else if !isOwn {
      k.slice(0, n).assign(k.slice(stages.last * n, n))
    }
    for stage in 1...stages.last {
      stages.argument(stage, start, h, k, into: argument)
      field(stages.time(stage, t, tNew), argument, into: k.slice(stage * n, n))
    }
    yNew.assign(argument)
  }

  func takeExtraStages(_ t: Double, _ tNew: Double, _ y: Vector, _ k: Vector) {
    for stage in stages.last + 1..<stages.count {
      stages.argument(stage, y, tNew - t, k, into: argument)
      field(stages.time(stage, t, tNew), argument, into: k.slice(stage * n, n))
    }
  }
}
