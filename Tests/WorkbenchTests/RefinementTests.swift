import Discretizations
import Foundation
import Testing

/// Solutions whose error is known: what a refinement asks for, and what it says of the result.
@Suite("Refinement") struct RefinementTests {
  private static let differences = family(.difference(6), 65, 32_769)
  private static let spectral = family(.chebyshev, 24, 192)

  private static func family(_ scheme: Scheme, _ first: Int, _ most: Int) -> GridFamily {
    GridFamily([
      GridFamily.Member(
        name: "x", lower: 0, upper: 1, scheme: scheme, isPeriodic: false, first: first, most: most)
    ])
  }

  /// A refinement of u = 1 with an error in space and one in time.
  private struct Trial {
    var families: [GridFamily]
    var accuracy: Double
    var hasTime = true
    var space: (AxisSpec) -> Double
    var time: (Double) -> Double = { $0 }
    var tail: ((AxisSpec) -> Double)?
    /// What ends a solve without an answer.
    var failure: ((RefinementLevel) -> LevelAnswer<Double>.Ending?) = { _ in nil }

    /// The result; its solution is the true error.
    func run() throws -> (result: RefinementResult<Double>, levels: [RefinementLevel]) {
      var levels: [RefinementLevel] = []
      let refinement = Refinement<Double>(
        families: families, goal: .init(accuracy: accuracy, hasTime: hasTime)
      ) { level in
        levels.append(level)
        let error = space(level.axes[0]) + (hasTime ? time(level.rtol) : 0)
        let places = (0..<11).map { Double($0) / 10 }
        let sample = SampledSolution(
          variables: ["x"], places: [places], columns: ["u"],
          values: [places.map { 1 + error * cos(7 * $0) }])
        return LevelAnswer(
          ending: failure(level) ?? .complete, comparison: sample,
          tails: tail.map { [$0(level.axes[0])] } ?? [], solution: error)
      }
      return (try refinement.run(), levels)
    }
  }

  /// The estimate bounds the true error, is not ten times too large, and meets the accuracy.
  private func expectHonest(_ result: RefinementResult<Double>, _ accuracy: Double) throws {
    #expect(result.ending == .met)
    let error = try #require(result.solution)
    let estimate = try #require(result.estimates?.first)
    #expect(estimate <= accuracy)
    #expect(estimate >= 0.9 * error, "estimated \(estimate), true \(error)")
  }

  @Test("order 6", arguments: [1e-4, 1e-6, 1e-8, 1e-10])
  func differencesOfOrderSix(_ accuracy: Double) throws {
    let trial = Trial(
      families: [Self.differences], accuracy: accuracy,
      space: { 0.5 / (1 + pow(Double($0.points) / 100, 6)) })
    let (result, levels) = try trial.run()
    try expectHonest(result, accuracy)
    // The finest grid is no finer than three times what the law asks for.
    let need = 100 * pow(0.5 / accuracy, 1.0 / 6)
    #expect(Double(result.level?.axes[0].points ?? 0) <= max(129, 3 * need))
    #expect(levels.count <= 10)
  }

  @Test("a smooth solution takes few spectral points")
  func smooth() throws {
    let decay: (AxisSpec) -> Double = { exp(-0.5 * Double($0.points)) }
    let trial = Trial(
      families: [Self.spectral, Self.differences], accuracy: 1e-8, space: decay, tail: decay)
    let (result, levels) = try trial.run()
    try expectHonest(result, 1e-8)
    #expect(result.level?.axes[0].scheme == .chebyshev)
    // A scout, two grids, one look at the error in time.
    #expect(levels.count <= 5)
    #expect(levels.allSatisfy { $0.axes[0].points <= 96 })
  }

  @Test("a steep solution is left to differences after two scouts")
  func steep() throws {
    let trial = Trial(
      families: [Self.spectral, Self.differences], accuracy: 1e-6,
      space: { axis in
        axis.scheme == .chebyshev ? 0.5 : 0.5 / (1 + pow(Double(axis.points) / 300, 6))
      },
      tail: { exp(-0.005 * Double($0.points)) })
    let (result, levels) = try trial.run()
    try expectHonest(result, 1e-6)
    #expect(levels.filter { $0.axes[0].scheme == .chebyshev }.count == 2)
    #expect(levels.filter { $0.purpose == .scout }.allSatisfy { $0.rtol >= 1e-4 })
  }

  @Test("errors that grow in time tighten the tolerance, not the grid", arguments: [1e2, 1e4])
  func amplified(_ factor: Double) throws {
    let decay: (AxisSpec) -> Double = { exp(-Double($0.points)) }
    let trial = Trial(
      families: [Self.spectral], accuracy: 1e-6, space: decay, time: { factor * $0 }, tail: decay)
    let (result, levels) = try trial.run()
    try expectHonest(result, 1e-6)
    #expect(levels.allSatisfy { $0.axes[0].points <= 54 })
    #expect(result.level.map { $0.rtol * factor <= 1e-6 } == true)
  }

  @Test("what amplifies errors beyond all tolerances is said to")
  func chaotic() throws {
    let decay: (AxisSpec) -> Double = { exp(-Double($0.points)) }
    let trial = Trial(
      families: [Self.spectral], accuracy: 1e-6, space: decay, time: { 1e9 * $0 }, tail: decay)
    let result = try trial.run().result
    guard case .notMet(let why) = result.ending else {
      Issue.record("\(result.ending)")
      return
    }
    #expect(why.contains("the error in time is"))
    #expect(why.contains("shorten the interval, or loosen solve.accuracy to"))
    #expect(result.isComplete)
  }

  @Test("a shock is given up early, with the rate that was seen")
  func shock() throws {
    let trial = Trial(
      families: [Self.family(.limited, 65, 32_769)], accuracy: 1e-6,
      space: { 1 / Double($0.points) })
    let (result, levels) = try trial.run()
    guard case .notMet(let why) = result.ending else {
      Issue.record("\(result.ending)")
      return
    }
    #expect(
      why == "accuracy 1e-6 is not met: the estimated error on 2049 points (limited) is 0.00049 "
        + "and falls like points^-1; loosen solve.accuracy to 0.001, or help where the solution is "
        + "steep or has kinks")
    #expect(levels.allSatisfy { $0.axes[0].points <= 2049 })
    // 1/2049, seen to a few percent from grids that obey the law exactly.
    let estimate = try #require(result.estimates?.first)
    #expect(abs(estimate * 2049 - 1) < 0.05)
  }

  @Test("rounding: estimates do not fall below what finer grids still show")
  func rounding() throws {
    let trial = Trial(
      families: [Self.spectral], accuracy: 1e-13, hasTime: false,
      space: { axis in
        let n = Double(axis.points)
        return exp(-0.5 * n) + 1e-13 * n * cos(n)
      },
      tail: { max(1e-13, exp(-0.5 * Double($0.points))) })
    let result = try trial.run().result
    guard case .notMet(let why) = result.ending else {
      Issue.record("\(result.ending), estimated \(result.estimates ?? [])")
      return
    }
    #expect(why.hasPrefix("accuracy 1e-13 is not met: "))
    let estimate = try #require(result.estimates?.first)
    #expect(estimate >= (result.solution ?? 1).magnitude)
  }

  @Test("a grid that fails is followed by finer ones; three failures end it")
  func failing() throws {
    var trial = Trial(
      families: [Self.differences], accuracy: 1e-6,
      space: { 0.5 / (1 + pow(Double($0.points) / 50, 6)) })
    trial.failure = { $0.axes[0].points < 200 ? .failed("blew up") : nil }
    let once = try trial.run().result
    try expectHonest(once, 1e-6)
    trial.failure = { _ in .failed("blew up") }
    let (never, levels) = try trial.run()
    #expect(never.ending == .notMet("blew up"))
    #expect(!never.isComplete && never.estimates == nil)
    #expect(levels.count == 3)
  }

  @Test("memory: the finest grid that fits is kept")
  func memory() throws {
    let refinement = Refinement<Int>(
      families: [Self.differences], goal: .init(accuracy: 1e-9, hasTime: false),
      refuse: { $0[0].points > 300 ? "9 TB are not there" : nil }
    ) { level in
      let points = level.axes[0].points
      let error = pow(10 / Double(points), 4)
      let sample = SampledSolution(
        variables: ["x"], places: [[0, 1]], columns: ["u"], values: [[1, 1 + error]])
      return LevelAnswer(ending: .complete, comparison: sample, solution: points)
    }
    let result = try refinement.run()
    guard case .notMet(let why) = result.ending else {
      Issue.record("\(result.ending)")
      return
    }
    #expect(why.contains("a finer grid does not fit: 9 TB are not there"))
    #expect(result.solution == 257)
  }

  /// A front at x = 0.5, as narrow as 1/200: nodes go there, unless it moves about.
  @Test("nodes cluster at a front that stands", arguments: [0.0, 0.3])
  func front(_ speed: Double) throws {
    let places = (0...200).map { Double($0) / 200 }
    let times = (1...4).map { Double($0) / 4 }
    var gradings: [Grading?] = []
    let refinement = Refinement<Int>(
      families: [Self.spectral, Self.differences], goal: .init(accuracy: 1e-6, hasTime: false)
    ) { level in
      let axis = level.axes[0]
      let isSpectral = axis.scheme == .chebyshev
      if !isSpectral { gradings.append(axis.grading) }
      let error = isSpectral ? 0.1 : pow(20 / Double(axis.points), 6)
      let values = places.flatMap { x in
        times.map { t in tanh(200 * (x - 0.5 - speed * (t - 0.5))) + error }
      }
      let sample = SampledSolution(
        variables: ["x", "t"], places: [places, times], columns: ["u"], values: [values])
      return LevelAnswer(
        ending: .complete, comparison: sample, tails: isSpectral ? [0.6] : [], solution: 0)
    }
    #expect(try refinement.run().ending == .met)
    if speed == 0 {
      let grading = try #require(gradings.first ?? nil)
      #expect(grading.near.count == 1 && abs(grading.near[0] - 0.5) < 0.01)
      #expect(grading.ratio > 4)
    } else {
      #expect(gradings.allSatisfy { $0 == nil })
    }
  }

  @Test("a fixed grid has an estimate from one coarser solve")
  func fixed() throws {
    let grid = Self.family(.difference(2), 101, 101).grid(1)
    let coarser = Self.family(.difference(2), 51, 51).grid(1)
    var count = 0
    let refinement = Refinement<Double>(
      families: [Self.differences], goal: .init(accuracy: 1e-6, rtol: 1e-9, hasTime: true)
    ) { level in
      count += 1
      let error = pow(Double(level.axes[0].points - 1), -2)
      let sample = SampledSolution(
        variables: ["x"], places: [[0, 1]], columns: ["u"], values: [[1, 1 + error]])
      return LevelAnswer(ending: .complete, comparison: sample, solution: error)
    }
    let result = try refinement.runFixed(grid, coarser: coarser)
    #expect(result.ending == .met && count == 2)
    // Order 2 is exact here: the distance, (4 − 1)·e, divided by 3.
    let estimate = try #require(result.estimates?.first)
    #expect(abs(estimate / 1e-4 - 1) < 1e-3)
  }

  @Test("rates are seen on grids of any ratio", arguments: [1.0, 2, 4, 6])
  func rates(_ order: Double) {
    let points = (65.0, 129.0, 500.0)
    func error(_ n: Double) -> Double { 3 * pow(n, -order) }
    let distances = (error(points.0) - error(points.1), error(points.1) - error(points.2))
    let rate = ErrorLaw.algebraic(order: 8).rate(points: points, distances: distances)
    #expect(abs(rate - order) < 1e-6)
    let found = ErrorLaw.algebraic(order: 8).error(
      points: (129, 500), distance: distances.1, rate: rate)
    // Not below a thousandth of the distance: extrapolation is trusted that far.
    #expect(abs(found / max(error(500), distances.1 / 999) - 1) < 1e-6)
  }
}

/// Rows of a tensor product.
@Suite("Sampled solutions") struct SampledSolutionTests {
  @Test func distancesAreRelativeToTheLargestValue() {
    func sample(_ u: [Double], _ v: [Double]) -> SampledSolution {
      SampledSolution(
        variables: ["x"], places: [[0, 1, 2]], columns: ["u", "v"], values: [u, v])
    }
    let found = sample([1, 2, 4.5], [0, 0, 1e-3]).distances(to: sample([1, 2, 4], [0, 0, 0]))
    #expect(found == [0.125, 1e-3])
    let infinite = sample([1, .nan, 4], [0, 0, 0]).distances(to: sample([1, 2, 4], [0, 0, 0]))
    #expect(infinite[0] == .infinity)
  }
}
