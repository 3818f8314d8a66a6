import Expressions
import Reports

/// A kind of figure, and for which runs it is drawn.
public struct FigureKind: Sendable {
  /// What files and `--only` call it.
  public let name: String
  /// One line for people: what it shows, of which runs.
  public let summary: String
  /// The figure of a run; nil for a run that it has nothing to show of.
  let make: @Sendable (RunContents) throws -> Figure?

  init(
    _ name: String, _ summary: String, _ make: @escaping @Sendable (RunContents) throws -> Figure?
  ) {
    self.name = name
    self.summary = summary
    self.make = make
  }
}

/// The kinds of figures, in the order in which a run shows them.
public enum FigureCatalog {
  /// All kinds.
  public static let all: [FigureKind] = [
    FigureKind("components", "unknowns over the variable, events marked", CurveFigures.components),
    FigureKind("observables", "observables over the variable", CurveFigures.observables),
    FigureKind(
      "sensitivities", "derivatives by parameters, over the variable", CurveFigures.sensitivities),
    FigureKind("phase", "unknowns over each other, in the plane or in space", PhaseFigures.make),
    FigureKind("cases", "every case of a sweep, every trajectory, by colour", CaseFigures.make),
    FigureKind(
      "fit", "measurements with their noise, the fit, and what lies beyond", FitFigures.make),
    FigureKind("terms", "what networks learned, beside formulas and the truth", TermFigures.make),
    FigureKind("field", "the solution over space and time, with contour lines", FieldFigures.map),
    FigureKind("slices", "the solution along lines, over the truth", FieldFigures.slices),
    FigureKind("error", "the distance from the truth, on a logarithmic scale", ErrorFigures.make),
    FigureKind(
      "loss", "the loss and its parts, and the error against the truth, step by step",
      TrainingFigures.loss),
    FigureKind(
      "steps", "step sizes and error estimates, rejected steps marked", TrainingFigures.steps),
    FigureKind("residual", "what is left of the equations, and the points", ResidualFigures.make),
    FigureKind("comparison", "errors and seconds of a comparison", TableFigures.comparison),
    FigureKind("study", "the curves of a study", TableFigures.study),
  ]

  /// The kinds of given names, in the order of the catalog; all for none.
  ///
  /// - Throws: ``UsageFault`` for a name that is not there.
  static func kinds(_ names: [String]) throws -> [FigureKind] {
    for name in names where !all.contains(where: { $0.name == name }) {
      let known = all.map(\.name)
      let near = NearestName.find(name, among: known).map { "did you mean '\($0)'? " } ?? ""
      throw UsageFault(
        description: "there is no figure '\(name)'; \(near)the figures are "
          + known.joined(separator: ", "))
    }
    return names.isEmpty ? all : all.filter { names.contains($0.name) }
  }
}

extension FigureCatalog {
  /// The figures of a run, and of those that could not be made the name and why.
  ///
  /// - Parameter phases: what phase portraits have at their axes; empty to leave that open.
  /// - Throws: ``UsageFault`` for names that are not there.
  static func figures(of run: RecordedRun, only names: [String], phases: [[String]] = []) throws
    -> (figures: [Figure], faults: [String])
  {
    let contents = RunContents(run)
    try PhaseFigures.check(contents, phases)
    contents.phases = phases
    var (found, faults): ([Figure], [String]) = ([], [])
    for kind in try kinds(names) {
      do {
        guard var figure = try kind.make(contents) else { continue }
        figure.name = kind.name
        for index in figure.panels.indices {
          figure.panels[index].layers.removeAll(where: \.isEmpty)
        }
        found.append(figure)
      } catch {
        faults.append("'\(kind.name)': \(error)")
      }
    }
    return (found, faults)
  }
}

/// The figures of a run, as descriptions; nothing is drawn.
///
/// A kind that the run's files do not suffice for, such as a model of which the file is damaged, is
/// left out.
///
/// - Parameters:
///   - run: of any verb, also one that goes on or failed.
///   - names: of the catalog; none for all.
/// - Returns: in the order of ``FigureCatalog``, without those that the run has nothing to show of.
///   Titles are the problem's; the same run gives the same figures.
/// - Throws: an error for a name that is not in the catalog.
/// - Cost: the run's tables are read; of a trained run the network is asked at some ten thousand
///   places.
public func figures(of run: RecordedRun, only names: [String] = []) throws -> [Figure] {
  try FigureCatalog.figures(of: run, only: names).figures
}
