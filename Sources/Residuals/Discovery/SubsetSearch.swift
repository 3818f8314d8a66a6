import Glibc

/// Searches for the subset of each size that fits best.
struct SubsetSearch {
  private let design: ReducedDesign
  private let limit: Int
  /// Best so far by size, from 0 on.
  private(set) var best: [SubsetFit]

  /// Sizes beyond this are not improved by exchanges: nobody reads formulas as long.
  private static let exchangedSizes = 12

  /// Searches sizes up to a limit.
  init(_ design: ReducedDesign, limit: Int) {
    self.design = design
    self.limit = min(limit, design.kept.count)
    best = [SubsetFit(design, [])]
    // In this order: forward selection leaves no size out.
    selectForward()
    eliminateBackward()
    threshold()
    for size in 1...Self.exchangedSizes where size < best.count { exchange(size) }
  }

  private mutating func consider(_ fit: SubsetFit) {
    let size = fit.terms.count
    guard size < best.count else { return }
    if fit.residualSquare < best[size].residualSquare { best[size] = fit }
  }

  /// Adds the term that lowers the residual most, again and again.
  private mutating func selectForward() {
    var terms: [Int] = []
    while terms.count < limit {
      let gains = design.gains(adding: terms)
      let open = gains.indices.filter { !terms.contains($0) }
      guard let next = open.max(by: { gains[$0] < gains[$1] }) else { return }
      terms.append(next)
      best.append(SubsetFit(design, terms))
    }
  }

  /// From all terms, removes the one that is missed least, again and again.
  private mutating func eliminateBackward() {
    var fit = SubsetFit(design, Array(design.kept.indices))
    consider(fit)
    while let weakest = fit.weakest {
      fit.remove(at: weakest)
      consider(fit)
    }
  }

  /// Removes all terms below a threshold and fits again, until none is; thresholds from 10⁻³ to 1 of
  /// the targets' length.
  private mutating func threshold() {
    let length = OrthonormalBasis.dot(design.target, design.target).squareRoot()
    for step in 0..<25 {
      let least = length * pow(10, Double(step) / 8 - 3)
      var fit = SubsetFit(design, Array(design.kept.indices))
      while true {
        let coefficients = fit.coefficients
        let left = fit.terms.indices.filter { coefficients[$0].magnitude >= least }
        if left.count == fit.terms.count { break }
        fit = SubsetFit(design, left.map { fit.terms[$0] })
      }
      consider(fit)
    }
  }

  /// Exchanges one term for another as long as that lowers the residual.
  private mutating func exchange(_ size: Int) {
    var improved = true
    while improved {
      improved = false
      for out in best[size].terms {
        let rest = best[size].terms.filter { $0 != out }
        let gains = design.gains(adding: rest)
        guard let next = gains.indices.max(by: { gains[$0] < gains[$1] }), next != out else {
          continue
        }
        let fit = SubsetFit(design, rest + [next])
        // More than rounding, or this might not end.
        guard fit.residualSquare < best[size].residualSquare * (1 - 1e-9) else { continue }
        best[size] = fit
        improved = true
        break
      }
    }
  }
}
