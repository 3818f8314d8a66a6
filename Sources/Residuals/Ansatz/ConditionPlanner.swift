import Expressions
import Problems

/// Decides which conditions are built in.
///
/// Starts from all that have the form and are wanted, and drops those that do not go together.
struct ConditionPlanner {
  let calculus: FieldCalculus
  let requests: [ConditionRequest]
  private(set) var reasons: [String] = []
  private(set) var isExact: [Bool] = []
  /// By condition; empty where it cannot be built in.
  private(set) var faces: [[FaceCondition]] = []

  init(_ calculus: FieldCalculus, _ requests: [ConditionRequest]) {
    self.calculus = calculus
    self.requests = requests
    for row in calculus.problem.conditions.indices { consider(row) }
    while let (row, reason) = misfit() { drop(row, reason) }
  }

  private var problem: Problem { calculus.problem }

  /// The conditions to build in.
  var built: [FaceCondition] {
    zip(isExact, faces).flatMap { $0 ? $1 : [] }
  }

  private mutating func drop(_ row: Int, _ reason: String) {
    isExact[row] = false
    reasons[row] = reason
  }

  private mutating func consider(_ row: Int) {
    let condition = problem.conditions[row]
    faces.append([])
    if case .periodic(let variable) = condition.location {
      isExact.append(true)
      reasons.append("the inputs of the network are periodic in \(variable)")
      return
    }
    isExact.append(false)
    guard !condition.isData else { return reasons.append("the measurements say it") }
    do {
      let read = try FaceCondition.read(row, calculus)
      faces[row] = read
      if let flaw = read.lazy.compactMap(flaw).first { return reasons.append(flaw) }
    } catch {
      return reasons.append(error.reason)
    }
    let (wanted, reason) = choice(faces[row])
    isExact[row] = requests[row] == .auto ? wanted : requests[row] == .exact
    reasons.append(requests[row] == .auto ? reason : "as train.conditions says")
  }

  /// What is best, as far as measured.
  private func choice(_ conditions: [FaceCondition]) -> (isExact: Bool, reason: String) {
    guard let first = conditions.first else { return (false, "it has no face") }
    let name = problem.variables[first.face.variable].name
    if problem.kind == .boundaryValue { return (true, "it stands at an end of the interval") }
    if name == problem.marching || problem.variables.count == 1 {
      let order = problem.order(of: first.unknown, in: name)
      if order >= 2 {
        return (
          false, "with a factor \(name)^\(order) built into the unknown, training stalls"
        )
      }
      return (true, "an initial value, and the equation is of first order in \(name)")
    }
    if first.order > 0 {
      return (false, "built in, a derivative's value takes one more derivative of the network")
    }
    return (true, "a value on a face of the box")
  }

  /// Why a condition alone cannot be built in.
  private func flaw(_ condition: FaceCondition) -> String? {
    let places = calculus.samples(on: condition.face)
    let leading = condition.coefficients[condition.order]
    let sizes = places.map { calculus.value(leading, at: $0).magnitude }
    guard let least = sizes.min(), let most = sizes.max(), least.isFinite, most.isFinite,
      least > 1e-6 * most
    else { return "its leading coefficient vanishes on the face" }
    guard places.allSatisfy({ calculus.value(condition.value, at: $0).isFinite }) else {
      return "its value is not finite everywhere on the face"
    }
    return seam(condition)
  }

  /// Whether the value goes on smoothly where a periodic variable closes.
  private func seam(_ condition: FaceCondition) -> String? {
    for (index, interval) in problem.variables.enumerated()
    where calculus.periodic.contains(interval.name) && index != condition.face.variable {
      var slope = condition.value
      let size = self.size(slope, on: condition.face)
      let length = interval.upper - interval.lower
      var scale = 1.0
      for order in 0..<max(problem.order(of: condition.unknown, in: interval.name), 1) {
        if order > 0 {
          guard let next = try? calculus.derivative(of: slope, by: interval.name) else { break }
          slope = next
          scale *= length
        }
        let lower = slope.substituting(calculus.end(Face(variable: index, isUpper: false)))
        let upper = slope.substituting(calculus.end(Face(variable: index, isUpper: true)))
        let jump = self.size(upper - lower, on: condition.face)
        if !(jump * scale <= 1e-6 * size) {
          let what = order == 0 ? "" : " its derivative of order \(order)"
          return "its value\(order == 0 ? "" : ", by\(what),") does not go on periodically in "
            + interval.name
        }
      }
    }
    return nil
  }

  private func size(_ value: Expression, on face: Face) -> Double {
    calculus.samples(on: face).map { calculus.value(value, at: $0).magnitude }.reduce(0) {
      $1 > $0 || $1.isNaN ? $1 : $0
    }
  }
}

// MARK: What does not go together

extension ConditionPlanner {
  /// A condition that does not go with the others, and why.
  private func misfit() -> (row: Int, reason: String)? {
    for unknown in problem.allUnknowns {
      let own = built.filter { $0.unknown == unknown }
      if own.isEmpty { continue }
      if let found = gap(own) ?? varying(own) ?? tooHigh(own) ?? disagreement(own) { return found }
    }
    return nil
  }

  /// A derivative whose lower ones are not given on that face.
  private func gap(_ own: [FaceCondition]) -> (Int, String)? {
    var faces: [Face] = []
    for condition in own where !faces.contains(condition.face) { faces.append(condition.face) }
    for face in faces {
      let there = own.filter { $0.face == face }.sorted { ($0.order, $0.row) < ($1.order, $1.row) }
      if Ansatz.isSlope(there) { continue }
      for (order, condition) in there.enumerated() where condition.order != order {
        return (
          condition.row,
          "the derivative of order \(order) is not given there, and without it building in takes too "
            + "high derivatives of the network"
        )
      }
    }
    return nil
  }

  /// A slope condition whose coefficients vary along a face with another slope condition.
  private func varying(_ own: [FaceCondition]) -> (Int, String)? {
    let slopes = Set(own.map(\.face)).filter { face in
      Ansatz.isSlope(own.filter { $0.face == face })
    }
    let names = Set(slopes.map { problem.variables[$0.variable].name })
    for condition in own where slopes.contains(condition.face) {
      let moving = condition.coefficients.reduce(into: Set<String>()) {
        $0.formUnion($1.symbols.map(\.name))
      }
      if !moving.isDisjoint(with: names) {
        return (condition.row, "its coefficients vary towards another such face")
      }
    }
    return nil
  }

  /// Slope conditions raise the order of the network's derivatives.
  private func tooHigh(_ own: [FaceCondition]) -> (Int, String)? {
    let slopes = own.filter { condition in
      Ansatz.isSlope(own.filter { $0.face == condition.face })
    }
    guard let last = slopes.last else { return nil }
    let raise = Set(slopes.map(\.face.variable)).count
    let order = problem.highestOrder(of: last.unknown)
    guard order + raise > 4 else { return nil }
    return (
      last.row,
      "built in, it would take derivatives of order \(order + raise) of the network, and 4 is most"
    )
  }

  /// A condition that the others spoil: their data disagree where faces meet.
  private func disagreement(_ own: [FaceCondition]) -> (Int, String)? {
    guard let ansatz = try? Ansatz(calculus, own, scales: [:]),
      let unknown = own.first?.unknown, let lift = ansatz.lifts[unknown]
    else { return own.last.map { ($0.row, "it cannot be differentiated in closed form") } }
    let size = own.map { self.size($0.value, on: $0.face) }.max() ?? 0
    for condition in own {
      guard let value = try? condition.applied(to: lift, calculus) else {
        return (condition.row, "it cannot be differentiated in closed form")
      }
      let defect = (value - condition.value).substituting(calculus.end(condition.face))
      let worst = self.size(defect, on: condition.face)
      if !(worst <= 1e-6 * size + 1e-12) {
        return (condition.row, "it disagrees with another condition where their faces meet")
      }
    }
    return nil
  }
}

extension Problem {
  /// The highest total order of an unknown's derivatives in the equations.
  func highestOrder(of unknown: String) -> Int {
    equations.flatMap { [$0.left, $0.right] }.flatMap(\.symbols).filter { $0.name == unknown }
      .map(\.order).max() ?? 0
  }
}
