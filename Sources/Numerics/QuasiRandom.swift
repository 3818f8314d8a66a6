import CGSL

/// A sequence of points that fill the unit cube evenly; owns GSL's generator.
public final class QuasiRandom {
  /// Which sequence.
  public enum Kind: String, Sendable, CaseIterable {
    /// Sobol's, to 40 dimensions; its numbers are multiples of 2⁻³⁰.
    case sobol
    /// Halton's, to 1229 dimensions.
    case halton

    /// The largest dimension.
    public var dimensionLimit: Int { self == .sobol ? 40 : 1229 }
  }

  /// Which sequence.
  public let kind: Kind
  /// How many numbers a point has.
  public let dimension: Int
  private let generator: GSLOwned<gsl_qrng>

  /// Starts a sequence at its beginning.
  ///
  /// - Precondition: `dimension` within the kind's limit.
  /// - Throws: `GSLError` where there is no memory.
  public init(_ kind: Kind, dimension: Int) throws(GSLError) {
    precondition(
      (1...kind.dimensionLimit).contains(dimension), "\(kind) in \(dimension) dimensions")
    GSL.prepare()
    self.kind = kind
    self.dimension = dimension
    let type = kind == .sobol ? cauchy_qrng_sobol() : cauchy_qrng_halton()
    generator = try GSLOwned(
      "a quasi-random sequence", gsl_qrng_alloc(type, UInt32(dimension)), release: gsl_qrng_free)
  }

  /// Writes the next point: `[dimension]` numbers from [0, 1).
  public func next(into point: Vector) {
    assert(point.count == dimension, "\(point.count) numbers for a point of \(dimension)")
    gsl_qrng_get(generator.raw, point.base)
  }
}
