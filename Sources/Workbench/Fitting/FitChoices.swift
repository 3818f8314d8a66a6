import Flows
import Networks
import Problems
import Reports
import Residuals

/// Everything that a fit of trajectories needs to know beside the equations: declared, or chosen with
/// a reason.
struct FitChoices {
  let plan: TrajectoryPlan
  let settings: TrainingSettings
  let choices: [TrainingChoices.Choice]
  let stop: TrainingStop

  /// - Throws: `ProblemFaults` with all that is wrong with the section `train`.
  init(_ problem: Problem) throws {
    var declared = TrainingDeclaration(problem)
    var found: TrajectoryPlan?
    do { found = try TrajectoryPlan(problem) } catch let faults as ProblemFaults {
      declared.add(faults)
    }
    do { try FitChoices.checkDiscovery(problem) } catch let faults as ProblemFaults {
      declared.add(faults)
    }
    var flow = FlowChoices()
    let isGradient = found.map { !$0.gradient.givesJacobian } ?? false
    flow.read(&declared, gradientOnly: isGradient)
    let phases = max(declared.counts("train.stop.steps").count, 1)
    let stop = TrainingStop(
      &declared, found.map { TrainingStop.Size($0, problem, phases: phases) })
    try declared.requireNone()
    guard let found else { preconditionFailure("a plan that was refused without a fault") }
    plan = found
    self.stop = stop
    var settings = flow.settings
    settings.stop = stop.rule
    settings.checkpointSeconds = TrainingRun.checkpointInterval
    self.settings = settings
    choices =
      found.choices.map { .init(key: $0.key, value: $0.value, reason: $0.reason) } + flow.choices
  }

  /// Reads `discover` ahead of any work; of a network all outputs have to be replaced together.
  private static func checkDiscovery(_ problem: Problem) throws {
    guard let declared = try DiscoveryDeclaration(problem) else { return }
    let names = declared.outputs.map(\.name)
    for network in problem.networks where network.outputs.contains(where: names.contains) {
      guard let other = network.outputs.first(where: { !names.contains($0) }) else { continue }
      throw problem.fault(
        path: "discover.of", "formulas replace whole networks, and '\(other)' is of the same one",
        "write of: [\(network.outputs.joined(separator: ", "))]")
    }
  }

  /// The settings as `--set` takes them, the stop rule left out.
  var overrides: [String] {
    ["train.unknowns=trajectory"] + choices.map { "\($0.key)=\($0.value)" }
  }

  /// All settings, one a line, for people.
  var lines: [String] { TrainingChoices.lines(choices + stop.choices) }

  /// The summary's `choices`.
  var json: JSONValue { TrainingChoices.json(choices + stop.choices) }
}

extension TrainingStop.Size {
  /// Some hundred passes with sensitivities and as many factors at 10¹⁰ operations a second, from
  /// 20 s to 300 s.
  init(_ plan: TrajectoryPlan, _ problem: Problem, phases: Int) {
    let parameters = Double(
      plan.shapes.reduce(problem.estimates.count) { $0 + $1.parameterCount })
    let rows = Double((problem.data?.table.rowCount ?? 0) * max(problem.allUnknowns.count, 1))
    let operations = parameters * (parameters + 1000) * (rows + parameters / 3)
    windows = phases
    seconds = min(max((300 * operations / 1e10 / 10).rounded() * 10, 20), 300)
  }
}
