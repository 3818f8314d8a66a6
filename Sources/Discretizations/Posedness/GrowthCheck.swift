import Expressions
import Problems

/// Whether an evolution can be marched: its short waves must not grow without bound.
struct GrowthCheck {
  private let problem: Problem
  private let system: Linearization
  private let state: InitialState
  private let growth: WaveGrowth

  init(_ problem: Problem, _ system: Linearization, _ state: InitialState) {
    self.problem = problem
    self.system = system
    self.state = state
    growth = WaveGrowth(system, isBackward: state.isBackward)
  }

  /// A fault where the constant coefficients decide, a warning where varying ones do at the initial
  /// data; nil where nothing grows, or nothing can be said.
  func diagnostic() -> Diagnostic? {
    let constant = growth.finding(system.constants)
    if let constant, system.isConstant || isDecided(constant) {
      return fault(constant)
    }
    return system.isConstant ? nil : warning()
  }

  // MARK: Constant coefficients

  /// Whether the varying coefficients change nothing: at any values of what they depend on.
  private func isDecided(_ finding: WaveGrowth.Finding) -> Bool {
    var number = 0.3
    for _ in 0..<4 {
      var known = state.known(at: system.space.map { ($0.lower + $0.upper) / 2 })
      for leaf in system.leaves.sorted(by: { $0.description < $1.description }) {
        // Steps of the golden ratio: numbers in (−2, 2) that follow no pattern.
        number = (number + 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1)
        if known[leaf] == nil { known[leaf] = 4 * number - 2 }
      }
      guard let values = system.values(known) else { continue }
      guard let other = growth.finding(values), abs(other.power - finding.power) < 0.05,
        abs(other.factor - finding.factor) < 0.01 * finding.factor
      else { return false }
    }
    return true
  }

  private func fault(_ finding: WaveGrowth.Finding) -> Diagnostic {
    let culprits = culprits(system.constants)
    var remedy =
      switch culprits.count {
      case 0: "check the signs of the highest derivatives"
      case 1: "change the sign of the term with \(culprits[0].jet)"
      default: "change the signs of the terms with \(names(culprits))"
      }
    let reversed = WaveGrowth(system, isBackward: !state.isBackward)
    let marching = problem.marching ?? ""
    if reversed.finding(system.constants) == nil {
      remedy += ", or give the conditions at \(marching) = \(ShortNumber.text(state.end))"
    } else if isEvenInTime {
      remedy +=
        ", or, if '\(marching)' does not march, give it another name and conditions at both its ends"
    }
    return problem.diagnostic(
      .error, problem.equations[equation(system.constants)].source,
      "waves \(text(finding)), the shorter the faster: the initial values determine no solution",
      remedy)
  }

  private var isEvenInTime: Bool {
    system.entries.allSatisfy { $0.time % 2 == 0 } && system.entries.contains { $0.time > 0 }
  }

  /// The first equation that the growth goes away without.
  private func equation(_ values: [Double]) -> Int {
    let equations = Set(system.entries.map(\.equation)).sorted()
    return equations.first { equation in
      var values = values
      for (index, entry) in system.entries.enumerated()
      where entry.equation == equation && entry.spaceOrder > 0 {
        values[index] = 0
      }
      return growth.finding(values) == nil
    } ?? 0
  }

  /// The terms of highest order whose signs make the growth: a single one, or those of one unknown
  /// and order in an equation.
  private func culprits(_ values: [Double]) -> [Linearization.Entry] {
    let entries = system.entries
    let candidates = entries.indices.filter { entries[$0].spaceOrder > 0 && values[$0] != 0 }
      .sorted { entries[$0].spaceOrder > entries[$1].spaceOrder }
    let groups = candidates.map { index in
      candidates.filter {
        entries[$0].equation == entries[index].equation
          && entries[$0].unknown == entries[index].unknown
          && entries[$0].spaceOrder == entries[index].spaceOrder
      }
    }
    let found = (candidates.map { [$0] } + groups).first { group in
      var values = values
      for index in group { values[index] = -values[index] }
      return growth.finding(values) == nil
    }
    return (found ?? []).map { entries[$0] }
  }

  private func names(_ entries: [Linearization.Entry]) -> String {
    entries.map(\.jet.description).sorted().joined(separator: ", ")
  }

  /// `along x grow at the rate 0.01*k^2`.
  private func text(_ finding: WaveGrowth.Finding) -> String {
    let most = finding.direction.reduce(0) { max($0, $1.magnitude) }
    let parts = finding.direction.map { ($0 / most * 1000).rounded() / 1000 }
    let named = zip(system.space, parts).filter { $0.1 != 0 }
    let direction =
      named.count == 1
      ? named[0].0.name
      : "(\(parts.map { ShortNumber.text($0, digits: 3) }.joined(separator: ", ")))"
    let power = finding.power == 1 ? "k" : "k^\(ShortNumber.text(finding.power, digits: 3))"
    let factor = ShortNumber.text(finding.factor, digits: 3)
    return "along \(direction) grow at the rate \(factor == "1" ? "" : factor + "*")\(power)"
  }

  // MARK: Varying coefficients

  private func warning() -> Diagnostic? {
    let leaves = system.leaves
    guard let formulas = state.formulas(for: leaves) else { return nil }
    let marching = problem.marching ?? ""
    var times = [state.start]
    if state.isExplicit(leaves), leaves.contains(Symbol(marching)),
      let interval = problem.interval(marching)
    {
      times = OutputGrid.count(17).points(on: interval) ?? times
      if state.isBackward { times.reverse() }
    }
    var seen: Set<[Double]> = []
    for time in times {
      for place in state.places(atMost: growth.affordable) {
        let known = state.known(at: place, time: time)
        guard let all = state.values(formulas, known), let values = system.values(all),
          seen.insert(values).inserted, let finding = growth.finding(values)
        else { continue }
        return warning(finding, values, place, time, all)
      }
    }
    return nil
  }

  private func warning(
    _ finding: WaveGrowth.Finding, _ values: [Double], _ place: [Double], _ time: Double,
    _ known: [Symbol: Double]
  ) -> Diagnostic {
    let culprits = culprits(values)
    let varying = system.entries.filter { $0.constant == nil }
    let highest = varying.map(\.spaceOrder).max()
    let named = culprits.isEmpty ? varying.filter { $0.spaceOrder == highest } : culprits
    let unknowns = Set(system.unknowns)
    let leaves = named.reduce(into: Set<Symbol>()) { $0.formUnion($1.coefficient.symbols) }
      .filter { unknowns.contains($0.name) }.sorted { $0.description < $1.description }
    let shown = leaves.prefix(4).compactMap { leaf in
      known[leaf].map { "\(leaf) = \(ShortNumber.text($0))" }
    }
    let point =
      "at \(state.text(of: place, time: time))"
      + (shown.isEmpty ? "" : ", where \(shown.joined(separator: ", "))")
    let remedy =
      switch culprits.count {
      case 0: "keep the coefficients where waves do not grow"
      case 1: "keep the factor of \(culprits[0].jet) from changing its sign"
      default: "keep the factors of \(names(culprits)) from changing their signs"
      }
    return problem.diagnostic(
      .warning, problem.equations[named.first?.equation ?? 0].source,
      "\(point), waves \(text(finding)), the shorter the faster",
      remedy + ", or expect no convergence")
  }
}
