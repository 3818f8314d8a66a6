import Glibc

/// Chooses the few of many terms whose sum is a given function: a formula from values.
///
/// Least squares on subsets. Candidates come from thresholding (S. Brunton, J. Proctor, N. Kutz,
/// Discovering governing equations from data by sparse identification of nonlinear dynamical
/// systems, 2016), backward elimination, forward selection and exchanges of one term for another;
/// of each size the best one is kept. The size is chosen by an information criterion (G. Schwarz,
/// Estimating the dimension of a model, 1978; extended by J. Chen and Z. Chen, Extended Bayesian
/// information criteria for model selection with large model spaces, 2008), then by parsimony.
/// - Cost: N·K² + K⁴/10 operations, N rows, K terms.
public struct SparseRegression: Sendable {
  /// What is known of the targets, and how much is asked of a further term.
  public struct Settings: Sendable {
    /// How many independent observations the rows are worth; nil: as many as there are rows.
    ///
    /// Values of a fitted network at many points say no more than the measurements it was fitted to.
    public var effectiveCount: Double?
    /// Standard deviation of a target of weight 1; nil: unknown.
    public var noise: Double?
    /// Systematic error of the targets relative to their root mean square: no term is taken for what
    /// is below.
    ///
    /// It is worth knowing: the errors of a fitted network are smooth, and a few terms fit them as well
    /// as they fit the truth. Where it is not known, compare models of ``SparseRegression/path`` where
    /// the noise is independent: fitted to the measurements.
    public var accuracy = 1e-3
    /// The smallest model is chosen whose residual is at most this factor of the best one's; 1: the
    /// criterion alone decides.
    public var parsimony = 1.25
    /// γ of the extended criterion, 0 (Schwarz) to 1: how much the count of possible models weighs.
    public var multiplicity = 1.0

    /// The defaults.
    public init() {}
  }

  /// The best model of one size.
  public struct Model: Sendable, Equatable {
    /// Columns of the design matrix, increasing.
    public let indices: [Int]
    /// One for each index.
    public let coefficients: [Double]
    /// One standard deviation each, under the linear model with these terms.
    ///
    /// The choice of the terms is not in it.
    public let standardErrors: [Double]
    /// Root mean square of the residual over that of the targets; 0 where all targets are zero.
    public let relativeResidual: Double
    /// The smaller, the better.
    public let criterion: Double
  }

  /// A column that cannot be a term.
  public struct SetAside: Sendable, Equatable {
    /// Why.
    public enum Reason: Sendable, Equatable {
      /// Zero at all points.
      case zero
      /// Infinite or no number at a point.
      case notFinite
      /// A combination of columns before it, to rounding.
      case dependent(on: [Int])
    }

    /// Of the design matrix.
    public let column: Int
    /// Why.
    public let reason: Reason
  }

  /// The best model of each size that was found, from the empty one on.
  public let path: [Model]
  /// The place of the chosen model in ``path``.
  public let choice: Int
  /// Columns that were not tried.
  public let setAside: [SetAside]

  /// The chosen model.
  public var model: Model { path[choice] }

  /// Regresses.
  ///
  /// Rows with a target that is not finite, or of weight zero, do not count.
  /// - Parameters:
  ///   - design: K columns of N numbers each: the terms at the points.
  ///   - targets: N numbers.
  ///   - weights: of the squares of the residuals, N numbers, not negative; nil: all alike.
  /// - Precondition: columns, targets and weights agree in length; settings are positive.
  public init(
    _ design: [[Double]], _ targets: [Double], weights: [Double]? = nil,
    settings: Settings = Settings()
  ) {
    precondition(design.allSatisfy { $0.count == targets.count }, "columns of other lengths")
    precondition(weights.map { $0.count == targets.count } ?? true, "weights of another count")
    precondition(weights?.allSatisfy { $0 >= 0 && $0.isFinite } ?? true, "a negative weight")
    precondition(settings.parsimony >= 1 && settings.accuracy > 0, "settings out of range")
    let reduced = ReducedDesign(design, targets, weights: weights)
    let scale = CriterionScale(reduced, settings)
    let search = SubsetSearch(reduced, limit: scale.sizeLimit)
    path = search.best.map { scale.model(reduced, $0) }
    setAside = reduced.setAside
    let best = path.min { $0.criterion < $1.criterion }
    let bound = settings.parsimony * max(best?.relativeResidual ?? 0, settings.accuracy)
    choice = path.firstIndex { $0.relativeResidual <= bound } ?? 0
  }
}

/// Turns fits into models: criterion and standard errors on the scale of the observations.
private struct CriterionScale {
  let settings: SparseRegression.Settings
  /// Observations that the rows are worth.
  let count: Double
  /// What the square of the residual is never below, of all rows.
  let floor: Double

  init(_ design: ReducedDesign, _ settings: SparseRegression.Settings) {
    self.settings = settings
    let rows = Double(design.count)
    count = min(settings.effectiveCount ?? rows, rows)
    floor = settings.accuracy * settings.accuracy * design.total
  }

  /// Two observations for each coefficient at least.
  var sizeLimit: Int { Int(count / 2) }

  func model(_ design: ReducedDesign, _ fit: SubsetFit) -> SparseRegression.Model {
    let (size, rows) = (Double(fit.terms.count), Double(design.count))
    let order = fit.terms.indices.sorted { fit.terms[$0] < fit.terms[$1] }
    let (scaled, inverse) = (fit.coefficients, fit.inverseDiagonal)
    var variance = count > size ? fit.residualSquare / rows * count / (count - size) : .nan
    if let noise = settings.noise { variance = noise * noise }
    return SparseRegression.Model(
      indices: order.map { design.kept[fit.terms[$0]] },
      coefficients: order.map { scaled[$0] / design.lengths[fit.terms[$0]] },
      standardErrors: order.map {
        (variance * rows / count * inverse[$0]).squareRoot() / design.lengths[fit.terms[$0]]
      },
      relativeResidual: design.total > 0 ? (fit.residualSquare / design.total).squareRoot() : 0,
      criterion: criterion(design, fit))
  }

  /// −2 log likelihood + k·log n + 2γ·log (K choose k).
  private func criterion(_ design: ReducedDesign, _ fit: SubsetFit) -> Double {
    guard design.total > 0 else { return Double(fit.terms.count) }
    let (size, all, rows) = (fit.terms.count, design.kept.count, Double(design.count))
    var misfit = count * log((fit.residualSquare + floor) / design.total)
    if let noise = settings.noise {
      misfit = count * fit.residualSquare / (rows * noise * noise + floor)
    }
    var models = 0.0
    for i in 0..<size { models += log(Double(all - i) / Double(i + 1)) }
    return misfit + Double(size) * log(count) + 2 * settings.multiplicity * models
  }
}
