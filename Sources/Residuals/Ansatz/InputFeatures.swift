import Expressions
import Networks
import Problems

/// What the network sees of a point: functions of one variable each, of size 1.
struct InputFeatures: Sendable {
  /// In the order of the network's inputs.
  let expressions: [Expression]

  /// Chooses the inputs.
  ///
  /// A plain variable gives its place on [−1, 1] and, for each frequency f, the sine and cosine of
  /// 2πf(x − a)/L; a periodic one those of whole frequencies alone, 1 to `harmonics` and more.
  init(_ calculus: FieldCalculus, harmonics: Int, frequencies: [Double]) {
    var found: [Expression] = []
    for interval in calculus.problem.variables {
      let length = interval.upper - interval.lower
      let offset: Expression = .symbol(interval.name) - .number(interval.lower)
      var waves = frequencies
      if calculus.periodic.contains(interval.name) {
        let plain = (1...max(harmonics, 1)).map(Double.init)
        waves = plain + frequencies.filter { $0 > 0 && $0 == $0.rounded() && !plain.contains($0) }
      } else {
        found.append(.number(2 / length) * offset - 1)
      }
      for wave in waves where wave != 0 {
        let angle: Expression = .number(2 * Double.pi * wave / length) * offset
        found += ["sin", "cos"].compactMap { name in
          Function(named: name).map { .call($0, [angle]) }
        }
      }
    }
    expressions = found
  }

  /// The inputs of a network inside the equations: as declared, plain variables on [−1, 1].
  init(_ calculus: FieldCalculus, inputs: [Expression]) {
    expressions = inputs.map { input in
      guard let interval = calculus.problem.variables.first(where: { input == .symbol($0.name) })
      else { return calculus.constant(input) }
      let offset: Expression = .symbol(interval.name) - .number(interval.lower)
      return .number(2 / (interval.upper - interval.lower)) * offset - 1
    }
  }

  /// Every derivative of every input: by jet, then by input.
  func jets(_ indices: JetIndices, _ calculus: FieldCalculus) throws(DifferentiationError)
    -> [Expression]
  {
    var known: [[Int]: [Expression]] = [:]
    var jets: [Expression] = []
    for index in indices.indices {
      if let variable = index.lastIndex(where: { $0 > 0 }) {
        var lower = index
        lower[variable] -= 1
        var slopes: [Expression] = []
        for expression in known[lower] ?? [] {
          slopes.append(try calculus.derivative(of: expression, by: calculus.names[variable]))
        }
        known[index] = slopes
      } else {
        known[index] = expressions
      }
      jets += known[index] ?? []
    }
    return jets
  }
}
