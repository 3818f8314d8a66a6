/// The sections that only `train` reads: names of keys and kinds of values are checked, and the
/// declarations are kept.
extension ProblemBuilder {
  /// What may stand as a value.
  indirect enum Form: Sendable {
    case word([String] = [])
    case positive
    case nonnegative
    case count(from: Int)
    case countOr(String, from: Int)
    case numberOr(String)
    case integer
    case list(Form)
    case either(Form, list: Form)
    case mapping([(String, Form)])
    case weights
    case expressions
  }

  static let networkForm: [(String, Form)] = [
    ("hidden", .list(.count(from: 1))), ("activation", .word()),
    ("features", .either(.count(from: 0), list: .nonnegative)), ("kind", .word()),
    ("init", .word()),
  ]

  /// Keys of `train` that belong to one kind of training only.
  static let keysOfKind: [TrainingKind: [String]] = [
    .network: ["residual", "stages", "points", "conditions", "windows", "causal"],
    .trajectory: ["shooting", "segments", "gradient"],
  ]

  static let trainForm: [(String, Form)] = [
    ("unknowns", .word(["network", "trajectory"])),
    ("residual", .word(["collocation", "quadrature", "weak", "integrator"])),
    ("stages", .count(from: 1)),
    (
      "points",
      .mapping([
        ("interior", .count(from: 1)), ("boundary", .count(from: 0)), ("sampler", .word()),
        ("refresh", .count(from: 0)), ("refine", .word()),
      ])
    ),
    (
      "conditions",
      .either(.word(["auto", "exact", "penalty"]), list: .word(["auto", "exact", "penalty"]))
    ),
    ("flow", .word()), ("stepper", .word()), ("control", .word()), ("scaling", .word()),
    ("rtol", .positive), ("batch", .countOr("all", from: 1)),
    ("windows", .countOr("auto", from: 1)),
    ("causal", .numberOr("off")),
    ("shooting", .word(["single", "multiple", "collocation", "auto"])),
    ("segments", .count(from: 1)),
    ("gradient", .word(["forward", "discrete-adjoint", "interpolating-adjoint"])),
    ("regularize", .weights),
    (
      "stop",
      .mapping([
        ("seconds", .positive), ("steps", .either(.count(from: 0), list: .count(from: 0))),
        ("loss", .nonnegative),
        ("gradient_norm", .nonnegative), ("error", .nonnegative), ("stagnation", .nonnegative),
      ])
    ),
    ("seed", .integer),
  ]

  func readTraining() {
    chooseTraining()
    for (key, form) in [("network", Self.networkForm), ("train", Self.trainForm)] {
      guard let section = section(key) else { continue }
      check(section, .mapping(form), of: key)
      problem.declared[key] = section
    }
    readDiscovery()
    checkKind()
    let penalties = section("train")?["conditions"]?.list?.count
    if let penalties, penalties != section("conditions")?.list?.count ?? 0,
      let place = section("train")?["conditions"]?.place
    {
      log.error(
        place, "'train.conditions' lists \(penalties) of \(problem.conditions.count) conditions",
        "write one for each, in the order of 'conditions'")
    }
  }

  private func chooseTraining() {
    if let declared = section("train")?["unknowns"]?.text.flatMap(TrainingKind.init) {
      problem.training = declared
    } else if !problem.networks.isEmpty, problem.variables.count == 1 {
      problem.training = .trajectory
    } else {
      problem.training =
        section("data") != nil && section("network") == nil ? .trajectory : .network
    }
  }

  /// Reports keys of the other kind of training.
  private func checkKind() {
    let kind = problem.training
    let other: TrainingKind = kind == .network ? .trajectory : .network
    let advice = "remove it, or set train.unknowns: \(other.rawValue)"
    if kind == .trajectory, section("network") != nil,
      let entry = root.entries?.first(where: { $0.key == "network" })
    {
      log.error(
        entry.keyPlace, "'network' describes unknowns as networks; here they are trajectories",
        advice)
    }
    for entry in section("train")?.entries ?? []
    where Self.keysOfKind[other]?.contains(entry.key) == true {
      log.error(
        entry.keyPlace, "'\(entry.key)' does not go with train.unknowns: \(kind.rawValue)", advice)
    }
  }

  private func readDiscovery() {
    guard let section = section("discover") else { return }
    let outputs = problem.networks.flatMap(\.outputs)
    check(
      section,
      .mapping([
        ("terms", .expressions), ("of", .either(.word(outputs), list: .word(outputs))),
      ]), of: "discover")
    if outputs.isEmpty {
      log.error(
        keyPlace("discover"), "'discover' looks into a network's output, and the file has none",
        "declare 'networks'")
    }
    problem.declared["discover"] = section
  }

  /// Reports a value of another form.
  private func check(_ value: Declaration, _ form: Form, of name: String) {
    if isUnreadable(value) { return }
    switch form {
    case .word(let allowed): _ = word(value, of: name, among: allowed)
    case .positive: _ = positive(value, of: name)
    case .nonnegative:
      if let number = number(value, of: name), number < 0 {
        log.error(value.place, "'\(name)' is negative", "write 0 or more")
      }
    case .count(let from): _ = count(value, of: name, in: from...Int.max)
    case .countOr(let word, let from):
      if value.text != word { _ = count(value, of: name, in: from...Int.max) }
    case .numberOr(let word): if value.text != word { _ = number(value, of: name) }
    case .integer: _ = count(value, of: name, in: Int.min...Int.max)
    case .list(let form): for item in items(value, of: name) ?? [] { check(item, form, of: name) }
    case .either(let one, let form):
      if value.list?.isEmpty == true {
        log.error(value.place, "'\(name)' is an empty list", "write a value, or remove '\(name)'")
      } else if value.list != nil {
        check(value, .list(form), of: name)
      } else {
        check(value, one, of: name)
      }
    case .weights:
      for entry in entries(value, of: name) { check(entry.value, .nonnegative, of: entry.key) }
    case .expressions:
      for item in items(value, of: name) ?? [] { _ = expression(item, of: name) }
    case .mapping(let forms):
      for entry in entries(value, of: name, forms.map(\.0)) {
        if let form = forms.first(where: { $0.0 == entry.key })?.1 {
          check(entry.value, form, of: entry.key)
        }
      }
    }
  }
}
