import Networks
import Numerics
import Residuals
import Testing

@Suite("Regularisers", .tags(.property)) struct RegularizerTests {
  func rows(_ regularizer: any Regularizer, _ theta: [Double], _ range: Range<Int>? = nil)
    -> [Double]
  {
    let range = range ?? 0..<regularizer.count
    return borrowed(theta) { theta in
      filled(range.count * theta.count) { regularizer.rows(theta, range, into: $0) }
    }
  }

  func residual(_ regularizer: any Regularizer, _ theta: [Double]) -> [Double] {
    borrowed(theta) { theta in
      filled(regularizer.count) { regularizer.residual(theta, into: $0) }
    }
  }

  /// The residual whose derivative J is: perturbations of the all-layer margin stay as they are.
  func held(_ regularizer: any Regularizer, _ theta: [Double], _ reference: [Double]) -> [Double] {
    guard let margin = regularizer as? AllLayerMargin else { return residual(regularizer, theta) }
    return borrowed(theta) { theta in
      borrowed(reference) { reference in
        filled(margin.count) { margin.residual(theta, perturbedAt: reference, into: $0) }
      }
    }
  }

  @Test("rows are differences of the residual", arguments: regularizerSamples.indices)
  func gradient(_ index: Int) {
    let sample = regularizerSamples[index]
    let regularizer = sample.make()
    let size = sample.parameters.count
    let matrix = rows(regularizer, sample.parameters)
    // Central differences of order 8.
    let h = 4e-3
    let weights = [0.8, -0.2, 4 / 105.0, -1 / 280.0]
    for parameter in 0..<size {
      var difference = [Double](repeating: 0, count: regularizer.count)
      for (step, weight) in weights.enumerated() {
        for sign in [1.0, -1] {
          var moved = sample.parameters
          moved[parameter] += sign * Double(step + 1) * h
          let values = held(regularizer, moved, sample.parameters)
          for row in values.indices { difference[row] += sign * weight * values[row] / h }
        }
      }
      for row in difference.indices {
        // Rounding 1e-15/h, and h^8 times a ninth derivative of up to 1e9.
        let gap = abs(difference[row] - matrix[row * size + parameter])
        #expect(gap < 1e-9, "\(sample.kind) row \(row), parameter \(parameter)")
      }
    }
    // Nothing beside the network's own.
    let own = sample.offset..<sample.offset + sample.shape.parameterCount
    for place in matrix.indices where !own.contains(place % size) { #expect(matrix[place] == 0) }
    #expect(norm(matrix) > 0.01)
  }

  @Test(
    "products, transposes, squares and single rows agree", arguments: regularizerSamples.indices)
  func products(_ index: Int) {
    let sample = regularizerSamples[index]
    let regularizer = sample.make()
    let (count, size) = (regularizer.count, sample.parameters.count)
    let matrix = rows(regularizer, sample.parameters)
    var numbers = Numbers(5)
    let weights = numbers.array(count)
    // What is there already is added to; the upper triangle stays as it is.
    let square = Storage([Double](repeating: 7, count: size * size))
    let sum = Storage([Double](repeating: 7, count: size))
    defer { square.keep(sum) }
    let product = borrowed(sample.parameters) { theta in
      borrowed(weights) { regularizer.addTransposedProduct(theta, $0, to: sum.vector) }
      regularizer.addNormal(theta, scale: 4, to: square.vector)
      return borrowed(sample.direction) { direction in
        filled(count) { regularizer.product(theta, direction, into: $0) }
      }
    }
    let transposed = sum.vector.array.map { $0 - 7 }
    // Sums of some 100 products of order 1.
    let moduli = zip(product, weights).reduce(0) { $0 + abs($1.0 * $1.1) }
    let gap = dot(product, weights) - dot(transposed, sample.direction)
    #expect(abs(gap) < 1e-13 * (moduli + 7))
    for row in 0..<count {
      let alone = rows(regularizer, sample.parameters, row..<row + 1)
      #expect(alone == Array(matrix[row * size..<(row + 1) * size]))
      #expect(abs(dot(alone, sample.direction) - product[row]) < 1e-13)
    }
    for i in 0..<size {
      for j in 0..<size {
        let exact = (0..<count).reduce(0.0) {
          $0 + 4 * matrix[$1 * size + i] * matrix[$1 * size + j]
        }
        let found = square.vector[i + j * size] - 7
        #expect(abs(found - (i < j ? 0 : exact)) < 1e-12)
      }
    }
  }

  @Test("norms of Jacobians by layer are those of jets", arguments: regularizerSamples.indices)
  func norms(_ index: Int) {
    let sample = regularizerSamples[index]
    guard sample.kind == .jacobianNorm || sample.kind == .dropout else { return }
    let found = residual(sample.make(), sample.parameters)
    let depth = sample.shape.hidden.count
    #expect(found.count == depth * sample.points)
    // Dropout with probability 1/10: p/(1 - p) = 1/9.
    let scale = (sample.kind == .dropout ? 1 / 9.0 : 1) / Double(sample.points)
    for point in 0..<sample.points {
      for layer in 1...depth {
        let values = sample.values(layer, at: point)
        let square = zip(values, sample.jacobian(layer, at: point)).reduce(0) { sum, neuron in
          let factor = sample.kind == .dropout ? neuron.0 * neuron.0 : 1
          return sum + factor * dot(neuron.1, neuron.1)
        }
        let exact = (scale * square).squareRoot()
        #expect(abs(found[point * depth + layer - 1] - exact) < 1e-13 * max(exact, 1))
      }
    }
  }

  /// With one hidden layer the output is linear in it: what dropout adds on average is exact.
  @Test("the explicit part of dropout is its mean over all masks")
  func masks() {
    let sample = RegularizerSample(.dropout, .tanh, hidden: [5], outputs: 1)
    let p = 0.3
    let rows = residual(Dropout(sample.layerPoints, probability: p), sample.parameters)
    for point in 0..<sample.points {
      let values = sample.values(1, at: point)
      let slopes = sample.jacobian(1, at: point).map { $0[0] }
      let misfit = sample.values(2, at: point)[0] - sample.targets[point]
      var mean = 0.0
      for mask in 0..<32 {
        var (probability, change) = (1.0, 0.0)
        for neuron in 0..<5 {
          let isDropped = mask >> neuron & 1 == 1
          probability *= isDropped ? p : 1 - p
          let factor = isDropped ? 0 : 1 / (1 - p)
          change += (factor - 1) * values[neuron] * slopes[neuron]
        }
        mean += probability * 0.5 * (misfit + change) * (misfit + change)
      }
      let growth = mean - 0.5 * misfit * misfit
      let found = 0.5 * rows[point] * rows[point] * Double(sample.points)
      #expect(abs(found - growth) < 1e-14)
    }
  }

  @Test("perturbed layers fit worse, by the square of the gradient", arguments: [1, 2, 3])
  func ascent(_ depth: Int) {
    let sample = RegularizerSample(
      .allLayerMargin, .gelu, hidden: Array([4, 6, 3].prefix(depth)), outputs: 2)
    func loss(_ step: Double) -> Double {
      let margin = AllLayerMargin(
        sample.layerPoints, targets: sample.targets, sigma: [sample.sigma, sample.sigma],
        step: step)
      let rows = residual(margin, sample.parameters)
      return 0.5 * dot(rows, rows)
    }
    var (still, growth) = (0.0, 0.0)
    for point in 0..<sample.points {
      let outputs = sample.values(depth + 1, at: point)
      let slopes = outputs.indices.map {
        (outputs[$0] - sample.targets[2 * point + $0]) / (sample.sigma * sample.sigma)
      }
      still += 0.5 * dot(slopes, slopes) * sample.sigma * sample.sigma
      for layer in 1...depth + 1 {
        let below = sample.values(layer - 1, at: point)
        let gradient = sample.jacobian(layer, at: point).map { dot($0, slopes) }
        growth += dot(below, below) * dot(gradient, gradient)
      }
    }
    let count = Double(sample.points)
    #expect(abs(loss(0) - still / count) < 1e-13 * still)
    // One-sided difference: its error is of the order of the step, times 1e4 for 1/sigma^4.
    let step = 1e-8
    #expect(abs((loss(step) - loss(0)) / step * count / growth - 1) < 1e-4)
    #expect(loss(0.01) > loss(0))
  }

  @Test("what is capped, missing, absent or not finite")
  func edges() {
    let sample = RegularizerSample(.jacobianNorm, .tanh, hidden: [5, 4], outputs: 1)
    let capped = JacobianNorm(sample.layerPoints, cap: 1e-6)
    // The root of the cap, over that of four points.
    #expect(residual(capped, sample.parameters).allSatisfy { abs($0 - 0.5e-3) < 1e-18 })
    #expect(rows(capped, sample.parameters).allSatisfy { $0 == 0 })
    var targets = sample.targets
    targets[2] = .nan
    let margin = AllLayerMargin(sample.layerPoints, targets: targets, sigma: [1])
    #expect(residual(margin, sample.parameters).map { $0 == 0 } == [false, false, true, false])
    let size = sample.parameters.count
    let matrix = rows(margin, sample.parameters)
    #expect(matrix.allSatisfy { $0.isFinite })
    #expect(matrix[2 * size..<3 * size].allSatisfy { $0 == 0 } && norm(matrix) > 0)
    let linear = RegularizerSample(.dropout, .tanh, hidden: [], outputs: 1)
    #expect(linear.make().count == 0 && residual(linear.make(), linear.parameters) == [])
    for sample in regularizerSamples {
      let bad = sample.parameters.map { _ in Double.nan }
      #expect(residual(sample.make(), bad).allSatisfy { $0.isNaN }, "\(sample.kind)")
    }
  }
}
