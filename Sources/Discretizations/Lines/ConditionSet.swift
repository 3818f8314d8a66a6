import Expressions
import Numerics
import Problems

/// One condition at the nodes where it is imposed, with the rows that it takes.
final class ConditionSet {
  let condition: PointwiseCondition
  /// Indices in the full vector of the rows that are taken.
  let rows: [Int]
  /// left − right (or the rate), and ∂/∂t; `[rows]`.
  let values: Vector
  let slopes: Vector
  /// ∂/∂jet, jet by jet in the order of the condition's; `[jets × rows]`.
  let partials: Vector
  /// What each jet is at each node: terms `starts[node]..<starts[node + 1]`; nil for nonlocal ones.
  let functionals: [Functionals]
  private let points: PointSet
  private let storage: Storage
  private let jetValues: Storage
  private let residualTape: PointTape
  private let partialTape: PointTape
  private let slopeTape: PointTape?
  private let curvatureTape: PointTape?

  /// Linear functionals of the full vector, one for each row.
  struct Functionals {
    var starts: [Int32] = [0]
    var columns: [Int32] = []
    var weights: [Double] = []

    mutating func append(_ row: AxisRow, offset: Int) {
      columns += row.columns.map { Int32(offset + $0) }
      weights += row.weights
      starts.append(Int32(columns.count))
    }

    /// Writes the functional of every row.
    func apply(_ fields: Vector, into result: Vector) {
      starts.withUnsafeBufferPointer { starts in
        columns.withUnsafeBufferPointer { columns in
          weights.withUnsafeBufferPointer { weights in
            for row in 0..<result.count {
              var sum = 0.0
              for k in Int(starts[row])..<Int(starts[row + 1]) {
                sum += weights[k] * fields.base[Int(columns[k])]
              }
              result.base[row] = sum
            }
          }
        }
      }
    }
  }

  /// - Parameters:
  ///   - rows: indices in the full vector; `nodes`: where the condition is imposed, one for each row
  ///     (the nearest node for a point).
  init(
    _ condition: PointwiseCondition, _ system: PointwiseSystem, _ grid: Grid, rows: [Int],
    nodes: [Int], parameters: [Double]
  ) throws {
    self.condition = condition
    self.rows = rows
    let count = rows.count
    let places: [[Double]]
    if case .point(let values) = condition.place {
      places = values.map { [$0] }
    } else {
      places = grid.axes.indices.map { axis in
        nodes.map { grid.axes[axis].nodes[grid.place($0, axis: axis)] }
      }
    }
    points = try PointSet(system, count: count, coordinates: places, parameters: parameters)
    let jets = condition.jets.count
    storage = Storage((2 + jets) * count)
    values = storage.vector.slice(0, count)
    slopes = storage.vector.slice(count, count)
    partials = storage.vector.slice(2 * count, jets * count)
    jetValues = Storage(jets * count)
    residualTape = PointTape(condition.residual)
    partialTape = PointTape(condition.partials)
    slopeTape = condition.slope.map(PointTape.init)
    curvatureTape = condition.curvature.map(PointTape.init)
    functionals = condition.jets.map { jet in
      guard jet < system.jets.count else { return Functionals() }
      return ConditionSet.functionals(system.jets[jet], condition, grid, nodes)
    }
    for (place, jet) in condition.jets.enumerated() {
      points.setJet(jet, jetValues.vector.slice(place * count, count))
    }
  }

  private static func functionals(
    _ jet: PointwiseSystem.Jet, _ condition: PointwiseCondition, _ grid: Grid, _ nodes: [Int]
  ) -> Functionals {
    var result = Functionals()
    let offset = jet.component * grid.count
    if case .point(let place) = condition.place {
      result.append(grid.row(jet.orders, at: place), offset: offset)
      return result
    }
    let rows = grid.rows(jet.orders)
    for node in nodes { result.append(rows[node], offset: offset) }
    return result
  }

  /// Whether its value depends on its own unknowns and parameters alone.
  func isStatic(_ jetCount: Int) -> Bool {
    guard condition.slope == nil, condition.isLinear, condition.jets.count == 1,
      condition.jets[0] < jetCount
    else { return false }
    return functionals[0].columns.map(Int.init) == rows
  }

  /// Reads the jets of the condition from the full vector.
  ///
  /// - Parameter nonlocal: fields of the nonlocal symbols, `[symbols][nodes]`.
  func readJets(_ t: Double, _ fields: Vector, jetCount: Int, nonlocal: [Vector], nodes: Int) {
    points.move(to: t)
    for (place, jet) in condition.jets.enumerated() {
      let target = jetValues.vector.slice(place * rows.count, rows.count)
      if jet < jetCount {
        functionals[place].apply(fields, into: target)
      } else {
        for (k, row) in rows.enumerated() { target[k] = nonlocal[jet - jetCount][row % nodes] }
      }
    }
  }

  func setParameters(_ values: [Double]) { points.setParameters(values) }

  /// Fills ``values``; after ``readJets(_:_:jetCount:nonlocal:nodes:)``.
  func evaluate() { residualTape(points, into: values) }

  /// Fills ``partials``.
  func linearize() { partialTape(points, into: partials) }

  /// Fills ``slopes``.
  func differentiateTime() {
    if let slopeTape { slopeTape(points, into: slopes) } else { slopes.fill(0) }
  }

  /// Fills ``slopes`` with ∂²/∂t² instead.
  func differentiateTimeTwice() {
    if let curvatureTape { curvatureTape(points, into: slopes) } else { slopes.fill(0) }
  }

  /// The derivative along a direction: Σ ∂/∂jet · jet(direction), with the present ``partials``.
  func apply(_ direction: Vector, jetCount: Int, scratch: Vector, into result: Vector) {
    result.fill(0)
    let count = rows.count
    let values = scratch.slice(0, count)
    for (place, jet) in condition.jets.enumerated() where jet < jetCount {
      functionals[place].apply(direction, into: values)
      let weights = partials.slice(place * count, count)
      for k in 0..<count { result[k] += weights[k] * values[k] }
    }
  }
}
