import Reports

/// What the points of ``DoubleDescent`` say.
struct DoubleDescentFindings {
  private let study: DoubleDescent
  private let points: [DoubleDescent.Point]

  init(_ study: DoubleDescent, _ points: [DoubleDescent.Point]) {
    (self.study, self.points) = (study, points)
  }

  private func curve(_ name: String, _ estimator: DoubleDescent.Estimator)
    -> [DoubleDescent.Point]
  {
    points.filter { $0.curve == name && $0.estimator == estimator }
  }

  /// Where a curve is highest.
  private func peak(_ name: String, _ estimator: DoubleDescent.Estimator) -> DoubleDescent.Point? {
    curve(name, estimator).max { $0.mean < $1.mean }
  }

  /// The first point above the one before it; nil where the curve only falls.
  private func rise(_ name: String, _ estimator: DoubleDescent.Estimator) -> DoubleDescent.Point? {
    let curve = curve(name, estimator)
    return zip(curve, curve.dropFirst()).first { $0.mean < $1.mean }?.1
  }

  var findings: StudyFindings {
    var table = StudyTable([
      "curve", "samples", "features", "estimator", "ridge", "risk", "standard_error", "trials",
    ])
    for point in points {
      table.append([
        .text(point.curve), .count(point.samples), .count(point.features),
        .text(point.estimator.rawValue), .number(point.ridge), .number(point.mean),
        .number(point.standardError), .count(point.risks.count),
      ])
    }
    let isPeaked =
      peak("samples", .leastNorm)?.samples == study.dimension
      && peak("features", .leastNorm)?.features == study.fewSamples
    let rises = ["samples", "features"].map { rise($0, .optimal) }
    let done = points.first?.risks.count ?? 0
    var findings = StudyFindings(
      table: table, figure: figure, lines: lines,
      holds: isPeaked && rises.allSatisfy { $0 == nil } && done == study.trials,
      verdict: "", facts: facts(isPeaked, rises), method: "cholesky")
    findings.verdict = verdict(isPeaked, rises)
    findings.factorizations = done * points.count
    findings.isInterrupted = done < study.trials
    return findings
  }

  private var figure: StudyTable {
    var figure = StudyTable(
      ["curve", "place"] + DoubleDescent.Estimator.allCases.map(\.rawValue))
    for (name, place, risks) in wide {
      figure.append([.text(name), .count(place)] + risks.map { .number($0) })
    }
    return figure
  }

  /// The means side by side, in the order of the estimators.
  private var wide: [(curve: String, place: Int, risks: [Double])] {
    ["samples", "features"].flatMap { name in
      let curves = DoubleDescent.Estimator.allCases.map { curve(name, $0) }
      return curves[0].indices.map { index in
        (name, curves[0][index].place, curves.map { $0[index].mean })
      }
    }
  }

  private var lines: [String] {
    let names = DoubleDescent.Estimator.allCases.map(\.rawValue)
    let heads = [
      "samples": "samples, \(study.dimension) features",
      "features": "features, \(study.fewSamples) samples",
    ]
    return heads.sorted { $0.key > $1.key }.flatMap { name, head in
      let table = TextTable([head] + names, widths: [22] + names.map { _ in 9 })
      return [table.heading]
        + wide.filter { $0.curve == name }.map { row in
          table.line(
            ["\(row.place)"] + row.risks.map { $0.isNaN ? "-" : NumberText.text($0, digits: 3) })
        }
    }
  }

  private func facts(_ isPeaked: Bool, _ rises: [DoubleDescent.Point?])
    -> [(key: String, value: JSONValue)]
  {
    let done = points.first?.risks.count ?? 0
    if done == 0 { return [("trials", .integer(0))] }
    func at(_ name: String, _ estimator: DoubleDescent.Estimator) -> JSONValue {
      .optional(peak(name, estimator)?.place)
    }
    return [
      ("trials", .integer(done)),
      ("peak_samples", at("samples", .leastNorm)), ("peak_features", at("features", .leastNorm)),
      ("peak_risk", .optional(peak("samples", .leastNorm)?.mean)),
      ("risk_there_with_optimal_ridge", .optional(risk(.optimal))),
      ("falls_with_samples", .bool(rises[0] == nil)),
      ("falls_with_features", .bool(rises[1] == nil)),
      ("falls_with_a_tenth_of_it", .bool(rise("samples", .tenth) == nil)),
    ]
  }

  /// The risk with as many samples as features.
  private func risk(_ estimator: DoubleDescent.Estimator) -> Double? {
    curve("samples", estimator).first { $0.samples == study.dimension }?.mean
  }

  private func verdict(_ isPeaked: Bool, _ rises: [DoubleDescent.Point?]) -> String {
    func short(_ number: Double?) -> String { number.map { NumberText.text($0, digits: 3) } ?? "-" }
    if !isPeaked {
      return "the claim does not hold: the risk of least norm is highest at "
        + "\(peak("samples", .leastNorm)?.samples ?? 0) samples of \(study.dimension) features and at "
        + "\(peak("features", .leastNorm)?.features ?? 0) features of \(study.fewSamples) samples"
    }
    if let point = rises.compactMap({ $0 }).first {
      return
        "the claim does not hold: with the optimal ridge the risk rises to \(short(point.mean)) "
        + "at \(point.place) \(point.curve)"
    }
    let ends = curve("samples", .optimal)
    return "the peak of \(short(risk(.leastNorm))) at \(study.dimension) samples of "
      + "\(study.dimension) features is gone with the optimal ridge (\(short(risk(.optimal)))): the "
      + "risk falls all the way, from \(short(ends.first?.mean)) to \(short(ends.last?.mean))"
  }
}
