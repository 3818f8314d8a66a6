import Glibc
import Numerics
import Residuals
import Testing

@Suite("Sparse regression") struct SparseRegressionTests {
  private static let prey = Prey()
  /// −0.9·x·y along the trajectory.
  private static let term = zip(prey.x, prey.y).map { -0.9 * $0 * $1 }

  private static func noisy(_ targets: [Double], _ level: Double, _ seed: UInt64) -> [Double] {
    var numbers = NormalNumbers(seed)
    let size = level * rootMeanSquare(targets)
    return zip(targets, numbers.array(targets.count, size: size)).map { $0 + $1 }
  }

  @Test("finds -0.9xy among correlated monomials", arguments: [3, 5], [0.0, 0.01, 0.05, 0.2])
  func recovery(degree: Int, noise: Double) {
    let (names, columns) = Self.prey.monomials(degree)
    #expect(columns.count >= 10)
    for seed in 0..<10 {
      let targets = Self.noisy(Self.term, noise, UInt64(seed))
      let regression = SparseRegression(columns, targets)
      #expect(regression.model.indices.map { names[$0] } == ["x1y1"])
      // 301 samples: one standard error is noise/√301 of the coefficient; 4 of them, and rounding.
      let error = (regression.model.coefficients[0] / -0.9 - 1).magnitude
      #expect(error <= 4 * noise / 301.0.squareRoot() + 1e-12)
    }
  }

  @Test("finds two terms and the noise, with standard errors that hold") func standardErrors() {
    let (names, columns) = Self.prey.monomials(3)
    let (prey, level) = (Self.prey, 0.1)
    let targets = zip(prey.x, prey.y).map { 2 * $0 - 0.9 * $0 * $1 }
    var (inside, right) = (0, 0)
    let size = level * rootMeanSquare(targets)
    for seed in 0..<200 {
      var settings = SparseRegression.Settings()
      if seed % 2 == 0 { settings.noise = size }
      let regression = SparseRegression(
        columns, Self.noisy(targets, level, UInt64(seed)), settings: settings)
      let model = regression.model
      guard model.indices.map({ names[$0] }) == ["x1y0", "x1y1"] else { continue }
      right += 1
      if (model.coefficients[0] - 2).magnitude <= 1.96 * model.standardErrors[0] { inside += 1 }
      let expected = size / rootMeanSquare(targets)
      // A standard deviation from 301 samples: 4 % of itself, 4 times.
      #expect((model.relativeResidual / expected - 1).magnitude < 0.17)
    }
    #expect(right >= 190)
    // 95 % of about 200: 1.5 % is a standard deviation, so that 90 to 100 % holds but once in 1000.
    #expect(Double(inside) >= 0.9 * Double(right))
    #expect(inside < right)
  }

  @Test("takes noise for nothing") func noise() {
    let columns = Self.prey.monomials(3).columns
    var taken = 0
    for seed in 0..<200 {
      var numbers = NormalNumbers(UInt64(1000 + seed))
      var settings = SparseRegression.Settings()
      settings.parsimony = 1
      if seed % 2 == 0 { settings.noise = 1 }
      let targets = numbers.array(Self.term.count)
      if !SparseRegression(columns, targets, settings: settings).model.indices.isEmpty {
        taken += 1
      }
    }
    // A term of noise needs χ² > log 301 + 2 log 10 = 10.3 (p = 0.0013) in one of 10: 1.3 %, 2.6 in
    // 200; 10 and more once in 2000.
    #expect(taken < 10)
  }

  @Test("believes no more observations than it is told") func effectiveCount() {
    let columns = Self.prey.monomials(2).columns
    var settings = SparseRegression.Settings()
    let targets = Self.noisy(Self.term, 0.1, 3)
    let all = SparseRegression(columns, targets, settings: settings)
    settings.effectiveCount = 30
    let few = SparseRegression(columns, targets, settings: settings)
    #expect(all.model.indices == few.model.indices)
    let expected = (301.0 / 30 * (300.0 / 301) / (29.0 / 30)).squareRoot()
    let ratio = few.model.standardErrors[0] / all.model.standardErrors[0]
    #expect((ratio / expected - 1).magnitude < 1e-12)
    #expect(few.path.count <= 16)
  }

  @Test("takes a systematic error for no term where it is told of it") func systematicError() {
    let columns = Self.prey.monomials(3).columns
    let level = 0.03
    var longer = 0
    for seed in 0..<20 {
      var numbers = NormalNumbers(UInt64(seed))
      let wave = Self.wave(numbers.array(12))
      let scale = level * rootMeanSquare(Self.term) / rootMeanSquare(wave)
      let targets = zip(Self.term, wave).map { $0 + scale * $1 }
      var settings = SparseRegression.Settings()
      if SparseRegression(columns, targets, settings: settings).model.indices.count > 1 {
        longer += 1
      }
      settings.accuracy = level
      let model = SparseRegression(columns, targets, settings: settings).model
      #expect(model.indices == [4])
      // No term takes more of the error than there is.
      #expect((model.coefficients[0] / -0.9 - 1).magnitude <= level)
    }
    // Terms fit smooth errors: nothing in the targets tells the two apart.
    #expect(longer > 10)
  }

  /// Slow cosines along the trajectory, the slower the larger.
  private static func wave(_ sizes: [Double]) -> [Double] {
    term.indices.map { point in
      var sum = 0.0
      for (index, size) in sizes.enumerated() {
        let phase = Double(index * point) * .pi / Double(term.count - 1)
        sum += size / Double(index + 2) * cos(phase)
      }
      return sum
    }
  }

  @Test("does not change with an exact copy of a column, wherever that stands")
  func duplicates() {
    let columns = Self.prey.monomials(3).columns
    let targets = Self.noisy(Self.term, 0.05, 1)
    let plain = SparseRegression(columns, targets)
    for (place, original) in [(10, 4), (10, 0), (5, 4), (9, 2)] {
      var wider = columns
      wider.insert(columns[original].map { -3 * $0 }, at: place)
      let regression = SparseRegression(wider, targets)
      #expect(regression.setAside.map(\.column) == [place])
      #expect(regression.setAside[0].reason == .dependent(on: [original]))
      #expect(regression.choice == plain.choice)
      for (a, b) in zip(regression.path, plain.path) {
        #expect(a.indices.map { $0 > place ? $0 - 1 : $0 } == b.indices)
        #expect(a.coefficients == b.coefficients)
        #expect(a.criterion == b.criterion)
      }
    }
  }

  @Test("does not change with the units of terms and targets") func units() {
    let columns = Self.prey.monomials(3).columns
    let targets = Self.noisy(Self.term, 0.05, 2)
    let plain = SparseRegression(columns, targets).model
    let scaled = SparseRegression(
      columns.enumerated().map { index, column in
        column.map { $0 * (index % 2 == 0 ? 0x1p-600 : 0x1p500) }
      }, targets.map { $0 * 0x1p20 }
    ).model
    #expect(scaled.indices == plain.indices)
    #expect(scaled.coefficients == plain.coefficients.map { $0 * 0x1p620 })
  }

  @Test("sets aside what cannot be a term, and says why") func setAside() {
    let prey = Self.prey
    let one = prey.x.map { _ in 1.0 }
    let (sine, cosine) = (prey.x.map { $0 * $0 }, prey.x.map { 1 - $0 * $0 })
    let zero = one.map { _ in 0.0 }
    var broken = prey.y
    broken[7] = .infinity
    let regression = SparseRegression([one, zero, sine, broken, cosine, prey.y], prey.y)
    #expect(regression.setAside.map(\.column) == [1, 3, 4])
    #expect(regression.setAside.map(\.reason) == [.zero, .notFinite, .dependent(on: [0, 2])])
    #expect(regression.model.indices == [5])
  }

  @Test("has an answer to targets that say little") func degenerateTargets() {
    let columns = Self.prey.monomials(2).columns
    let count = Self.term.count
    let zero = SparseRegression(columns, Array(repeating: 0, count: count))
    #expect(zero.model.indices.isEmpty && zero.model.relativeResidual == 0)
    let constant = SparseRegression(columns, Array(repeating: 3, count: count))
    #expect(constant.model.indices == [0])
    #expect((constant.model.coefficients[0] - 3).magnitude < 1e-13)
    #expect(SparseRegression([], Self.term).model.indices.isEmpty)
    #expect(SparseRegression([[], []], []).model.indices.isEmpty)
    // Two observations for each coefficient: three rows allow one.
    let short = SparseRegression(columns.map { Array($0.prefix(3)) }, [1, 2, 4])
    #expect(short.path.count == 2)
    // Weight zero, and what is no number: rows that are not there.
    var (targets, weights) = (Self.term, Array(repeating: 2.0, count: count))
    targets[5] = .nan
    targets[9] = 1e6
    weights[9] = 0
    let patched = SparseRegression(columns, targets, weights: weights).model
    #expect(patched.indices == [4] && (patched.coefficients[0] + 0.9).magnitude < 1e-12)
  }

  @Test("finds the best subsets, as trying all of them does") func bestSubsets() {
    var numbers = NormalNumbers(11)
    let rows = 40
    for _ in 0..<10 {
      let shared = numbers.array(rows)
      let columns = (0..<7).map { _ in
        zip(shared, numbers.array(rows, size: 0.3)).map { $0 + $1 }
      }
      let targets = numbers.array(rows)
      let path = SparseRegression(columns, targets).path
      for size in 1...3 {
        let least = (1..<(1 << 7)).filter { $0.nonzeroBitCount == size }.map { mask in
          let chosen = columns.indices.filter { mask & (1 << $0) != 0 }.map { columns[$0] }
          return SparseRegressionTests.relativeResidual(chosen, targets)
        }.min()
        #expect((path[size].relativeResidual - (least ?? 0)).magnitude < 1e-10)
      }
    }
  }

  /// By the normal equations.
  private static func relativeResidual(_ columns: [[Double]], _ targets: [Double]) -> Double {
    let cholesky = Cholesky(dimension: columns.count)
    for (j, column) in columns.enumerated() {
      for i in j..<columns.count {
        cholesky.entries[i + j * columns.count] = dot(columns[i], column)
      }
    }
    #expect(cholesky.factor())
    let solution = Storage(columns.map { dot($0, targets) })
    defer { solution.keep() }
    cholesky.solve(solution.vector)
    let residual = targets.indices.map { row in
      columns.indices.reduce(targets[row]) { $0 - solution.vector[$1] * columns[$1][row] }
    }
    return norm(residual) / norm(targets)
  }
}
