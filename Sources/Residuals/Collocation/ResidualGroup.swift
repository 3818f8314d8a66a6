import Discretizations
import Networks
import Numerics
import Problems

/// Residuals that share their points: all equations, the conditions of one face, a column of data.
struct ResidualGroup {
  /// Where its points lie.
  enum Place: Equatable {
    case interior
    case faces([Face])
    /// They do not move.
    case fixed
  }

  let names: [String]
  let program: PointProgram
  let place: Place
  /// Flat, point after point.
  var points: [Double]
  /// One for each point, where the residuals speak of measurements.
  var measurements: [Double] = []
  /// Whether they are in units of a declared noise.
  var hasNoise = false
  /// Of each expression's mean square.
  var weights: [Double]
  /// In r: of its first residual.
  var firstRow = 0
  /// First points of its chunks.
  var starts: [Int] = []

  init(
    names: [String], program: PointProgram, place: Place, points: [Double],
    measurements: [Double] = [], hasNoise: Bool = false
  ) {
    self.hasNoise = hasNoise
    self.names = names
    self.program = program
    self.place = place
    self.points = points
    self.measurements = measurements
    weights = Array(repeating: 1, count: names.count)
  }

  func count(_ dimension: Int) -> Int { points.count / dimension }
}

/// What every worker knows of the network and of the points.
struct NetworkField {
  let shape: NetworkShape
  let dimension: Int
  let marching: Int
  let forcings: [Interpolation]

  /// - Throws: `GSLError` where a forcing cannot be fitted.
  init(_ problem: Problem, _ shape: NetworkShape) throws {
    self.shape = shape
    dimension = problem.variables.count
    marching = problem.variables.firstIndex { $0.name == problem.marching } ?? 0
    forcings = try problem.forcings.map { try Interpolation($0) }
  }

  /// How many points a chunk has: what the layers keep of them stays in a level-2 cache.
  func chunkSize(jets: Int) -> Int {
    let widths = shape.hidden.reduce(shape.inputs + shape.outputs, +)
    // Values and their adjoints, of every jet.
    let bytes = 2 * 8 * jets * max(widths, 1)
    return min(max(600_000 / bytes / 16 * 16, 16), 128)
  }
}
