import Networks
import Problems

/// A regulariser that the loss holds.
public struct WeightedRegularizer: Sendable, Equatable {
  /// Which one.
  public let kind: RegularizerKind
  /// What multiplies it; for the ridge, where there are measurements, in units of their noise.
  public let weight: Double
}

extension PlanReader {
  /// Reads `train.regularize`; with measurements and unknown functions a ridge of one noise unit is
  /// the default.
  ///
  /// Not on the network of the unknowns: there it moved the viscosity of Burgers' equation by one of
  /// its standard errors (3.2 % instead of 0.6 % from the truth).
  mutating func regularizers(
    _ shape: NetworkShape, _ coefficients: [NetworkShape], _ conditions: [ConditionTreatment]
  ) -> [WeightedRegularizer] {
    guard let declared = declaration("train.regularize"), let entries = declared.entries else {
      guard problem.hasData, !coefficients.isEmpty else { return [] }
      choose(
        "train.regularize", "{ridge: 1}",
        because: "a prior of size 1 on weights, in units of the noise")
      return [WeightedRegularizer(kind: .ridge, weight: 1)]
    }
    var found: [WeightedRegularizer] = []
    for entry in entries {
      guard let kind = regularizer(entry.key, entry.value), let weight = number(entry.value)
      else { continue }
      check(kind, entry.value, shape, conditions)
      if weight > 0 { found.append(WeightedRegularizer(kind: kind, weight: weight)) }
    }
    let shown = found.map { "\($0.kind.rawValue): \($0.weight)" }.joined(separator: ", ")
    choose("train.regularize", "{\(shown)}")
    return found
  }

  private mutating func regularizer(_ name: String, _ place: Declaration) -> RegularizerKind? {
    if let kind = RegularizerKind(rawValue: name) { return kind }
    let names = RegularizerKind.allCases.map(\.rawValue)
    refuse(
      "train.regularize.\(name)", "'\(name)' is no regulariser", Self.advice(name, names))
    return nil
  }

  private mutating func check(
    _ kind: RegularizerKind, _ place: Declaration, _ shape: NetworkShape,
    _ conditions: [ConditionTreatment]
  ) {
    let path = "train.regularize.\(kind.rawValue)"
    if !kind.applies(to: shape.kind) {
      refuse(
        path,
        "\(kind.rawValue) looks into the layers of dense networks, and this one is "
          + shape.kind.rawValue, "write network.kind: dense, or leave it out")
    }
    guard kind.needsTargets else { return }
    if !problem.hasData {
      refuse(path, "\(kind.rawValue) needs measurements", "add 'data', or leave it out")
    } else if case .unknown? = problem.data?.noise {
      refuse(
        path, "\(kind.rawValue) measures misfits in units of the noise, which is not declared",
        "add data.noise, or leave it out")
    } else if let built = conditions.first(where: \.isExact) {
      refuse(
        path,
        "\(kind.rawValue) compares the network itself with measurements, and '\(built.text)' is "
          + "built into the unknown", "write train.conditions: penalty, or leave it out")
    }
  }
}
