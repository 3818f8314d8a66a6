import Expressions

/// Conditions that meet: twice on one face, or at a corner.
extension ProblemBuilder {
  /// One end of a variable's interval.
  struct Face: Hashable {
    let variable: Int
    let isUpper: Bool
  }

  func checkFaces() {
    guard hasAllVariables, !problem.variables.isEmpty else { return }
    var seen: [FaceValue: ConditionRow] = [:]
    for row in problem.conditions {
      guard let subject = row.subject else { continue }
      for face in faces(of: row) {
        let key = FaceValue(face: face, point: point(of: row), subject: subject)
        if let earlier = seen[key] {
          log.error(
            row.source.place,
            "\(primed(subject)) has a value at \(shown(row, face)) already, from line "
              + "\(earlier.line)",
            "remove one of the two")
          break
        }
        seen[key] = row
      }
    }
    checkPeriodicFaces()
    if log.errorCount == 0, problem.variables.count > 1 { checkCorners() }
  }

  private struct FaceValue: Hashable {
    let face: Face?
    let point: [Double]
    let subject: Symbol
  }

  private func point(of row: ConditionRow) -> [Double] {
    if case .point(let values) = row.location { values } else { [] }
  }

  /// The faces on which a condition holds; nil stands for a point.
  private func faces(of row: ConditionRow) -> [Face?] {
    switch row.location {
    case .point: return [nil]
    case .periodic: return []
    case .face(let variable, _, let isUpper):
      return problem.variables.firstIndex { $0.name == variable }
        .map { [Face(variable: $0, isUpper: isUpper)] } ?? []
    case .boundary:
      let periodic = problem.periodicVariables
      return problem.variables.indices.filter {
        problem.variables[$0].name != problem.marching
          && !periodic.contains(problem.variables[$0].name)
      }.flatMap { [Face(variable: $0, isUpper: false), Face(variable: $0, isUpper: true)] }
    }
  }

  private func shown(_ row: ConditionRow, _ face: Face?) -> String {
    guard let face else {
      return zip(problem.variables, point(of: row))
        .map { "\($0.name) = \(brief($1))" }.joined(separator: ", ")
    }
    let interval = problem.variables[face.variable]
    return "\(interval.name) = \(brief(face.isUpper ? interval.upper : interval.lower))"
  }

  private func checkPeriodicFaces() {
    let periodic = problem.periodicVariables
    for row in problem.conditions {
      guard case .face(let variable, _, _) = row.location, periodic.contains(variable) else {
        continue
      }
      log.error(
        row.source.place, "'\(variable)' is periodic and has no ends",
        "remove this condition, or 'periodic in \(variable)'")
    }
  }

  // MARK: Corners

  private func checkCorners() {
    let rows = problem.conditions.filter { row in
      row.subject?.order == 0 && row.value.map(isKnown) == true
    }.prefix(40)
    for (index, row) in rows.enumerated() {
      for other in rows.prefix(index) where other.subject == row.subject {
        checkCorner(row, other)
      }
    }
  }

  /// True where variables and parameters alone decide the value.
  private func isKnown(_ value: Expression) -> Bool {
    value.symbols.allSatisfy {
      $0.order == 0 && [.variable, .parameter].contains(names.kind(of: $0.name))
    }
  }

  private func checkCorner(_ row: ConditionRow, _ other: ConditionRow) {
    for face in faces(of: row).compactMap({ $0 }) {
      for opposite in faces(of: other).compactMap({ $0 })
      where opposite.variable != face.variable {
        if let jump = jump(row, face, other, opposite) {
          log.warning(row.source.place, jump, "let them agree there, or expect an error nearby")
          return
        }
      }
    }
  }

  /// The sentence about the worst disagreement along an edge, nil where there is none to speak of.
  private func jump(_ row: ConditionRow, _ face: Face, _ other: ConditionRow, _ opposite: Face)
    -> String?
  {
    guard let value = row.value, let otherValue = other.value else { return nil }
    let size = max(size(of: value, on: face), size(of: otherValue, on: opposite))
    var worst: (jump: Double, place: [Double], values: (Double, Double))?
    for place in places(fixing: [face, opposite], each: 3) {
      let values = (self.value(value, at: place), self.value(otherValue, at: place))
      let jump = abs(values.0 - values.1)
      if jump.isFinite, jump > 1e-6 * size, jump > worst?.jump ?? 0 {
        worst = (jump, place, values)
      }
    }
    guard let worst else { return nil }
    let corner = zip(problem.variables, worst.place)
      .map { "\($0.name) = \(brief($1))" }.joined(separator: ", ")
    return "at the corner \(corner) this gives \(row.subject?.name ?? "") = "
      + "\(short(worst.values.0)), and line \(other.line) gives \(short(worst.values.1)): "
      + "a jump of \(short(worst.jump))"
  }

  /// Six significant digits, for people.
  func short(_ number: Double) -> String {
    guard number != 0, number.isFinite else { return brief(number) }
    var scale = 1.0
    for _ in 0..<320 where (number * scale).magnitude < 1e5 && scale < 1e300 { scale *= 10 }
    let rounded = (number * scale).rounded() / scale
    return brief(rounded)
  }

  func value(_ expression: Expression, at place: [Double]) -> Double {
    var values = constants
    for (interval, coordinate) in zip(problem.variables, place) {
      values[Symbol(interval.name)] = coordinate
    }
    return (try? expression.evaluate(values)) ?? .nan
  }

  private func size(of value: Expression, on face: Face) -> Double {
    places(fixing: [face], each: problem.variables.count > 2 ? 5 : 17)
      .map { self.value(value, at: $0).magnitude }.filter(\.isFinite).max() ?? 0
  }

  /// A grid of points, some variables held at an end, the others at `each` places.
  private func places(fixing faces: [Face], each count: Int) -> [[Double]] {
    var places: [[Double]] = [[]]
    for (index, interval) in problem.variables.enumerated() {
      var choices = OutputGrid.count(count).points(on: interval) ?? []
      if let face = faces.first(where: { $0.variable == index }) {
        choices = [face.isUpper ? interval.upper : interval.lower]
      } else if places.count > 200 {
        choices = [interval.lower]
      }
      places = places.flatMap { place in choices.map { place + [$0] } }
    }
    return places
  }
}
