import Expressions
import Numerics
import Problems

extension PhysicsResiduals {
  /// Makes the groups of residuals and draws their first points.
  func makeGroups() throws {
    let names = problem.equations.indices.map { "equation \($0 + 1)" }
    switch plan.residual {
    case .collocation, .quadrature: groups = [try pointGroup(names)]
    case .weak: groups = [try weakGroup(names)]
    case .integrator:
      groups = [plan.stages > 0 ? try stepGroup(names) : try flowMapGroup()]
    }
    try makeConditionGroups()
    try makeDataGroups()
    try requireNodes()
  }

  /// Refuses more nodes of integrals than memory holds: some 100 bytes each.
  private func requireNodes() throws {
    let limit = 10_000_000
    for group in groups {
      let each = group.program.integrals.reduce(0) { $0 + ($1.isConstant ? 0 : $1.nodeCount) }
      let all = each * group.count(field.dimension)
      guard all > limit else { continue }
      let isFace = if case .faces = group.place { true } else { false }
      throw problem.fault(
        path: isFace ? "train.points.boundary" : "train.points.interior",
        "the integrals take \(all) nodes, \(each) a point, and \(limit) are most",
        "write \(limit / each) points at most")
    }
  }

  /// The equations at points, each for itself.
  private func pointGroup(_ names: [String]) throws -> ResidualGroup {
    let equations = problem.equations.map { calculus.constant($0.residual) }
    let (points, weights) = try interiorNodes()
    var group = ResidualGroup(
      names: names, program: try Self.program(equations, problem.equations.map(\.source), model),
      place: plan.residual == .collocation ? .interior : .fixed, points: points)
    group.pointWeights = weights
    return group
  }

  /// Lowers texts of the problem; a fault is placed at the first that has it.
  static func program(
    _ expressions: [Expression], _ sources: [PlacedText], _ model: FieldModel,
    refinement: Int = 1
  ) throws -> PointProgram {
    let problem = model.calculus.problem
    do {
      return try PointProgram(expressions, model, refinement: refinement)
    } catch {
      for (expression, source) in zip(expressions, sources) {
        do {
          _ = try PointProgram([expression], model, refinement: refinement)
        } catch let fault as DifferentiationError {
          throw problem.fault(source, fault.message, fault.remedy)
        } catch let fault as IntegralFault {
          throw problem.fault(source, fault.message, fault.remedy)
        }
      }
      throw error
    }
  }

  /// Where the equations are asked for first, and the weights of a rule; none where points are drawn.
  private func interiorNodes() throws -> (points: [Double], weights: [Double]) {
    guard plan.residual == .quadrature else { return (interior(round: 0), []) }
    let (unit, weights) = try cellRule.points()
    return (spread(unit), weights)
  }

  /// The rule of quadrature residuals.
  var cellRule: CellRule { CellRule(count: plan.interiorPoints, dimension: field.dimension) }

  /// One group for all penalised conditions of a place.
  private func makeConditionGroups() throws {
    var places: [ConditionRow.Location] = []
    var rows: [[ConditionRow]] = []
    for (condition, treatment) in zip(problem.conditions, plan.conditions) {
      guard !treatment.isExact, condition.condition.right != nil else { continue }
      if let known = places.firstIndex(of: condition.location) {
        rows[known].append(condition)
      } else {
        places.append(condition.location)
        rows.append([condition])
      }
    }
    for (place, rows) in zip(places, rows) {
      let faces = faces(of: place)
      let residuals = rows.map { calculus.constant($0.residual) }
      groups.append(
        ResidualGroup(
          names: rows.map(\.text), program: try Self.program(residuals, rows.map(\.source), model),
          place: faces.isEmpty ? .fixed : .faces(faces),
          points: fixedPoint(of: place)
            ?? boundary(faces, stream: groups.count, count: plan.boundaryPoints, round: 0)))
    }
  }

  func faces(of location: ConditionRow.Location) -> [Face] {
    switch location {
    case .boundary: return calculus.walls
    case .face(let name, _, let isUpper):
      return problem.variables.firstIndex { $0.name == name }
        .map { [Face(variable: $0, isUpper: isUpper)] } ?? []
    case .point, .periodic: return []
    }
  }

  func fixedPoint(of location: ConditionRow.Location) -> [Double]? {
    if case .point(let place) = location { place } else { nil }
  }

  // MARK: Points

  /// Fresh points inside the box.
  func interior(round: Int) -> [Double] { interior(count: plan.interiorPoints, round: round) }

  func interior(count: Int, round: Int, stream: UInt64 = 0) -> [Double] {
    let unit = plan.sampler.points(
      count: count, dimension: field.dimension, seed: plan.seed, stream: stream, round: round)
    return spread(unit)
  }

  /// From the unit cube to the box.
  func spread(_ unit: [Double]) -> [Double] {
    unit.indices.map { index in
      place(unit[index], in: problem.variables[index % field.dimension])
    }
  }

  private func place(_ part: Double, in interval: Interval) -> Double {
    let place = interval.lower + part * (interval.upper - interval.lower)
    // Rounding may reach an end where the interval is far from 0.
    return min(max(place, interval.lower.nextUp), interval.upper.nextDown)
  }

  /// Fresh points on faces, shared out evenly; a face without extent has one.
  func boundary(_ faces: [Face], stream: Int, count: Int, round: Int) -> [Double] {
    var points: [Double] = []
    for (index, face) in faces.enumerated() {
      let end = calculus.place(face)
      guard field.dimension > 1 else {
        points.append(end)
        continue
      }
      let share = max(count / faces.count + (index < count % faces.count ? 1 : 0), 1)
      let unit = plan.sampler.points(
        count: share, dimension: field.dimension - 1, seed: plan.seed,
        stream: UInt64(1 + stream * 64 + index), round: round)
      for first in stride(from: 0, to: unit.count, by: field.dimension - 1) {
        var parts = unit[first..<(first + field.dimension - 1)]
        for (variable, interval) in problem.variables.enumerated() {
          points.append(
            variable == face.variable ? end : place(parts.removeFirst(), in: interval))
        }
      }
    }
    return points
  }
}

extension ConditionRow {
  /// `left − right`, 0 where there are no sides.
  var residual: Expression {
    guard let left = condition.left, let right = condition.right else { return .zero }
    return left - right
  }
}
