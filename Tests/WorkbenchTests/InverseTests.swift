import Glibc
import Problems
import Residuals
import Testing
import Workbench

/// Cooling from 90 to 20 degrees at a rate k, measured with noise: the answer is known by other means.
private struct Cooling {
  static let rate = 0.8
  let times = (1...24).map { Double($0) / 6 }
  let deviation: Double
  var values: [Double] = []

  /// - Parameter seed: another draws other noise.
  init(deviation: Double, seed: UInt64) {
    self.deviation = deviation
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func uniform() -> Double {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return (Double(state >> 11) + 0.5) * 0x1p-53
    }
    for _ in 0..<9 { _ = uniform() }
    values = times.map { t in
      let normal = (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform())
      return 20 + 70 * exp(-Cooling.rate * t) + deviation * normal
    }
  }

  /// The least-squares estimate of k and its standard error, by Newton's method on the closed form.
  var leastSquares: (rate: Double, error: Double) {
    var rate = Cooling.rate
    var information = 0.0
    for _ in 0..<20 {
      var slope = 0.0
      information = 0
      for (t, value) in zip(times, values) {
        let decay = 70 * exp(-rate * t)
        slope += -t * decay * (value - 20 - decay)
        information += t * decay * t * decay
      }
      rate += slope / information
    }
    return (rate, deviation / information.squareRoot())
  }

  /// Trains on these measurements.
  func train(_ overrides: [String] = [], noise: String? = nil) throws -> LearnedModel {
    let folder = try Folder()
    let rows = zip(times, values).map { "\($0),\($1)" }.joined(separator: "\n")
    folder.write("cooling.csv", "t,T\n\(rows)\n")
    folder.write(
      "cooling.yaml",
      """
      variables: {t: [0, 4]}
      unknowns: [T]
      estimate: {k: {start: 0.2, bounds: [0.01, 5]}}
      equations: ["T' = -k*(T - 20)"]
      conditions: [T = 90 at t = 0]
      data: {file: cooling.csv\(noise.map { ", noise: \($0)" } ?? "")}
      network: {hidden: [10]}
      train: {points: {interior: 100}, stop: {steps: 300}}
      """)
    return try Workbench.train(problemFile: folder.path("cooling.yaml"), set: overrides, threads: 1)
  }
}

/// Files that go with a test.
private final class Folder {
  private let root: String
  private var names: [String] = []

  init() throws {
    var template = Array("/tmp/cauchy-inverse-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    root = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  func path(_ name: String) -> String { "\(root)/\(name)" }

  func write(_ name: String, _ text: String) {
    names.append(name)
    guard let file = fopen(path(name), "w") else { return }
    fputs(text, file)
    fclose(file)
  }

  deinit {
    for name in names { unlink(path(name)) }
    rmdir(root)
  }
}

@Suite("Inverse problems") struct InverseTests {
  // The ridge is off; the equations weigh 1e4 times as much as measurements, which leaves some 1e-7
  // of the estimate to the noise.
  @Test("agree with least squares on the closed form", arguments: [1, 2, 3] as [UInt64])
  func closedForm(_ seed: UInt64) throws {
    let cooling = Cooling(deviation: 0.5, seed: seed)
    let found = try #require(
      try cooling.train(["train.regularize={ridge: 0}"], noise: "0.5").estimates.first)
    let (rate, error) = cooling.leastSquares
    let own = try #require(found.standardError)
    #expect((found.value - rate).magnitude < 0.01 * error)
    #expect((own / error - 1).magnitude < 0.01)
    #expect(found.weakness == nil)
  }

  // Of 40 intervals of 95 %, 33 or fewer hold the truth with a chance below 0.3 %.
  @Test("intervals hold the truth as often as they say") func coverage() throws {
    var hits = 0
    for seed in 1...40 {
      let cooling = Cooling(deviation: 1, seed: UInt64(seed))
      let found = try #require(
        try cooling.train(["train.stop.steps=150"], noise: "1").estimates.first)
      let error = try #require(found.standardError)
      if (found.value - Cooling.rate).magnitude <= 1.96 * error { hits += 1 }
    }
    #expect(hits >= 34)
  }

  // Twenty-four measurements know their deviation to 1/√48 = 14 %; three times that is allowed.
  @Test("noise is estimated where none is declared") func noise() throws {
    let model = try Cooling(deviation: 0.5, seed: 4).train()
    let noise = try #require(model.noise.first)
    #expect(noise.isEstimated && noise.unknown == "T" && noise.count == 24)
    #expect((noise.deviation / 0.5 - 1).magnitude < 0.45)
    let found = try #require(model.estimates.first)
    #expect((found.value - Cooling.rate).magnitude < 0.05)
  }

  // Noise of a third of the largest value, 21: a first guess, a tenth, must not stay.
  @Test("noise larger than the first guess is found") func largeNoise() throws {
    let model = try Cooling(deviation: 30, seed: 6).train()
    let noise = try #require(model.noise.first)
    #expect((noise.deviation / 30 - 1).magnitude < 0.45)
  }

  /// Rows x, t, c of a reaction front at a rate of 1.3, by explicit differences, right to some 1e-3.
  private static var front: String {
    let (h, step) = (0.1, 0.005)
    var c = (0...100).map { exp(-(Double($0) * h) * (Double($0) * h)) }
    var (rows, number) = ("", 0.5)
    for index in 1...800 {
      c = c.indices.map { i in
        let bend = c[abs(i - 1)] - 2 * c[i] + c[i == 100 ? 99 : i + 1]
        return c[i] + step * (0.5 * bend / (h * h) + 1.3 * c[i] * (1 - c[i]))
      }
      if index % 160 != 0 { continue }
      for i in stride(from: 0, through: 100, by: 10) {
        // Steps of the golden ratio: even in ±0.035, of deviation 0.02.
        number = (number + 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1)
        rows += "\(Double(i) * h),\(Double(index) * step),\(c[i] + 0.07 * (number - 0.5))\n"
      }
    }
    return rows
  }

  // With equations that weigh as much as measurements from the start, two of these three ended at the
  // lower bound: the Gauss curve spreads as if nothing reacted, and what was measured is given up.
  @Test("measurements lead where the start is far off", arguments: [1, 2, 3])
  func farStart(_ seed: Int) throws {
    let folder = try Folder()
    folder.write("front.csv", "x,t,c\n" + Self.front)
    folder.write(
      "front.yaml",
      """
      variables: {x: [0, 10], t: [0, 4]}
      unknowns: [c]
      estimate: {r: {start: 0.3, bounds: [0.01, 10]}}
      equations: [c_t = c_xx/2 + r*c*(1 - c)]
      conditions: ["c = exp(-x^2) at t = 0", c_x = 0 at x = 0, c_x = 0 at x = 10]
      data: {file: front.csv}
      network: {hidden: [8, 8]}
      train: {unknowns: network, points: {interior: 300}, stop: {steps: 300}}
      """)
    let model = try Workbench.train(
      problemFile: folder.path("front.yaml"), set: ["train.seed=\(seed)"], threads: 1)
    let found = try #require(model.estimates.first)
    let error = try #require(found.standardError)
    #expect(error < 0.03 && (found.value - 1.3).magnitude < 3 * error, "\(found)")
    #expect(found.weakness == nil)
  }

  @Test("an estimate at its bound is said") func bound() throws {
    let model = try Cooling(deviation: 0.5, seed: 7).train(
      ["estimate.k.bounds=[0.01, 0.5]"], noise: "0.5")
    let weakness = try #require(model.estimates.first?.weakness)
    #expect(weakness.hasPrefix("k lies at its bound 0.5: "))
  }

  @Test(
    "what would leave measurements unweighed, or unused, is refused",
    arguments: ["train.points.refresh=0", "data.split={validation: 0.5}"])
  func refusals(_ override: String) throws {
    let cooling = Cooling(deviation: 0.5, seed: 8)
    #expect(throws: ProblemFaults.self) { try cooling.train([override], noise: "0.5") }
  }

  @Test("what data determine only together is said") func together() throws {
    let cooling = Cooling(deviation: 0.5, seed: 5)
    let model = try cooling.train(
      [
        "estimate.c={start: 1, bounds: [0.1, 10]}", "equations=[\"T' = -k*c*(T - 20)\"]",
        "train.stop.steps=150",
      ], noise: "0.5")
    let weaknesses = model.estimates.compactMap(\.weakness)
    #expect(weaknesses.count == 2, "\(model.estimates)")
    let product = model.estimates.reduce(1) { $0 * $1.value }
    #expect((product - Cooling.rate).magnitude < 0.05)
  }
}
