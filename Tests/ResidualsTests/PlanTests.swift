import Glibc
import Networks
import Problems
import Residuals
import Testing

/// A plan that is refused, and everything that is said about it.
struct PlanRefusal: Sendable, CustomTestStringConvertible {
  let name: String
  /// Lines after the problem's own.
  let lines: String
  var overrides: [String] = []
  let message: String

  var testDescription: String { name }
}

/// A problem in one variable; refusals add a line 5, or override.
private let oscillator = """
  variables: {t: [0, 1]}
  unknowns: [u]
  equations: ["u'' = u"]
  conditions: ["u = 1 at t = 0", "u' = 2 at t = 0"]

  """

let planRefusals: [PlanRefusal] = [
  PlanRefusal(
    name: "activation", lines: "network: {activation: tahn}",
    message: "test.yaml:5:23: 'tahn' is no activation; did you mean 'tanh'?"),
  PlanRefusal(
    name: "initialisation", lines: "network: {init: zeros}",
    message: "test.yaml:5:17: 'zeros' is no initialisation; choose one of glorot, he, lecun"),
  PlanRefusal(
    name: "kind", lines: "network: {kind: transformer}",
    message:
      "test.yaml:5:17: 'transformer' is no kind of network; choose one of dense, factorized, "
      + "residual, gated"),
  PlanRefusal(
    name: "unequal layers", lines: "network: {kind: gated, hidden: [8, 8, 9]}",
    message: "test.yaml:5:32: layers of 8 and of 9 do not go together in a gated network; "
      + "write equal widths, or network.kind: dense"),
  PlanRefusal(
    name: "sampler", lines: "train: {points: {sampler: soboll}}",
    message: "test.yaml:5:27: 'soboll' is no sampler; did you mean 'sobol'?"),
  PlanRefusal(
    name: "refinement", lines: "train: {points: {refine: everywhere}}",
    message: "test.yaml:5:26: 'everywhere' is no way to refine; choose one of rad, variation"),
  PlanRefusal(
    name: "refinement of points that stay", lines: "train: {points: {refine: rad, refresh: 0}}",
    message: "test.yaml:5:26: points that are never drawn anew cannot be refined; "
      + "write train.points.refresh: 20, or leave 'refine' out"),
  PlanRefusal(
    name: "stages", lines: "train: {stages: 4}",
    message:
      "test.yaml:5:17: 'stages' goes with integrator residuals, and these are collocation; "
      + "remove it, or write train.residual: integrator"),
  PlanRefusal(
    name: "windows of an unfinished problem",
    lines: "train: {windows: 3}\nestimate: {k: {start: 1}}",
    message:
      "test.yaml:5:18: what is to be found beside the unknowns needs the whole interval at once, and "
      + "windows are learned one after the other; remove 'windows', or write 1"),
  PlanRefusal(
    name: "causal", lines: "train: {causal: -0.5}",
    message:
      "test.yaml:5:17: 'causal' is -0.5, and weights need a positive number; write off"),
  PlanRefusal(
    name: "causal without fresh points", lines: "train: {causal: 2, points: {refresh: 0}}",
    message:
      "test.yaml:5:38: causal weights follow the loss where points are drawn anew; write 10, or "
      + "remove 'causal'"),
  PlanRefusal(
    name: "batch", lines: "train: {batch: 100}",
    message: "test.yaml:5:16: batches are not built yet; remove 'batch', or write all"),
  PlanRefusal(
    name: "regularize", lines: "train: {regularize: {rigde: 1}}",
    message: "test.yaml:5:29: 'rigde' is no regulariser; did you mean 'ridge'?"),
  PlanRefusal(
    name: "margin without data", lines: "train: {regularize: {all-layer-margin: 1}}",
    message:
      "test.yaml:5:40: all-layer-margin needs measurements; add 'data', or leave it out"),
  PlanRefusal(
    name: "layers of a gated network",
    lines: "network: {kind: gated, hidden: [8, 8]}\ntrain: {regularize: {dropout: 1}}",
    message:
      "test.yaml:6:31: dropout looks into the layers of dense networks, and this one is gated; write "
      + "network.kind: dense, or leave it out"),
  PlanRefusal(
    name: "network of an unknown",
    lines: "networks: {f: {inputs: [u], outputs: [w]}}\ntrain: {unknowns: network}",
    message:
      "test.yaml:5:16: the input 'u' holds an unknown, and beside unknowns that are networks a "
      + "network is a function of the variables alone; write inputs of t, or set "
      + "train.unknowns: trajectory"),
  PlanRefusal(
    name: "network without inputs",
    lines: "networks: {f: {inputs: [], outputs: [w]}}\ntrain: {unknowns: network}",
    message:
      "test.yaml:5:16: a network without inputs is a constant; declare it under 'estimate'"),
  PlanRefusal(
    name: "event", lines: "events: {top: {when: u - 1}}",
    message:
      "test.yaml:5:10: events are not built yet where unknowns are networks; remove 'events', "
      + "or use cauchy solve"),
  PlanRefusal(
    name: "no boundary points",
    lines: "train: {conditions: penalty, points: {boundary: 0}}",
    message: "test.yaml:5:49: 'u = 1 at t = 0' is penalised at no point; write 1 or more"),
  PlanRefusal(
    name: "width", lines: "network: {hidden: [10, 1e15]}",
    message:
      "test.yaml:5:19: a layer of 1000000000000000 is too wide; write 10000 at most"),
  PlanRefusal(
    name: "parameters", lines: "network: {hidden: [200, 200]}",
    message:
      "test.yaml:5:19: a network of 40801 parameters is too large: the matrix of their products "
      + "grows with their square; write widths that give 10000 at most"),
  PlanRefusal(
    name: "frequencies", lines: "network: {features: 1e9}",
    message: "test.yaml:5:21: these are too many frequencies; write 1000 at most"),
  PlanRefusal(
    name: "points", lines: "train: {points: {interior: 1e9}}",
    message: "test.yaml:5:28: 1000000000 points are too many; write 5000000 at most"),
  PlanRefusal(
    name: "nonlinear condition", lines: "train: {conditions: exact}",
    overrides: ["conditions=[u^2 = 1 at t = 0, u' = 0 at t = 0]"],
    message:
      "this condition cannot be built in: it is nonlinear in u; "
      + "write penalty for it in train.conditions"),
  PlanRefusal(
    name: "condition with a gap", lines: "train: {conditions: exact}",
    overrides: [
      "equations=[u''' = u]", "conditions=[u = 0 at t = 0, u' = 0 at t = 0, u'' = 1 at t = 1]",
    ],
    message:
      "this condition cannot be built in: the derivative of order 0 is not given there, and "
      + "without it building in takes too high derivatives of the network; write penalty for it in "
      + "train.conditions"),
  PlanRefusal(
    name: "derivative too high", lines: "",
    overrides: [
      "conditions=[u = 0 at t = 0, u' = 0 at t = 0, u'' = 0 at t = 0, u = 0 at t = 1, u' = 0 at t = 1]",
      "equations=[\"d(u, t, 5) = 0\"]",
    ],
    message:
      "u_ttttt is a derivative of order 5, and networks carry them up to 4; "
      + "declare an unknown for a lower derivative"),
]

@Suite("Plan") struct PlanTests {
  @Test("what cannot be learned is refused with its place and a remedy", arguments: planRefusals)
  func refusals(_ refusal: PlanRefusal) throws {
    let problem = try Sample(refusal.name, oscillator + refusal.lines).problem(refusal.overrides)
    do {
      _ = try PhysicsPlan(problem)
      Issue.record("accepted")
    } catch {
      let said = error.diagnostics.map { String($0.rendered.prefix { $0 != "\n" }) }
      // A fault in an override is placed there.
      let place = refusal.overrides.last.map { "--set \($0): " } ?? ""
      #expect(said == [place + refusal.message])
    }
  }

  @Test("every fault in one pass", .tags(.unit))
  func together() throws {
    let text = oscillator + "train: {batch: 7}\nevents: {top: {when: u - 1}}"
    let problem = try Sample("two", text).problem()
    let faults = #expect(throws: ProblemFaults.self) { try PhysicsPlan(problem) }
    #expect(faults?.diagnostics.count == 2)
  }

  @Test("declared choices are taken, the others chosen, and all are listed", .tags(.unit))
  func choices() throws {
    let problem = try leastSquaresCatalog[0].problem([
      "network.hidden=[10, 2*4]", "network.activation=sin", "network.features=[1, 2.5]",
      "network.kind=factorized", "train.points.sampler=halton", "train.seed=7",
    ])
    let plan = try PhysicsPlan(problem)
    #expect(plan.shape.hidden == [10, 8])
    #expect(plan.shape.activation == .sin && plan.shape.kind == .factorized)
    // Two places, two frequencies of each: sine and cosine.
    #expect(plan.shape.inputs == 2 + 8)
    #expect(plan.sampler == .halton && plan.seed == 7)
    let keys = plan.choices.map(\.key)
    #expect(
      keys == [
        "network.hidden", "network.activation", "network.features", "network.kind",
        "network.init", "train.residual", "train.points.interior", "train.points.boundary",
        "train.points.sampler", "train.points.refresh", "train.conditions", "train.seed",
      ])
    #expect(plan.choices[0].value == "[10, 8]" && plan.choices[0].reason == "declared")
    #expect(plan.choices[6].reason == "linear waves, or oscillating data")
    #expect(plan.choices[10].value == "[penalty, penalty, exact]")
  }

  @Test("a frequency beyond whole numbers is no trap, and a refinement draws points", .tags(.unit))
  func extremes() throws {
    let plan = try PhysicsPlan(
      leastSquaresCatalog[0].problem([
        "network.features=[1e19]", "train.points.refine=variation",
      ]))
    #expect(plan.frequencies == [1e19] && plan.refresh == 20)
  }

  @Test("the output is scaled to the size of large conditions", .tags(.unit))
  func scales() throws {
    let plan = try PhysicsPlan(exactCatalog[5].problem())
    #expect(plan.scales == [16, 1])
  }

  @Test("conditions that jump, or disagree where they meet, are penalised", .tags(.unit))
  func misfits() throws {
    func reasons(_ conditions: String) throws -> [String] {
      let text = """
        variables: {x: [0, 2], t: [0, 1]}
        unknowns: [u]
        equations: [u_t = u_xx]
        conditions: [\(conditions)]
        """
      return try PhysicsPlan(Sample("heat", text).problem()).conditions.map {
        $0.isExact ? "" : $0.reason
      }
    }
    #expect(
      try reasons("\"u = if(x < 1, 1, 0) at t = 0\", \"u = 1 at x = 0\", \"u = 0 at x = 2\"")
        == ["it has kinks or jumps, which derivatives do not see", "", ""])
    #expect(
      try reasons("\"u = 1 at t = 0\", \"u = 0 at x = 0\", \"u = 1 at x = 2\"")
        == ["it disagrees with another condition where their faces meet", "", ""])
    #expect(
      try reasons("\"u = (x - 1)^2 at t = 0\", periodic in x")
        == ["its value, by its derivative of order 1, does not go on periodically in x", ""])
    #expect(
      try reasons("\"u = 0 at t = 0\", \"u_x = u^4 at x = 0\", \"u*t = 0 at x = 2\"")
        == ["", "it is nonlinear in u", "its leading coefficient vanishes on the face"])
  }

  /// The gallery's files, found from this file's place in the package.
  static let gallery: [String] = {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let folder = "/" + root + "/problems"
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".yaml") { names.append("\(folder)/\(name)") }
    }
    return names.sorted()
  }()

  @Test(
    "every problem of the gallery that networks can stand for gets a plan and finite residuals, or a refusal"
  )
  func galleryPlans() throws {
    #expect(Self.gallery.count > 50)
    var refused: [String] = []
    for path in Self.gallery {
      let problem = try ProblemReader.read(path: path)
      if problem.training == .trajectory { continue }
      do {
        let plan = try PhysicsPlan(problem)
        let residuals = try PhysicsResiduals(problem, plan, threads: 2)
        let values = borrowed(residuals.initialParameters) { theta in
          filled(residuals.residualCount) { residuals.residual(theta, into: $0) }
        }
        #expect(values.allSatisfy { $0.isFinite }, "\(path)")
      } catch let faults as ProblemFaults {
        refused.append(path)
        #expect(!problem.events.isEmpty, "\(faults)")
      }
    }
    #expect(refused.count < 15)
  }

  @Test("measurements are residuals over their noise", .tags(.unit))
  func data() throws {
    let folder = "/tmp/cauchy-residuals-\(getpid())"
    mkdir(folder, 0o700)
    defer {
      unlink(folder + "/data.csv")
      rmdir(folder)
    }
    let file = fopen(folder + "/data.csv", "w")
    fputs("t,x,y\n0,1,\n1,2,5\n2,,7\n", file)
    fclose(file)
    let text = """
      variables: {t: [0, 2]}
      unknowns: [x, y]
      equations: [x' = y, y' = -x]
      conditions: ["x = 1 at t = 0", "y = 0 at t = 0"]
      data: {file: data.csv, noise: 0.5}
      network: {hidden: [8]}
      """
    let problem = try ProblemReader.read(
      bytes: Array(text.utf8), file: "test.yaml", folder: folder)
    let residuals = try PhysicsResiduals(problem, PhysicsPlan(problem), threads: 1)
    #expect(
      residuals.blocks.map(\.name) == ["equation 1", "equation 2", "data of x", "data of y"])
    #expect(residuals.blocks.map(\.rows.count) == [600, 600, 2, 2])
    borrowed(residuals.initialParameters) { theta in
      let values = filled(residuals.residualCount) { residuals.residual(theta, into: $0) }
      let unknowns = residuals.evaluate(theta, at: [0, 1, 2])
      let expected = [
        unknowns[0][0] - 1, unknowns[0][1] - 2, unknowns[1][1] - 5, unknowns[1][2] - 7,
      ]
      for (index, block) in [2, 2, 3, 3].enumerated() {
        let scale = (residuals.blocks[block].weight / 2).squareRoot() / 0.5
        #expect(abs(values[1200 + index] - scale * expected[index]) < 1e-14 * scale)
      }
    }
  }
}
