import Discretizations
import Numerics
import Problems
import Reports
import Residuals

/// What can be said of a learned solution without knowing the true one: how well it satisfies the
/// equations and conditions where it was not trained, and how far it is from the classical answer.
struct Posterior {
  /// A residual over fresh points.
  struct Measure {
    var name: String
    /// Root mean square.
    var rms: Double
    /// How far two independent sets of points have it apart, halved; nil for one set.
    var spread: Double?
    /// Largest magnitude.
    var max: Double
  }

  /// The distance from the classical answer, by unknown.
  struct Distance {
    var unknown: String
    var norms: Summary.ErrorNorms
    /// The classical solver's own relative error; nil where it tells none.
    var classical: Double?
  }

  var pointCount = 0
  var equations: [Measure] = []
  var conditions: [Measure] = []
  /// Conditions that the ansatz satisfies whatever the parameters are.
  var exact: [String] = []
  /// The integral that quadrature residuals minimise, and its error by a second rule.
  var integral: (value: Double, error: Double)?
  /// What the defects say of the error itself; nil where nobody asked.
  var bound: ErrorBound?
  /// Empty where there is a truth to compare with, or no classical answer.
  var distances: [Distance] = []
  var method = ""
  /// Why there is no classical answer, where one was looked for.
  var unanswered: String?
  /// Whether the user ended the search for one.
  var isInterrupted = false
}

extension Posterior {
  /// Points of each of the two sets at which equations are looked at, and of each condition.
  private static let setSize = 4096

  /// Looks at the equations and conditions of a model on points that it was not trained on.
  ///
  /// A residual that is not finite somewhere has no entry.
  init(_ model: LearnedModel) throws {
    let problem = model.problem
    let sets = [0, 1].map { set in
      let points = FreshPoints(model.learnedVariables, count: Posterior.setSize, set: set).points
      return model.equationDefects(at: points)
    }
    pointCount = 2 * Posterior.setSize
    bound = model.errorBound()
    for (index, equation) in problem.equations.enumerated() {
      if let measure = Measure(equation.text, sets[0][index], sets[1][index]) {
        equations.append(measure)
      }
    }
    integral = try model.lossIntegral()
    let defects = try model.conditionDefects(count: Posterior.setSize)
    for defect in defects {
      if defect.isExact {
        exact.append(defect.text)
      } else if defect.rootMeanSquare.isFinite {
        conditions.append(
          Measure(
            name: defect.text, rms: defect.rootMeanSquare, spread: nil, max: defect.largest))
      }
    }
  }
}

extension Posterior.Measure {
  /// Takes the numbers of two sets of points; nil where one of them is not finite.
  init?(_ name: String, _ first: [Double], _ second: [Double]) {
    let (a, b) = (Self.meanSquare(first), Self.meanSquare(second))
    let all = first + second
    guard !all.isEmpty, a.isFinite, b.isFinite else { return nil }
    self.name = name
    rms = ((a + b) / 2).squareRoot()
    spread = (a.squareRoot() - b.squareRoot()).magnitude / 2
    max = all.reduce(0) { Swift.max($0, $1.magnitude) }
  }

  private static func meanSquare(_ numbers: [Double]) -> Double {
    numbers.isEmpty ? 0 : numbers.reduce(0) { $0 + $1 * $1 } / Double(numbers.count)
  }

  fileprivate var json: JSONValue {
    .object([
      ("name", .text(name)), ("rms", .number(rms)), ("sampling_error", .optional(spread)),
      ("max", .number(max)),
    ])
  }

  fileprivate var text: String {
    "rms \(digits(rms))" + (spread.map { " ± \(digits($0))" } ?? "") + ", max \(digits(max))"
  }
}

private func digits(_ number: Double) -> String { NumberText.text(number, digits: 2) }

extension Posterior {
  /// The summary's `a_posteriori`.
  var json: JSONValue {
    var members: [(key: String, value: JSONValue)] = [
      ("points", .integer(pointCount)), ("equations", .list(equations.map(\.json))),
      ("conditions", .list(conditions.map(\.json))),
      ("exact_by_construction", .list(exact.map(JSONValue.text))),
    ]
    if let bound { members.append(bound.json) }
    if let integral {
      members.append(
        (
          "loss_integral",
          .object([("value", .number(integral.value)), ("error", .number(integral.error))])
        ))
    }
    if !distances.isEmpty {
      members.append(
        (
          "difference_to_classical",
          .object([("method", .text(method))] + distances.map { ($0.unknown, $0.json) })
        ))
    }
    if let unanswered { members.append(("no_classical_answer", .text(unanswered))) }
    return .object(members)
  }

  /// The relative error by unknown that the classical answer shows; nil without one.
  var estimates: [(unknown: String, relative: Double)]? {
    let found = distances.compactMap { distance in
      distance.norms.relativeL2.map { (distance.unknown, $0 + (distance.classical ?? 0)) }
    }
    return found.isEmpty ? nil : found.map { (unknown: $0.0, relative: $0.1) }
  }

  /// Lines for people.
  var lines: [String] {
    var lines = equations.map { "residual of \($0.name): \($0.text)" }
    lines += conditions.map { "defect of \($0.name): \($0.text)" }
    if let integral {
      lines.append(
        "integral of the equations' loss: \(digits(integral.value)) ± \(digits(integral.error)), by a "
          + "second rule")
    }
    if !exact.isEmpty { lines.append("exact by construction: \(exact.joined(separator: "; "))") }
    lines += bound?.lines ?? []
    for distance in distances {
      let relative = distance.norms.relativeL2.map { "relative \(digits($0)), " } ?? ""
      let own = distance.classical.map { ", whose own error is about \(digits($0))" } ?? ""
      lines.append(
        "difference of \(distance.unknown) to the classical solution: \(relative)max "
          + "\(digits(distance.norms.max))\(own)")
    }
    if let unanswered { lines.append("not compared with the classical solution: \(unanswered)") }
    return lines
  }
}

extension Posterior.Distance {
  fileprivate var json: JSONValue {
    .object([
      ("relative_l2", .optional(norms.relativeL2)), ("max", .number(norms.max)),
      ("estimated_error", .optional(classical)),
    ])
  }
}

extension Posterior {
  /// Compares the rows of a learned solution with those of the classical one.
  mutating func compare(
    _ rows: SampledSolution, _ answer: ClassicalAnswer, _ model: LearnedModel
  ) {
    guard rows.places == answer.rows.places else {
      unanswered = "its rows lie elsewhere"
      return
    }
    method = answer.method
    for name in model.problem.unknowns {
      guard let mine = rows.columns.firstIndex(of: name),
        let theirs = answer.rows.columns.firstIndex(of: name)
      else { continue }
      var (squares, size, largest) = (0.0, 0.0, 0.0)
      for (a, b) in zip(rows.values[mine], answer.rows.values[theirs]) {
        squares += (a - b) * (a - b)
        size += b * b
        largest = max(largest, (a - b).magnitude)
      }
      // An answer that is zero to rounding has no size to compare with.
      let count = Double(max(rows.values[mine].count, 1))
      let scale = model.residuals.plan.scales[model.problem.allUnknowns.firstIndex(of: name) ?? 0]
      let hasSize = (size / count).squareRoot() > 1e-8 * scale
      let relative = hasSize ? (squares / size).squareRoot() : nil
      distances.append(
        Distance(
          unknown: name, norms: .init(relativeL2: relative, max: largest),
          classical: answer.estimates[name]))
    }
  }
}

/// Points that no training has seen: an additive recurrence with a shift, which fills a box evenly.
///
/// - Source: M. Roberts, The unreasonable effectiveness of quasirandom sequences (2018): the steps are
///   powers of 1/φ, φ the positive root of φ^(d+1) = φ + 1.
struct FreshPoints {
  /// Row by row.
  let points: [Double]

  /// - Parameter set: sets with different numbers are shifted against each other.
  init(_ intervals: [Interval], count: Int, set: Int) {
    let dimension = intervals.count
    var root = 1.5
    for _ in 0..<60 { root = power(1 + root, 1 / Double(dimension + 1)) }
    let steps = (1...dimension).map { power(root, -Double($0)) }
    var points: [Double] = []
    points.reserveCapacity(count * dimension)
    for index in 0..<count {
      for (axis, interval) in intervals.enumerated() {
        let shift = 0.5 + Double(set) * 0.31830988618379067 * Double(axis + 1)
        let place = shift + Double(index + 1) * steps[axis]
        let part = place - place.rounded(.down)
        points.append(interval.lower + part * (interval.upper - interval.lower))
      }
    }
    self.points = points
  }
}
