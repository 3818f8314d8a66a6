import Discretizations
import Expressions
import Integrators
import Networks
import Problems

extension TrajectoryPlan {
  /// Reads `train` and `solve` for a fit of trajectories, and chooses what they leave out.
  ///
  /// - Throws: `ProblemFaults`, placed, with everything that cannot be fitted or is misdeclared.
  public init(_ problem: Problem) throws {
    var reader = PlanReader(problem)
    reader.refuseWhatTrajectoriesLack()
    try reader.throwFaults()
    reader.reason = "not declared"
    shapes = reader.coefficients()
    for (network, shape) in zip(problem.networks, shapes) where network.hidden.isEmpty {
      reader.choose(
        "networks.\(network.name).hidden",
        "[" + shape.hidden.map(String.init).joined(separator: ", ") + "]",
        because: "two small layers follow most terms")
    }
    let count = shapes.reduce(problem.estimates.count) { $0 + $1.parameterCount }
    if count == 0 {
      reader.refuse(
        "train.unknowns", "there is nothing to be found: no networks and no estimates",
        "declare one of them, or use cauchy solve")
    }
    let isField = problem.kind == .evolution
    let form = isField ? try LinesForm(problem).form : try SystemForm(problem)
    method = reader.method(isAlgebraic: form.hasMass, isField: isField)
    rtol = problem.solve.rtol
    gradient = reader.gradient(parameters: count, method: method)
    let kind: ShootingKind = reader.shooting()
    shooting = kind
    segments = reader.counts("train.segments")?.first
    ridge = 0
    regularizers = reader.trajectoryRegularizers()
    ridge = regularizers["ridge"] ?? 0
    if !gradient.givesJacobian, let penalty = penalties.first {
      reader.refuse(
        "train.regularize.\(penalty.kind.rawValue)",
        "\(penalty.kind.rawValue) is differentiated along with the solution",
        "write train.gradient: forward, or leave it out")
    }
    seed = UInt64(bitPattern: Int64(reader.integer("train.seed", 1)))
    choices = reader.choices
    try reader.throwFaults()
  }
}

extension PlanReader {
  /// What a fit of trajectories cannot have, every fault in one pass.
  mutating func refuseWhatTrajectoriesLack() {
    if problem.kind != .initialValue, problem.kind != .evolution {
      refuse(
        "train.unknowns", "trajectories are those of problems with initial values",
        "set train.unknowns: network")
    }
    if problem.data == nil {
      refuse(
        "train.unknowns", "trajectories are fitted to data, and there are none",
        "add data: {file: table.csv}")
    }
    if let event = problem.events.first(where: { !$0.set.isEmpty }) {
      refuse(
        "events.\(event.name)", "'set' makes the trajectory jump, and its derivatives with it",
        "remove 'set'")
    }
    if let event = problem.events.first(where: \.isTerminal) {
      refuse(
        "events.\(event.name)", "a terminal event ends trajectories, and measurements behind it",
        "remove 'terminal', and measurements that lie behind")
    }
    for equation in problem.equations where equation.residual.integralDepth > 0 {
      refuse(equation.source, "integrals do not go along a trajectory", "remove the integral")
    }
    refuseBatches()
    let outputs = Set(problem.networks.flatMap(\.outputs))
    for network in problem.networks {
      refuseConstant(network)
      if let input = network.inputs.first(where: { input in
        input.expression.symbols.contains { outputs.contains($0.name) }
      }) {
        refuse(
          "networks.\(network.name).inputs",
          "the input '\(input.text)' holds the output of a network", "make one network of both")
      }
    }
  }

  /// The integrator: the declared one, or one that suits.
  mutating func method(isAlgebraic: Bool, isField: Bool) -> String {
    let declared = problem.solve.method
    guard declared != "auto" else {
      let chosen = isAlgebraic || isField ? "rodas5p" : "tsit5"
      choose(
        "solve.method", chosen,
        because: isField
          ? "lines of a field are stiff"
          : isAlgebraic
            ? "algebraic equations" : "explicit; for stiff problems declare rodas5p")
      return chosen
    }
    let row = StepperCatalog.all.first { $0.name == declared }
    let suits =
      row.map {
        isFollowed($0)
          && (!isAlgebraic || $0.takesMassMatrix)
      } ?? false
    if !suits {
      let names = StepperCatalog.all.filter {
        isFollowed($0)
          && (!isAlgebraic || $0.takesMassMatrix) && $0.name != "auto"
      }.map(\.name)
      refuse(
        "solve.method", "'\(declared)' cannot be differentiated along its steps",
        "use one of \(names.joined(separator: ", "))")
    }
    choose("solve.method", declared, because: "declared")
    return declared
  }

  /// Whether sensitivities go along with a method: implicit ones solve for them by our own linear
  /// algebra, and GSL's multistep methods measure their errors themselves.
  private func isFollowed(_ row: StepperRow) -> Bool {
    !row.needsFixedStep && !row.isForTraining && row.name != "msadams"
      && (!row.isImplicit || ["rodas5p", "bdf"].contains(row.name))
  }

  /// How the fit is differentiated: by size where nobody says.
  mutating func gradient(parameters: Int, method: String) -> TrajectoryGradient {
    let isSmall = parameters <= TrajectoryGradient.forwardLimit
    let isFollowed = ExplicitStages.names.contains(method)
    reason =
      isSmall
      ? "\(parameters) parameters: the whole Jacobian is affordable"
      : "\(parameters) parameters are too many for the whole Jacobian"
    defer { reason = "not declared" }
    let large: TrajectoryGradient = isFollowed ? .discreteAdjoint : .interpolatingAdjoint
    let chosen = pick("train.gradient", isSmall ? TrajectoryGradient.forward : large)
    if chosen == .discreteAdjoint, !isFollowed {
      refuse(
        "train.gradient",
        "discrete-adjoint goes with \(ExplicitStages.names.joined(separator: ", ")),"
          + " whose steps can be followed backwards, not with \(method)",
        "use interpolating-adjoint or forward, or another solve.method")
    }
    return chosen
  }

  mutating func shooting() -> ShootingKind { pick("train.shooting", ShootingKind.auto) }

  /// Weights of the regularisers by name; a ridge of one noise unit where networks are and nobody
  /// says otherwise.
  mutating func trajectoryRegularizers() -> [String: Double] {
    let names = ["ridge"] + DynamicsPenalty.allCases.map(\.rawValue)
    guard let declared = declaration("train.regularize"), let entries = declared.entries else {
      guard !problem.networks.isEmpty else { return [:] }
      choose(
        "train.regularize", "{ridge: 1}",
        because: "a prior of size 1 on weights, in units of the noise")
      return ["ridge": 1]
    }
    var found: [String: Double] = [:]
    for entry in entries {
      if !names.contains(entry.key) {
        refuse(
          "train.regularize.\(entry.key)", "'\(entry.key)' is no regulariser of trajectories",
          Self.advice(entry.key, names))
      } else if let weight = number(entry.value) {
        found[entry.key] = weight
      }
    }
    let shown = found.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    choose("train.regularize", "{\(shown.joined(separator: ", "))}")
    return found
  }
}
