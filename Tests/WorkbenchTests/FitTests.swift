import Flows
import Foundation
import Residuals
import Testing
import Workbench

/// A problem file and its measurements, fitted in a folder of its own.
struct FitSample: Sendable, CustomTestStringConvertible {
  let name: String
  let text: String
  /// Contents of the tables beside the file.
  let tables: [String: String]
  /// What is found, by name, and how near the truth.
  var estimates: [String: (value: Double, within: Double)] = [:]
  /// The unknowns at a time, and how near the truth.
  var state: (t: Double, values: [Double], within: Double)?

  var testDescription: String { name }

  func fit(
    _ overrides: [String] = [], threads: Int = 1, on hook: @escaping Training.Hook = { _ in }
  )
    throws -> FittedModel
  {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "cauchy-fit-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (file, content) in tables {
      try content.write(to: folder.appending(path: file), atomically: true, encoding: .utf8)
    }
    let file = folder.appending(path: "test.yaml")
    try text.write(to: file, atomically: true, encoding: .utf8)
    return try Workbench.fit(problemFile: file.path, set: overrides, threads: threads, on: hook)
  }

  /// A table of closed forms; nil: a blank.
  static func table(
    _ columns: String, _ times: [Double], noise: Double = 0, _ row: (Double) -> [Double?]
  ) -> String {
    var state: UInt64 = 1
    func normal() -> Double {
      // Twelve uniform numbers: near enough to a normal one.
      (0..<12).reduce(-6.0) { sum, _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return sum + Double(state >> 11) / 9_007_199_254_740_992
      }
    }
    return times.reduce(columns + "\n") { text, t in
      let numbers = row(t).map { $0.map { "\($0 + noise * normal())" } ?? "" }
      return text + ([String(t)] + numbers).joined(separator: ",") + "\n"
    }
  }

  /// Two decays one after the other, both of rate 1, from (1, 0) and (2, 1), with blanks.
  private static func chain(_ rows: [(label: String, t: Double, hasX: Bool, hasY: Bool)]) -> String
  {
    rows.reduce("t,trajectory,x,y\n") { text, row in
      let fall = exp(-row.t)
      let (x0, y0) = row.label == "one" ? (1.0, 0.0) : (2.0, 1.0)
      let x = row.hasX ? String(x0 * fall) : ""
      let y = row.hasY ? String((y0 + x0 * row.t) * fall) : ""
      return text + "\(row.t),\(row.label),\(x),\(y)\n"
    }
  }

  static let times = (0...40).map { 0.1 * Double($0) }

  static let all: [FitSample] = [
    FitSample(
      name: "a rate and an initial value with bounds",
      text: """
        variables: {t: [0, 4]}
        unknowns: [y]
        estimate: {k: {start: 3, bounds: [0, 10]}, y0: {start: 1, bounds: [0.1, 100]}}
        equations: ["y' = -k*y"]
        conditions: ["y = y0 at t = 0"]
        data: {file: data.csv}
        """,
      tables: ["data.csv": table("t,y", times) { [2 * exp(-0.7 * $0)] }],
      // The noise of exact data is at least ten times the tolerance, 1e-5 of the size.
      estimates: ["k": (0.7, 1e-5), "y0": (2, 1e-5)], state: (3.05, [2 * exp(-0.7 * 3.05)], 1e-5)),
    FitSample(
      name: "starts that nobody gives",
      text: """
        variables: {t: [0, 4]}
        unknowns: [x, v]
        estimate: {w: {start: 1.5}}
        equations: ["x' = v", "v' = -w^2*x"]
        data: {file: data.csv}
        """,
      tables: ["data.csv": table("t,x", times) { [cos(2 * $0) + sin(2 * $0)] }],
      estimates: ["w": (2, 1e-4)],
      state: (4, [cos(8) + sin(8), 2 * cos(8) - 2 * sin(8)], 1e-3)),
    FitSample(
      name: "trajectories with times and blanks of their own",
      text: """
        variables: {t: [0, 4]}
        unknowns: [x, y]
        estimate: {a: {start: 0.5}, b: {start: 2}}
        equations: ["x' = -a*x", "y' = a*x - b*y"]
        conditions: ["x = data at t = 0", "y = data at t = 0"]
        data: {file: data.csv}
        """,
      tables: [
        "data.csv": chain([
          ("one", 0, true, true), ("two", 0, true, true), ("one", 0.5, true, false),
          ("two", 0.7, false, true), ("two", 1.3, true, true), ("one", 2, true, true),
          ("one", 3, false, true), ("two", 4, true, false),
        ])
      ],
      // a = b = 1: a resonance, where x and y are t-multiples of exponentials.
      estimates: ["a": (1, 1e-4), "b": (1, 1e-4)], state: (1, [exp(-1), exp(-1)], 1e-4)),
    FitSample(
      name: "an algebraic equation is kept",
      text: """
        variables: {t: [0, 4]}
        unknowns: [x, z]
        estimate: {k: {start: 2, bounds: [0, 10]}}
        equations: ["x' = -k*z", "0 = z - x^2"]
        conditions: ["x = 1 at t = 0"]
        data: {file: data.csv}
        """,
      tables: ["data.csv": table("t,x", times) { [1 / (1 + 0.5 * $0)] }],
      estimates: ["k": (0.5, 1e-5)], state: (2, [0.5, 0.25], 1e-5)),
    FitSample(
      name: "a forcing from a table",
      text: """
        variables: {t: [0, 4]}
        unknowns: [y]
        forcing: {drive: {file: drive.csv, column: force}}
        estimate: {k: {start: 2}}
        equations: ["y' = drive - k*y"]
        conditions: ["y = 0 at t = 0"]
        data: {file: data.csv}
        """,
      tables: [
        "drive.csv": "t,force\n0,0\n4,4\n",
        "data.csv": table("t,y", times) { [$0 - 1 + exp(-$0)] },
      ],
      estimates: ["k": (1, 1e-4)], state: (4, [3 + exp(-4)], 1e-4)),
    FitSample(
      name: "a network as the whole right-hand side",
      text: """
        variables: {t: [0, 6]}
        unknowns: [x, v]
        networks: {f: {inputs: [x, v], outputs: [fx, fv], hidden: [8]}}
        equations: ["x' = fx", "v' = fv"]
        conditions: ["x = 1 at t = 0", "v = 0 at t = 0"]
        data: {file: data.csv}
        train: {stop: {seconds: 20}}
        """,
      tables: ["data.csv": table("t,x,v", times) { [cos($0), -sin($0)] }],
      // Past the data, up to t = 4, where only the circle that was seen goes on.
      state: (6, [cos(6), -sin(6)], 1e-2)),
    FitSample(
      name: "a force that only positions tell of",
      text: """
        variables: {t: [0, 4]}
        unknowns: [x]
        networks: {f: {inputs: [x], outputs: [force], hidden: [6]}}
        equations: ["x'' = force"]
        conditions: ["x = 1 at t = 0", "x' = 0 at t = 0"]
        data: {file: data.csv, noise: 1e-3}
        """,
      tables: ["data.csv": table("t,x", times, noise: 1e-3) { [cos(2 * $0)] }],
      state: (4, [cos(8)], 5e-3)),
    FitSample(
      name: "a hidden unknown",
      text: """
        variables: {t: [0, 4]}
        unknowns: [x]
        augment: 1
        networks: {f: {inputs: [x, a1], outputs: [fx, fa], hidden: [6]}}
        equations: ["x' = fx", "a1' = fa"]
        conditions: ["x = 1 at t = 0"]
        data: {file: data.csv, noise: 1e-2}
        train: {stop: {seconds: 20}}
        """,
      tables: ["data.csv": table("t,x", times) { [cos(2 * $0)] }],
      // No function of x alone turns around: the hidden unknown has to.
      state: (4, [cos(8)], 3e-2)),
  ]
}

@Suite struct FitTests {
  @Test("what made the data is found", .tags(.endToEnd), arguments: FitSample.all)
  func truth(_ sample: FitSample) throws {
    let model = try sample.fit()
    let report = try #require(model.report)
    guard case .reached = report.outcome else {
      Issue.record("\(report.outcome)")
      return
    }
    for (name, truth) in sample.estimates {
      let found = try #require(model.estimates.first { $0.name == name })
      #expect((found.value - truth.value).magnitude < truth.within * truth.value.magnitude)
      #expect(found.standardError.map { $0 < 1e-3 } == true)
    }
    guard let state = sample.state else { return }
    let row = try #require(try model.values(at: [state.t]).first)
    for (value, truth) in zip(row, state.values) {
      #expect((value - truth).magnitude < state.within, "\(row)")
    }
  }

  @Test("threads do not change what is found", .tags(.property))
  func threads() throws {
    let one = try FitSample.all[2].fit(threads: 1)
    let two = try FitSample.all[2].fit(threads: 2)
    for (a, b) in zip(one.estimates, two.estimates) {
      #expect((a.value - b.value).magnitude < 1e-7)
    }
  }

  /// With noise of known size χ² a point is near 1 and intervals cover: 3 standard errors hold in all
  /// but one of 300 cases.
  @Test("declared noise gives honest errors", .tags(.property), arguments: [0.01, 0.1])
  func noise(_ sigma: Double) throws {
    let sample = FitSample(
      name: "decay",
      text: """
        variables: {t: [0, 4]}
        unknowns: [y]
        estimate: {k: {start: 3}, y0: {start: 1}}
        equations: ["y' = -k*y"]
        conditions: ["y = y0 at t = 0"]
        data: {file: data.csv, noise: \(sigma)}
        """,
      tables: [
        "data.csv": FitSample.table(
          "t,y", (0...200).map { 0.02 * Double($0) }, noise: sigma
        ) { [2 * exp(-0.7 * $0)] }
      ])
    let model = try sample.fit()
    let chi = try #require(model.chiSquarePerPoint)
    // 201 points: the deviation of χ² a point is (2/201)^½ = 0.1.
    #expect((chi - 1).magnitude < 0.3)
    for (name, truth) in [("k", 0.7), ("y0", 2)] {
      let found = try #require(model.estimates.first { $0.name == name })
      let error = try #require(found.standardError)
      #expect((found.value - truth).magnitude < 3 * error)
    }
    #expect(model.correlations.count == 2 && model.correlations[0][1] > 0.3)
  }

  /// Where steps depend on the parameters by jumps, the loss is rough by some 1e-3, in units of the
  /// noise, at the default tolerance.
  @Test(
    "stiff methods fit as well as explicit ones", .tags(.property), arguments: ["bdf", "rodas5p"])
  func stiffMethods(_ method: String) throws {
    let quick = ["data.noise=0.01", "train.stop={seconds: 10}"]
    func chi(_ method: String) throws -> Double {
      let model = try FitSample.all[5].fit(quick + ["solve.method=\(method)"])
      return try #require(model.chiSquarePerPoint)
    }
    let (explicit, stiff) = (try chi("tsit5"), try chi(method))
    #expect((stiff - explicit).magnitude < 0.01, "\(stiff) against \(explicit)")
  }

  /// A penalty on the dynamics lowers what it measures, and the fit pays for it.
  @Test(
    "penalties on the dynamics", .tags(.property),
    arguments: [("kinetic", 1e3), ("jacobian", 1e3), ("local-error", 1e5), ("stiffness", 1e5)])
  func penalties(_ name: String, _ weight: Double) throws {
    let sample = FitSample.all[5]
    var last: [Double: Double] = [:]
    func loss(_ weight: Double) throws -> Double {
      let quick = ["data.noise=0.01", "train.stop={seconds: 10}"]
      let model = try sample.fit(quick + ["train.regularize={ridge: 1, \(name): \(weight)}"])
      let own = model.blockLosses[name] ?? .nan
      last[weight] = model.chiSquarePerPoint
      return own / weight
    }
    let (free, held) = (try loss(1e-8), try loss(weight))
    #expect(held < 0.95 * free)
    #expect((last[weight] ?? 0) > (last[1e-8] ?? .infinity))
  }
}
