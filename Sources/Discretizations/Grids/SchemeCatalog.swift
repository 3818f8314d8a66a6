/// A row of the catalog of schemes: what `cauchy methods` prints and a problem file names.
public struct SchemeRow: Sendable, CustomStringConvertible {
  public let scheme: Scheme
  /// Such as `4` or `spectral`.
  public let order: String
  public let summary: String
  public let source: String

  /// What a problem file calls the scheme.
  public var name: String { scheme.name }
  public var description: String { name }
}

/// All schemes by name.
public enum SchemeCatalog {
  public static let all: [SchemeRow] =
    [2, 4, 6].map { order in
      SchemeRow(
        scheme: .difference(order), order: "\(order)",
        summary: "centred differences, one-sided closures of the same order; graded nodes",
        source: "Fornberg, SIAM Review 40 (1998) 685")
    } + [
      SchemeRow(
        scheme: .chebyshev, order: "spectral",
        summary: "polynomial through the Gauss-Lobatto points of an interval",
        source: "Welfert, SIAM J. Numer. Anal. 34 (1997) 1640"),
      SchemeRow(
        scheme: .fourier, order: "spectral",
        summary: "trigonometric polynomial through the points of a period",
        source: "Fornberg, A Practical Guide to Pseudospectral Methods (1996)"),
      SchemeRow(
        scheme: .limited, order: "2",
        summary: "finite volumes without overshoot: transport without diffusion, shocks",
        source: "Suresh & Huynh 1997; Castro, Gallardo & Parés 2006"),
    ]
}
