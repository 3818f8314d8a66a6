import Testing
import Workbench

/// What `cauchy bench train` prints: shapes of rows, nothing that a clock decides.
@Suite("Bench of training") struct BenchTrainTests {
  @Test("a row for each problem chosen") func errors() throws {
    var options = BenchOptions()
    options.tables = ["train", "heat", "bratu"]
    options.repeats = 2
    options.threads = 1
    options.seconds = 0.2
    var rows: [BenchRow] = []
    try BenchTrain.measure(options) { rows.append($0) }
    #expect(rows.map { $0.what.prefix { $0 != "," } } == ["heat", "bratu"])
    for row in rows {
      #expect(row.ours.number.isFinite && row.ours.number > 0, "\(row.what)")
      #expect(row.what.contains(", 0.2 s, ") && row.note.contains("over 2 seeds"))
      // Cut short: what is not reached is left open.
      #expect(row.isReached != false)
    }
    // Published for one, not for the other.
    #expect(rows.map { $0.theirs?.number } == [3e-8, nil])
  }

  @Test("a step beside its own products") func step() throws {
    var options = BenchOptions()
    options.threads = 1
    var rows: [BenchRow] = []
    // No Python here: the first row is known before it is looked for.
    struct Enough: Error {}
    #expect(throws: Enough.self) {
      try BenchTrainCost.step(hidden: [6], points: 120, options) { row in
        rows.append(row)
        throw Enough()
      }
    }
    let row = try #require(rows.first)
    #expect(row.what == "lie2 step, 25 parameters, 120 rows / BLAS")
    #expect(row.ours.number > 0 && row.theirs?.number ?? 0 > 0 && row.ratio ?? 0 > 0)
    #expect(row.note.contains("median of 5 "))
  }

  @Test("flows: each choice, the best, and error control beside it") func flows() throws {
    #expect(BenchFlows.choices.count <= 16 && Set(BenchFlows.errorControlled).count == 3)
    #expect(Set(BenchFlows.choices).isSuperset(of: BenchFlows.errorControlled))
    var options = BenchOptions()
    let choices = ["gradient/lie2/residual", "gradient/lie2/descent"]
    options.tables = ["flows", "heat"] + choices
    options.repeats = 1
    options.threads = 1
    options.seconds = 0.2
    var rows: [BenchRow] = []
    try BenchFlows.measure(options) { rows.append($0) }
    #expect(rows.prefix(2).map(\.what) == choices.map { "heat " + $0 })
    let errors = rows.prefix(2).map(\.ours.number)
    #expect(errors.allSatisfy { $0 > 0 && $0 <= 1 })
    let best = try #require(errors.min())
    #expect(rows[2].what.hasPrefix("best over all rows: ") && rows[2].ours.number == 0)
    #expect(rows[3].what.hasPrefix("second over all rows: ") && rows[3].ours.number >= 0)
    // Powers of ten and back: a few roundings.
    #expect(rows[4].what == "heat: gradient/lie2/residual / best" && rows.count == 5)
    #expect(((rows[4].ratio ?? 0) * best / errors[0] - 1).magnitude < 1e-12)
    #expect(rows[4].isReached == (errors[0] <= 1.5 * best))
  }
}
