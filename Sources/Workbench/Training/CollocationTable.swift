import Problems
import Reports
import Residuals

/// `points.csv` of a training: where the equations were asked for in its last steps.
///
/// A row a point, a column a variable; with windows those of one after the other.
enum CollocationTable {
  static let fileName = "points.csv"

  /// - Throws: `ReportError.cannotWrite`.
  static func write(_ model: LearnedModel, to path: String) throws(ReportError) {
    let names = model.problem.variables.map(\.name)
    let writer = try CSVWriter(path, columns: names)
    for window in model.windows {
      let points = window.residuals.collocationPoints
      for start in stride(from: 0, to: points.count, by: names.count) {
        for number in points[start..<(start + names.count)] { writer.append(number) }
        try writer.endRow()
      }
    }
    try writer.finish()
  }

  /// The points of a run, flat; none where it left none of these variables.
  static func read(_ path: String, _ problem: Problem) -> [Double] {
    let names = problem.variables.map(\.name)
    guard let table = try? CSVReader(path), table.columns == names else { return [] }
    var points: [Double] = []
    try? table.visit { row in
      points += names.indices.map(row.value)
      return true
    }
    return points
  }
}
