import Reports

/// The keys of `summary.json` by name; nil or empty where the run has not ended or says nothing.
extension RecordedRun {
  /// How the run ended.
  public var outcome: Outcome? { if case .ended(let outcome) = state { outcome } else { nil } }
  /// Wall-clock time of the run, s.
  public var seconds: Double? { number("seconds") }
  /// The method's catalog name.
  public var method: String? { summary?["method"]?.string }
  /// The version that ran.
  public var version: String? { summary?["version"]?.string }
  /// The seed of random numbers.
  public var seed: Int? { summary?["seed"]?.int }
  /// How many threads worked.
  public var threads: Int? { summary?["threads"]?.int }
  /// Accepted steps.
  public var steps: Int? { summary?["steps"]?.int }
  /// Rejected steps.
  public var rejected: Int? { summary?["rejected"]?.int }
  /// How many parameters were trained.
  public var parameters: Int? { summary?["parameters"]?.int }
  /// The loss at the end.
  public var loss: Double? { number("loss") }
  /// χ² divided by the count of measurements.
  public var chi2PerPoint: Double? { number("chi2_per_point") }
  /// The energy that the run took, J.
  public var energyJoules: Double? { number("energy_joules") }
  /// Where that figure is from: `rapl` or `estimate`.
  public var energySource: String? { summary?["energy_source"]?.string }
  /// What a reader should know before trusting the result.
  public var warnings: [String] { texts("warnings") }
  /// The names of the run's files in its folder.
  public var files: [String] { texts("files") }

  /// The distance from the truth by unknown.
  public var errors: [(unknown: String, norms: Summary.ErrorNorms)] {
    (summary?["errors"]?.members ?? []).compactMap { unknown, value in
      value["max"]?.double.map {
        (unknown, Summary.ErrorNorms(relativeL2: value["relative_l2"]?.double, max: $0))
      }
    }
  }

  /// The largest relative error of an unknown; where no unknown has one, the largest error.
  public var worstError: Double? {
    let errors = errors.map(\.norms)
    return errors.compactMap(\.relativeL2).max() ?? errors.map(\.max).max()
  }

  /// The relative error by unknown that the run's own refinement shows.
  public var estimatedErrors: [(unknown: String, relative: Double)] {
    (summary?["estimated_error"]?.members ?? []).compactMap { unknown, value in
      value.double.map { (unknown, $0) }
    }
  }

  /// What was fitted.
  public var estimates: [(parameter: String, estimate: Summary.Estimate)] {
    (summary?["estimates"]?.members ?? []).compactMap { parameter, value in
      value["value"]?.double.map {
        (parameter, Summary.Estimate(value: $0, standardError: value["standard_error"]?.double))
      }
    }
  }

  private func number(_ key: String) -> Double? { summary?[key]?.double }

  private func texts(_ key: String) -> [String] {
    (summary?[key]?.elements ?? []).compactMap(\.string)
  }
}
