import Expressions
import Problems

/// Whether every face of an evolution has the conditions that its waves ask for.
struct BoundaryCheck {
  private let problem: Problem
  private let system: Linearization
  private let state: InitialState

  init(_ problem: Problem, _ system: Linearization, _ state: InitialState) {
    self.problem = problem
    self.system = system
    self.state = state
  }

  /// Faults where coefficients are constant, warnings where they vary.
  func diagnostics() -> [Diagnostic] {
    let periodic = problem.periodicVariables
    return system.space.indices.filter { !periodic.contains(system.space[$0].name) }
      .compactMap(diagnostic)
  }

  /// The conditions on one face.
  private func rows(_ axis: Int, isUpper: Bool) -> [ConditionRow] {
    problem.conditions.filter { row in
      switch row.location {
      case .face(system.space[axis].name, _, isUpper), .boundary: true
      default: false
      }
    }
  }

  private func diagnostic(_ axis: Int) -> Diagnostic? {
    let waves = BoundaryWaves(system, axis: axis, state)
    if let values = constants(axis) {
      guard let count = waves.count(values) else { return nil }
      let both = Sample(count: count, speeds: waves.speeds(values), point: "")
      return mismatch(axis, .error, [both, both]) ?? repetition(axis, waves, values)
    }
    guard let lower = sampled(axis, waves, isUpper: false),
      let upper = sampled(axis, waves, isUpper: true)
    else { return nil }
    return mismatch(axis, .warning, [lower, upper])
  }

  /// What one face takes, and where the coefficients were looked at.
  private struct Sample {
    let count: BoundaryWaves.Count
    let speeds: [Double]
    /// Starts with a comma; empty for constant coefficients.
    let point: String
  }

  /// The coefficients, where constants alone decide the counts: those that vary are of lower order.
  private func constants(_ axis: Int) -> [Double]? {
    if system.isConstant { return system.constants }
    var highest: [Int: Int] = [:]
    for entry in system.entries where entry.constant != nil {
      highest[entry.unknown] = max(highest[entry.unknown] ?? 0, entry.space[axis])
    }
    let isLower = system.entries.allSatisfy { entry in
      entry.constant != nil || entry.time == 0 && entry.space[axis] == 0
        || entry.time == 0 && entry.space[axis] < highest[entry.unknown] ?? 0
    }
    return isLower ? system.constants : nil
  }

  /// The count at a face, with the coefficients of the initial data, where all of the face agrees.
  private func sampled(_ axis: Int, _ waves: BoundaryWaves, isUpper: Bool) -> Sample? {
    let interval = system.space[axis]
    guard let formulas = state.formulas(for: system.leaves) else { return nil }
    var found: Sample?
    let total = problem.allUnknowns.reduce(0) { $0 + problem.order(of: $1, in: interval.name) }
    let end = isUpper ? interval.upper : interval.lower
    for place in state.places(holding: [interval.name: end], atMost: 65) {
      guard let all = state.values(formulas, state.known(at: place)),
        let values = system.values(all), let count = waves.count(values), count.total == total
      else { return nil }
      if let found, found.count != count { return nil }
      found =
        found
        ?? Sample(
          count: count, speeds: waves.speeds(values), point: " at \(state.text(of: place))")
    }
    return found
  }

  // MARK: Counts

  private func mismatch(_ axis: Int, _ severity: Diagnostic.Severity, _ samples: [Sample])
    -> Diagnostic?
  {
    let faces = zip([false, true], samples).map { isUpper, sample in
      Face(
        name: face(axis, isUpper), rows: rows(axis, isUpper: isUpper),
        needed: sample.count.range(isUpper: isUpper))
    }
    let given = faces.reduce(0) { $0 + $1.rows.count }
    let areRight = faces.allSatisfy { $0.needed.contains($0.rows.count) }
    let total = samples[0].count == samples[1].count ? samples[0].count.total : nil
    if areRight, total == nil || given == total { return nil }
    let isFirstOrder = system.entries.allSatisfy { $0.space[axis] <= 1 }
    for (index, face) in faces.enumerated() where isFirstOrder {
      guard face.needed.upperBound == 0, let row = face.rows.first else { continue }
      let other = faces[1 - index]
      let isShort = other.rows.count < other.needed.lowerBound
      return problem.diagnostic(
        severity, row.source,
        "every wave leaves through \(face.name)\(speed(samples[index].speeds)), and a condition "
          + "there contradicts what arrives",
        isShort ? "give it at \(other.name)" : "remove it")
    }
    return unbalanced(faces, severity, given, total, samples[0].point)
  }

  private struct Face {
    let name: String
    let rows: [ConditionRow]
    let needed: ClosedRange<Int>

    /// `2 at x = 0`.
    var need: String {
      let number =
        needed.count == 1 ? "\(needed.lowerBound)" : "\(needed.lowerBound) to \(needed.upperBound)"
      return "\(number) at \(name)"
    }
  }

  private func unbalanced(
    _ faces: [Face], _ severity: Diagnostic.Severity, _ given: Int, _ total: Int?, _ point: String
  ) -> Diagnostic {
    let over = faces.first { $0.rows.count > $0.needed.upperBound }
    let short = faces.first { $0.rows.count < $0.needed.lowerBound }
    let remedy =
      switch (over, short) {
      case (let over?, let short?): "move one from \(over.name) to \(short.name)"
      case (let over?, nil): "remove \(over.rows.count - over.needed.upperBound) at \(over.name)"
      case (nil, let short?): "add \(short.needed.lowerBound - short.rows.count) at \(short.name)"
      default: "give \(total ?? 0) in all"
      }
    let message =
      "\(given) condition\(given == 1 ? "" : "s") (\(faces[0].rows.count) at \(faces[0].name), "
      + "\(faces[1].rows.count) at \(faces[1].name)), and the waves of the equations\(point) take "
      + "\(faces[0].need) and \(faces[1].need)"
    guard let row = over?.rows.last else {
      return problem.diagnostic(severity, path: "conditions", message, remedy)
    }
    return problem.diagnostic(severity, row.source, message, remedy)
  }

  private func face(_ axis: Int, _ isUpper: Bool) -> String {
    let interval = system.space[axis]
    return "\(interval.name) = \(ShortNumber.text(isUpper ? interval.upper : interval.lower))"
  }

  private func speed(_ speeds: [Double]) -> String {
    let known = speeds.filter(\.isFinite)
    guard !known.isEmpty, known.count <= 4 else { return "" }
    let list = known.map { ShortNumber.text($0) }.joined(separator: ", ")
    return " (speed\(known.count == 1 ? "" : "s") \(list))"
  }

  // MARK: Conditions that say the same

  private func repetition(_ axis: Int, _ waves: BoundaryWaves, _ values: [Double]) -> Diagnostic? {
    for isUpper in [false, true] {
      let rows = rows(axis, isUpper: isUpper)
      let factors = rows.compactMap { self.factors($0, axis) }
      guard factors.count == rows.count, let last = rows.last,
        !waves.areSettled(values, isUpper: isUpper, by: factors)
      else { continue }
      let lines = Set(rows.map(\.line)).sorted().map { "\($0)" }
      let which =
        rows.count == 1
        ? "the condition"
        : "the conditions of line\(lines.count == 1 ? "" : "s") \(lines.joined(separator: ", "))"
      return problem.diagnostic(
        .error, last.source,
        "\(which) at \(face(axis, isUpper)) \(rows.count == 1 ? "leaves" : "leave") a wave "
          + "undetermined that starts there",
        rows.count == 1
          ? "write another, such as a value" : "make them say independent things")
    }
    return nil
  }

  /// The factors of a condition that is linear in the unknowns with constant coefficients.
  private func factors(_ row: ConditionRow, _ axis: Int) -> [(jet: WaveJet, factor: Double)]? {
    guard let left = row.condition.left, let right = row.condition.right else { return nil }
    let residual = left - right
    guard residual.integralDepth == 0 else { return nil }
    let known = problem.parameterValues
    var found: [(jet: WaveJet, factor: Double)] = []
    for symbol in residual.symbols {
      guard let unknown = system.unknowns.firstIndex(of: symbol.name) else { continue }
      guard let slope = try? residual.derivative(by: symbol),
        let factor = try? slope.evaluate(known)
      else { return nil }
      let normal = symbol.order(in: system.space[axis].name)
      let time = system.marching.map { symbol.order(in: $0) } ?? 0
      found.append(
        (
          WaveJet(
            unknown: unknown, order: normal, time: time,
            isTangential: symbol.order > normal + time), factor
        ))
    }
    return found
  }
}
