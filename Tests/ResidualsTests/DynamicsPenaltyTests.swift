import Problems
import Residuals
import Testing

@Suite("penalties on learned dynamics")
struct DynamicsPenaltyTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let sample: TrajectorySample
    let penalty: DynamicsPenalty
    let pieces: Int

    var testDescription: String { "\(penalty.rawValue), \(sample.name), \(pieces) pieces" }

    static let all: [Case] = trajectoryCatalog.filter { $0.text.contains("networks") }.flatMap {
      sample in
      DynamicsPenalty.allCases.flatMap { penalty in
        [1, 2].map { Case(sample: sample, penalty: penalty, pieces: $0) }
      }
    }
  }

  /// J·v against sixth-order differences, steps of one length.
  ///
  /// With 5e-4 there are a few 1e-9 of rounding and as much of a seventh derivative; the Jacobian's
  /// penalty takes differences itself, exact to some nine digits. The local error is a difference of
  /// rates, 1e-8 of them: it has fewer digits left.
  @Test("rows are derivatives", .tags(.property), arguments: Case.all)
  func differences(_ test: Case) throws {
    let all = try test.sample.residuals(
      ["solve.step=0.13", "train.regularize={\(test.penalty.rawValue): 3}"], pieces: test.pieces)
    let block = try #require(all.blocks.first { $0.name == test.penalty.rawValue })
    let theta = all.someParameters()
    var numbers = Numbers(11)
    let direction = numbers.array(theta.count)
    let pushed = all.pushed(theta, direction)
    let nodes: [Double] = [-3, -2, -1, 0, 1, 2, 3]
    let step = 5e-4
    var slopes = [Double](repeating: 0, count: block.rows.count)
    for (node, weight) in zip(nodes, differenceWeights(nodes, order: 1)[1]) where weight != 0 {
      let values = all.values(zip(theta, direction).map { $0 + node * step * $1 })
      for (k, row) in block.rows.enumerated() { slopes[k] += weight * values[row] / step }
    }
    let digits = test.penalty == .localError ? 1e-4 : 1e-6
    #expect(distance(slopes, block.rows.map { pushed[$0] }) < digits)
    #expect(slopes.contains { $0.magnitude > 1e-9 })
  }
}
