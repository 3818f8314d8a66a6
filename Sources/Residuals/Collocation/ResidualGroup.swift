import Discretizations
import Networks
import Numerics
import Problems

/// Residuals that share their points: all equations, the conditions of one face, a column of data.
///
/// A point gives a residual for each expression; or bundles of points give several for each block,
/// where there is a mixing.
struct ResidualGroup {
  /// Where its points lie.
  enum Place: Equatable {
    case interior
    case faces([Face])
    /// They do not move.
    case fixed
  }

  /// Of its blocks.
  let names: [String]
  let program: PointProgram
  let place: Place
  /// How bundles of points make up residuals; nil where each point stands for itself.
  let mixing: Mixing?
  /// How its bundles lie, for people.
  var arrangement: String?
  /// Flat, point after point.
  var points: [Double]
  /// One for each point, where the residuals speak of measurements.
  var measurements: [Double] = []
  /// Of each point's (or bundle's) squares, 1 on average; empty: all alike.
  var pointWeights: [Double] = []
  /// Beside those: 1 at most, by the place in the marching variable; empty: all 1.
  var timeWeights: [Double] = []
  /// Of measurements: what they are divided by.
  var noise: MeasuredNoise?
  /// Of each block's mean square.
  var weights: [Double]
  /// In r: of its first residual.
  var firstRow = 0

  init(
    names: [String], program: PointProgram, place: Place, points: [Double],
    measurements: [Double] = [], noise: MeasuredNoise? = nil, mixing: Mixing? = nil
  ) {
    self.mixing = mixing
    self.noise = noise
    self.names = names
    self.program = program
    self.place = place
    self.points = points
    self.measurements = measurements
    weights = Array(repeating: 1, count: names.count)
  }

  /// How many points.
  func count(_ dimension: Int) -> Int { points.count / dimension }

  /// What the squares of a point (or bundle) are multiplied by.
  func weight(of place: Int) -> Double {
    (pointWeights.isEmpty ? 1 : pointWeights[place])
      * (timeWeights.isEmpty ? 1 : timeWeights[place])
  }

  /// How many points make up a bundle.
  var bundle: Int { mixing?.points ?? 1 }

  /// How many residuals a block has.
  func rows(_ dimension: Int) -> Int {
    count(dimension) / bundle * (mixing?.rowsPerBlock ?? 1)
  }
}

/// What every worker knows of the network and of the points.
struct NetworkField {
  let layout: ParameterLayout
  let dimension: Int
  let marching: Int
  let forcings: [Interpolation]

  /// - Throws: `GSLError` where a forcing cannot be fitted.
  init(_ problem: Problem, _ layout: ParameterLayout) throws {
    self.layout = layout
    dimension = problem.variables.count
    marching = problem.variables.firstIndex { $0.name == problem.marching } ?? 0
    forcings = try problem.forcings.map { try Interpolation($0) }
  }

  /// How many points a chunk has: what the layers keep of them stays in a level-2 cache.
  func chunkSize(_ program: PointProgram) -> Int {
    // Values and their adjoints, of every jet.
    let bytes = 2 * 8 * max(program.jetWidths(layout), 1)
    let size = 600_000 / bytes
    // A point with integrals has many nodes: few points fill the cache.
    if !program.integrals.isEmpty { return min(max(size, 4), 128) }
    return min(max(size / 16 * 16, 16), 128)
  }
}
