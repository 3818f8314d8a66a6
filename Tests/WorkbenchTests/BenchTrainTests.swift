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
}
