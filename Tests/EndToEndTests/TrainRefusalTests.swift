import Testing

/// What `train`, `predict` and `check` refuse, in their words.
@Suite(.tags(.endToEnd)) struct TrainRefusalTests {
  private static let refusals = [
    Refusal(
      "check bump.yaml --set train.residual=integrator --set train.points.refresh=null", 2,
      "--set train.residual=integrator: integrator residuals are defects of steps in the variable "
        + "that marches, and here none does; write train.residual: collocation"),
    Refusal(
      "train bump.yaml --set train.stop.steps=[]", 2,
      "--set train.stop.steps=[]: 'steps' is an empty list; write a value, or remove 'steps'"),
    Refusal(
      "train bump.yaml --set train.flow=gradiant", 2,
      "--set train.flow=gradiant: 'flow' does not know 'gradiant'; did you mean 'gradient'?"),
    Refusal(
      "train bump.yaml --set train.stepper=lie3", 2,
      "--set train.stepper=lie3: 'stepper' does not know 'lie3'; did you mean 'lie2'?"),
    Refusal(
      "train bump.yaml --set train.flow=gauss-newton --set train.stepper=lie2", 2,
      "--set train.stepper=lie2: the stepper 'lie2' does not go with the flow 'gauss-newton'; use "
        + "one of "),
    Refusal(
      "train bump.yaml --set train.control=pear", 2,
      "--set train.control=pear: 'control' does not know 'pear'; choose one of pair, residual, "
        + "descent, state"),
    Refusal(
      "train bump.yaml --set train.control=pair --set train.rtol=0.1", 2,
      "--set train.rtol=0.1: the control 'pair' has no tolerance; leave 'rtol' out, or use the "
        + "control residual or state"),
    Refusal(
      "train bump.yaml --set train.stepper=rosenbrock-w --set train.control=pair", 2,
      "--set train.control=pair: 'control' is for the stepper lie2, not for 'rosenbrock-w'; leave "
        + "it out: the step's local error decides"),
    Refusal(
      "train bump.yaml --set train.flow=adam --set train.rtol=1e-3", 2,
      "--set train.rtol=1e-3: the stepper 'adam' has no tolerance; leave 'rtol' out"),
    Refusal(
      "train bump.yaml --set train.flow=lbfgs --set train.scaling=identity", 2,
      "--set train.scaling=identity: 'scaling' is not for the flow 'lbfgs'; leave it out: the flow "
        + "has a scaling of its own"),
    Refusal(
      "train bump.yaml --set train.stepper=exponential-rosenbrock --set network.hidden=[30,30]", 2,
      "bump.yaml: exponential-rosenbrock takes all eigenvalues at every step, of at most 800 "
        + "parameters, not 1021; use lie2 or rosenbrock-w, or a smaller network"),
    Refusal(
      "train bump.yaml --set train.scaling=moore", 2,
      "--set train.scaling=moore: 'scaling' does not know 'moore'; did you mean 'more'?"),
    Refusal(
      "train rod.yaml --set train.stop.error=1e-3", 2,
      "--set train.stop.error=1e-3: there is no truth to measure an error by; declare 'exact' or "
        + "'reference', or stop by seconds, steps or loss"),
    Refusal(
      "train bump.yaml --set network.activation=tanhh", 2,
      "--set network.activation=tanhh: 'tanhh' is no activation; did you mean 'tanh'?"),
    Refusal(
      "train decay.yaml --set output.t=steps", 2,
      "--set output.t=steps: a learned solution has no steps in 't'; write a number of points"),
    Refusal(
      "train bump.yaml --set train.unknowns=trajectory", 2,
      "bump.yaml:9:1: 'network' describes unknowns as networks; here they are trajectories; remove "
        + "it, or set train.unknowns: network"),
    Refusal(
      "train bump.yaml --set 'observables={s: u_xxxxx}'", 2,
      "--set observables={s: u_xxxxx}: the observable 's' cannot be computed from a network: "
        + "u_xxxxx takes derivatives of order 5 of the network, and 4 is most; leave it out: --set "
        + "observables.s=null"),
    Refusal(
      "train bump.yaml --set train.causal=1", 2,
      "--set train.causal=1: causal weights need a variable that marches, and here none does; remove "
        + "'causal', or write off"),
    Refusal(
      "train rod.yaml --set train.causal=0", 2,
      "--set train.causal=0: 'causal' is 0, and weights need a positive number; write off"),
    Refusal(
      "train bump.yaml --set train.windows=2", 2,
      "--set train.windows=2: windows are parts of the variable that marches, and here none does; "
        + "remove 'windows', or write 1"),
    Refusal(
      "train rod.yaml --set train.windows=101", 2,
      "--set train.windows=101: 101 windows are more than 100; remove 'windows', or write 1"),
    Refusal(
      "train rod.yaml --set train.windows=2 --set 'train.stop.steps=[1, 2, 3]'", 2,
      "rod.yaml:6:55: 'steps' lists 3 numbers for 2 windows; write one number for "
        + "all windows, or one for each"),
    Refusal(
      "train rod.yaml --set 'train.stop.steps=[1, 2]'", 2,
      "rod.yaml:6:55: 'steps' lists 2 numbers for one window; write one number for "
        + "all windows, or one for each"),
    Refusal(
      "train beam.yaml --set train.windows=2", 2,
      "--set train.windows=2: a window cannot start from the one before: u_txxxx takes derivatives of "
        + "order 5 of the network, and 4 is most; write penalty in train.conditions, or leave "
        + "'windows' out"),
    Refusal(
      "train bump.yaml --resume .", 64,
      ". has no checkpoint.json; only a run that was interrupted can be resumed"),
    Refusal(
      "train none.yaml", 3, "none.yaml: cannot be read: No such file or directory; check the path"),
    Refusal(
      "check bump.yaml --set train.flow=gradiant", 2,
      "--set train.flow=gradiant: 'flow' does not know 'gradiant'; did you mean 'gradient'?"),
    Refusal(
      "predict . --at points.csv", 64,
      ". has no model.safetensors; give the folder of a run of 'cauchy train'"),
    Refusal("predict .", 64, "Error: Missing expected argument '--at <points.csv>'"),
  ]

  @Test(arguments: refusals) func refusalIsSaid(_ refusal: Refusal) {
    let place = Place()
    place.write(Problems.bump, to: "bump.yaml")
    place.write(Problems.rod, to: "rod.yaml")
    place.write(Problems.decay, to: "decay.yaml")
    place.write(Problems.beam, to: "beam.yaml")
    let run = place.shell("exec \"$CAUCHY\" \(refusal.arguments)")
    #expect(run.status == refusal.status)
    #expect(run.output.isEmpty)
    let said = run.errors.split(separator: "\n").first.map(String.init) ?? ""
    #expect(
      said == refusal.sentence
        || refusal.sentence.hasSuffix("one of ") && said.hasPrefix(refusal.sentence), "\(said)")
    // What cannot begin leaves nothing behind.
    #expect(!Files.names(in: place.path).contains("outputs"))
  }

  /// A list of another length than the network has parameters.
  @Test func damagedCheckpoint() throws {
    let place = Place()
    place.write(Problems.bump, to: "bump.yaml")
    #expect(place.cauchy("train", "bump.yaml", "--out", "run", "--quiet").status == 0)
    let text = try #require(Files.read(place("run/checkpoint.json")))
    place.write(
      text.replacing("\"scale\":[", with: "\"scale\":[1,"),
      to: "run/checkpoint.json")
    let run = place.cauchy("train", "bump.yaml", "--resume", "run", "--out", "rest")
    #expect(run.status == 64)
    #expect(run.errors == "run/checkpoint.json is damaged; run the problem anew\n")
  }

  @Test func resumedWithOtherSettings() {
    let place = Place()
    place.write(Problems.bump, to: "bump.yaml")
    #expect(place.cauchy("train", "bump.yaml", "--out", "run", "--quiet").status == 0)
    let run = place.cauchy(
      "train", "bump.yaml", "--resume", "run", "--out", "rest", "--set", "network.hidden=[9]")
    #expect(run.status == 64)
    #expect(
      run.errors == "run is a run of another problem or of other settings; resume with the same "
        + "file and the same --set (train.stop may differ)\n")
  }
}
