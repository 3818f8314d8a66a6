import Discretizations
import Expressions
import Numerics
import Problems
import Reports
import Residuals

/// Fitted fields between the nodes of their lines.
struct FieldPlaces {
  private let model: FittedModel
  private let lines: LinesForm

  init(_ model: FittedModel, _ lines: LinesForm) {
    self.model = model
    self.lines = lines
  }

  /// Every unknown at points, row by row, the variables in their declared order.
  ///
  /// - Returns: `[unknown][point]`; NaN outside the domain, where the integration did not come, or
  ///   before its start.
  func values(at points: [Double]) throws -> [[Double]] {
    let problem = model.fit.problem
    let t = problem.variables.firstIndex { $0.name == lines.form.marching } ?? 0
    let x = problem.variables.firstIndex { $0.name == lines.grid.variable } ?? 0
    let width = problem.variables.count
    let rows = stride(from: 0, to: points.count, by: width)
    let isBackward = model.fit.data.isBackward
    let start = model.fit.data.series[0].start
    let times = Set(rows.map { points[$0 + t] })
      .filter { isBackward ? $0 <= start : $0 >= start }
      .sorted { isBackward ? $0 > $1 : $0 < $1 }
    let states = try model.fit.states(model.parameters, of: 0, at: times) { Interrupt.isRequested }
    let known = Dictionary(uniqueKeysWithValues: zip(times, states))
    return problem.unknowns.map { unknown in
      let first = lines.fields.state.firstIndex(of: Symbol(unknown)) ?? 0
      return rows.map { row in
        guard let state = known[points[row + t]], problem.variables[x].contains(points[row + x])
        else { return .nan }
        return FieldPlaces.value(
          lines.grid.terms(at: points[row + x]), state, first * lines.grid.nodes.count)
      }
    }
  }

  /// What the fit says where a series was measured; `[column][row]`, NaN where the integration did
  /// not come.
  func measured(_ series: Int) throws -> [[Double]] {
    let data = model.fit.data.series[series]
    let times = FieldPlaces.distinct(data.times)
    let states = try model.fit.states(model.parameters, of: series, at: times) {
      Interrupt.isRequested
    }
    let known = Dictionary(uniqueKeysWithValues: zip(times, states))
    return model.fit.data.columns.map { column in
      data.times.enumerated().map { row, t in
        known[t].map { FieldPlaces.value(data.terms[row], $0, column.place) } ?? .nan
      }
    }
  }

  /// Times of rows that are in their order, each once.
  static func distinct(_ times: [Double]) -> [Double] {
    times.indices.filter { $0 == 0 || times[$0] != times[$0 - 1] }.map { times[$0] }
  }

  /// A sum over nodes of a field whose first node stands at `first` of the state.
  private static func value(_ terms: [LinesGrid.Term], _ state: [Double], _ first: Int) -> Double {
    terms.reduce(0) { $0 + $1.weight * state[first + $1.node] }
  }
}
