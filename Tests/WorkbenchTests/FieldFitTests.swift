import Glibc
import Reports
import Testing
import Workbench

/// Fisher's equation with the growth left to a network, measured with noise.
private struct UnknownGrowth {
  private let root: String
  var run: String { "\(root)/run" }

  /// The travelling wave of u_t = u_xx + u·(1 − u).
  static func wave(_ x: Double, _ t: Double) -> Double {
    let front = 1 + exp((x - 5 * t / 6.0.squareRoot()) / 6.0.squareRoot())
    return 1 / (front * front)
  }

  init() throws {
    var template = Array("/tmp/cauchy-field-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    root = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    var rows = "x,t,u\n"
    for j in 0...5 {
      for i in 0...12 {
        let (x, t) = (-10 + 2 * Double(i), 0.7 * Double(j))
        // Noise of a hundredth, the same in every run.
        let noise = 0.01 * sin(Double(12 * i * i + 7 * j + 5 * i * j))
        rows += "\(x),\(t),\(Self.wave(x, t) + noise)\n"
      }
    }
    try write("data.csv", rows)
    try write(
      "growth.yaml",
      """
      variables: {x: [-10, 14], t: [0, 3.5]}
      unknowns: [u]
      estimate: {D: {start: 0.6, bounds: [0.01, 10]}}
      networks: {growth: {inputs: [u], outputs: [R], hidden: [6], activation: tanh}}
      functions: {wave: (1 + exp((x - 5*t/sqrt(6))/sqrt(6)))^-2}
      equations: [u_t = D*u_xx + R]
      conditions: [u = wave at t = 0, u = wave at x = -10, u = wave at x = 14]
      data: {file: data.csv, noise: 0.01}
      exact: {u: wave}
      train: {unknowns: trajectory, stop: {steps: 150}}
      discover: {terms: [u, u^2, u^3], of: [R]}
      solve: {grid: {x: 31}}
      output: {x: 13, t: 6}
      """)
  }

  private func write(_ name: String, _ text: String) throws {
    let handle = try #require(fopen("\(root)/\(name)", "w"))
    fputs(text, handle)
    fclose(handle)
  }

  func train() -> Bool {
    var options = TrainOptions(file: "\(root)/growth.yaml")
    options.run.out = run
    options.run.quiet = true
    options.run.threads = 1
    return TrainWorkflow(options).run() == .success
  }

  /// Rows of a table by column; what is no number is NaN.
  func table(_ name: String) throws -> [String: [Double]] {
    let handle = try #require(fopen("\(run)/\(name)", "r"))
    defer { fclose(handle) }
    var text = ""
    var buffer = [CChar](repeating: 0, count: 4096)
    while fgets(&buffer, 4096, handle) != nil {
      text += String(
        decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
    let lines = text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let names = try #require(lines.first)
    var columns: [String: [Double]] = [:]
    for (place, name) in names.enumerated() {
      columns[String(name)] = lines.dropFirst().map { Double($0[place]) ?? .nan }
    }
    return columns
  }

  func remove() {
    let names = [
      "config.yaml", "problem.yaml", "summary.json", "trajectory.csv", "fit.csv", "terms.csv",
      "training.csv", "model.safetensors", "discovered.csv", "formula-trajectory.csv", "data.csv",
      "checkpoint.json",
    ]
    for name in names { unlink("\(run)/\(name)") }
    rmdir(run)
    for name in ["data.csv", "growth.yaml"] { unlink("\(root)/\(name)") }
    rmdir(root)
  }
}

@Suite("Fits of fields")
struct FieldFitTests {
  @Test("a growth is found in measurements of a front")
  func growth() throws {
    let growth = try UnknownGrowth()
    defer { growth.remove() }
    #expect(growth.train())
    let terms = try growth.table("terms.csv")
    let (u, found) = (try #require(terms["u"]), try #require(terms["R"]))
    // 78 points with noise of 0.01: the rate of a tenth of u's range is told to some per cent of the
    // largest growth, 1/4, least where few points lie.
    var largest = 0.0
    for (u, found) in zip(u, found) where u > 0.1 && u < 0.9 {
      largest = max(largest, (found - u * (1 - u)).magnitude)
    }
    #expect(largest < 0.025)
    // The classical solution with the learned growth, at places that were not all measured.
    let solution = try growth.table("trajectory.csv")
    let (x, t) = (try #require(solution["x"]), try #require(solution["t"]))
    let values = try #require(solution["u"])
    #expect(values.count == 13 * 6)
    for row in values.indices {
      #expect((values[row] - UnknownGrowth.wave(x[row], t[row])).magnitude < 0.01)
    }
    let fit = try growth.table("fit.csv")
    let (measured, fitted) = (try #require(fit["u"]), try #require(fit["u_fit"]))
    #expect(fitted.count == 78)
    let squares = zip(measured, fitted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    // The misfit is the noise, whose mean square is 0.01²/2.
    #expect((squares / 78).squareRoot() < 0.009)
    // Logistic growth has two of the three terms.
    let formula = try growth.table("discovered.csv")
    let coefficients = try #require(formula["coefficient"])
    #expect(coefficients.count == 2)
    #expect((coefficients[0] - 1).magnitude < 0.1 && (coefficients[1] + 1).magnitude < 0.1)
  }
}
