/// The ways in which equations become residuals: the catalog behind `train.residual`.
public enum ResidualKind: String, CaseIterable, Sendable, Codable {
  case collocation, quadrature, weak, integrator

  /// One line for people.
  public var summary: String {
    switch self {
    case .collocation: "the equations at points: the loss is a mean of squares"
    case .quadrature:
      "the equations at the nodes of Gauss rules on cells: the loss is an integral, its error known"
    case .weak:
      "integrals against test functions on cells, by parts: half the derivatives (Kharazmi et al. "
        + "2021)"
    case .integrator:
      "defects of Gauss-Legendre steps of train.stages stages in the marching variable (Raissi et "
        + "al. 2019); without stages, of the flow of solve.method"
    }
  }
}
