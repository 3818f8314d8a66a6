/// The key `grid` of the section `solve`.
extension ProblemBuilder {
  /// How much nodes cluster near places where the file does not say.
  static let gradingRatio = 10.0

  /// A count for all variables, or per variable a count or a mapping.
  func readGrid(_ value: Declaration) {
    guard value.entries != nil else {
      problem.solve.grid = pointCount(value, of: "grid").map {
        .all(GridSetting(points: $0, grading: nil))
      }
      return
    }
    var each: [String: GridSetting] = [:]
    for entry in entries(value, of: "grid", variableNames) {
      each[entry.key] =
        entry.value.entries == nil
        ? pointCount(entry.value, of: "grid").map { GridSetting(points: $0, grading: nil) }
        : graded(entry)
    }
    problem.solve.grid = .each(each)
  }

  private func pointCount(_ value: Declaration, of key: String) -> Int? {
    count(value, of: key, in: 2...10_000_000)
  }

  /// `{points: 401, near: [0], ratio: 20}`.
  private func graded(_ entry: Declaration.Entry) -> GridSetting? {
    var points: Int?
    var near: [Double] = []
    var ratio: Double?
    let parts = entries(entry.value, of: "grid", ["points", "near", "ratio"])
    for part in parts {
      switch part.key {
      case "points": points = pointCount(part.value, of: "points")
      case "near": near = placesNear(part.value, entry.key)
      default: ratio = spacingRatio(part.value)
      }
    }
    if !parts.contains(where: { $0.key == "near" }) {
      guard let part = parts.first(where: { $0.key == "ratio" }) else {
        return GridSetting(points: points, grading: nil)
      }
      log.error(
        part.keyPlace, "'ratio' says how much nodes cluster, but not where",
        "add near: [place]")
      return nil
    }
    guard !near.isEmpty else { return nil }
    let grading = GridSetting.Grading(near: near, ratio: ratio ?? Self.gradingRatio)
    return GridSetting(points: points, grading: grading)
  }

  private func placesNear(_ value: Declaration, _ variable: String) -> [Double] {
    let items = value.text == nil ? items(value, of: "near") ?? [] : [value]
    if items.isEmpty, value.list?.isEmpty == true {
      log.error(value.place, "'near' names no place", "write places in brackets, or remove it")
    }
    return items.compactMap { item in
      guard let place = number(item, of: "near") else { return nil }
      // An interval that is faulty is reported where it stands.
      guard let interval = problem.interval(variable) else { return nil }
      guard interval.contains(place) else {
        log.error(
          item.place, "nodes near \(brief(place)), which is outside \(shown(interval))",
          "write places inside the interval")
        return nil
      }
      return min(max(place, interval.lower), interval.upper)
    }
  }

  private func spacingRatio(_ value: Declaration) -> Double? {
    guard let ratio = number(value, of: "ratio") else { return nil }
    guard (1...1e6).contains(ratio) else {
      log.error(
        value.place, "'ratio' is \(brief(ratio)), the coarsest spacing over the finest",
        "write a number from 1 to 1e6")
      return nil
    }
    return ratio
  }

  /// Spectral schemes have nodes of their own.
  func refuseGradedSpectral() {
    guard case .each(let each) = problem.solve.grid else { return }
    for entry in section("solve")?["grid"]?.entries ?? [] where each[entry.key]?.grading != nil {
      guard let scheme = problem.solve.scheme?[entry.key],
        scheme == "chebyshev" || scheme == "fourier"
      else { continue }
      log.error(
        entry.value["near"]?.place ?? entry.value.place,
        "the scheme '\(scheme)' of '\(entry.key)' has nodes of its own",
        "remove 'near' and 'ratio', or choose difference2, difference4, difference6 or limited")
    }
  }
}
