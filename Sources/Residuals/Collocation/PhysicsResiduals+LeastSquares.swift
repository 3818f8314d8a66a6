import Numerics

extension PhysicsResiduals {
  /// Writes r(θ).
  ///
  /// - Shape: `parameters`: `[P]`, `residual`: `[N]`.
  public func residual(_ parameters: Vector, into residual: Vector) {
    check(parameters, residual)
    run { $0.residual(parameters, into: residual) }
    regularizers.residual(parameters, into: residual)
  }

  /// Writes r, g = Jᵀr and, where `normal` is given, the lower triangle of JᵀJ, by columns.
  ///
  /// - Cost: that of the rows and N·P² operations with `normal`, a few residuals without.
  public func linearize(
    _ parameters: Vector, residual: Vector, gradient: Vector, normal: Vector?
  ) {
    check(parameters, residual)
    precondition(gradient.count == parameterCount, "a gradient of \(gradient.count)")
    guard let normal else {
      run { $0.gradient(parameters, residual: residual) }
      regularizers.residual(parameters, into: residual)
      sumGradients(into: gradient)
      return addRegularizers(parameters, residual, to: gradient)
    }
    precondition(normal.count == parameterCount * parameterCount, "JᵀJ of \(normal.count) numbers")
    let first = workers[0]
    run { worker in
      worker.linearize(
        parameters, residual: residual,
        square: worker === first ? normal : worker.square.vector)
    }
    regularizers.residual(parameters, into: residual)
    sumGradients(into: gradient)
    addRegularizers(parameters, residual, to: gradient)
    if threads > 1 { sumSquares(into: normal) }
    regularizers.addNormal(parameters, to: normal)
  }

  /// Writes J(θ)·v; `direction`: `[P]`, `result`: `[N]`.
  public func product(_ parameters: Vector, _ direction: Vector, into result: Vector) {
    check(parameters, result)
    precondition(direction.count == parameterCount, "a direction of \(direction.count)")
    run { $0.product(parameters, direction, into: result) }
    regularizers.product(parameters, direction, into: result)
  }

  /// Writes J(θ)ᵀ·w; `weights`: `[N]`, `result`: `[P]`.
  public func transposedProduct(_ parameters: Vector, _ weights: Vector, into result: Vector) {
    check(parameters, weights)
    precondition(result.count == parameterCount, "a result of \(result.count)")
    run { $0.transposedProduct(parameters, weights) }
    sumGradients(into: result)
    addRegularizers(parameters, weights, to: result)
  }

  private func addRegularizers(_ parameters: Vector, _ weights: Vector, to sum: Vector) {
    regularizers.addTransposedProduct(
      parameters, weights, to: sum, scratch: regularizerWeights.vector)
  }

  /// Writes rows `range` of J(θ), row-major; `rows`: `[range.count·P]`.
  public func jacobianRows(_ parameters: Vector, _ range: Range<Int>, into rows: Vector) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= residualCount,
      "rows \(range) of \(residualCount)")
    precondition(rows.count == range.count * parameterCount, "\(rows.count) numbers for \(range)")
    run { $0.rows(parameters, range, into: rows) }
    regularizers.rows(parameters, range, into: rows)
  }

  /// Gives back the memory of JᵀJ, after the last step; another one would make it anew.
  public func rest() {
    for worker in workers { worker.rest() }
  }

  private func check(_ parameters: Vector, _ residual: Vector) {
    precondition(parameters.count == parameterCount, "\(parameters.count) of \(parameterCount)")
    precondition(residual.count == residualCount, "\(residual.count) of \(residualCount)")
  }

  private func sumGradients(into sum: Vector) {
    sum.assign(workers[0].gradient.vector)
    for worker in workers.dropFirst() {
      let part = worker.gradient.vector
      for index in 0..<parameterCount { sum[index] += part[index] }
    }
  }

  /// Adds the others' triangles to the first worker's: columns are dealt in turn.
  private func sumSquares(into sum: Vector) {
    let (size, workers) = (parameterCount, workers)
    run { worker in
      let own = workers.firstIndex { $0 === worker } ?? 0
      for other in workers.dropFirst() {
        let part = other.square.vector
        for column in stride(from: own, to: size, by: workers.count) {
          let start = column * size
          for row in column..<size { sum[start + row] += part[start + row] }
        }
      }
    }
  }
}
