/// Measurements that are kept out of training.
public struct Split: Sendable, Equatable {
  /// Which measurements.
  public enum Selection: Sendable, Equatable {
    /// This share of the experiments, or of the rows where there is one experiment, drawn at random.
    case fraction(Double)
    /// Rows of these times, ends included.
    case times(ClosedRange<Double>)
    /// The experiments of these names.
    case experiments([String])
  }

  /// Those that are compared with while training: they choose what is kept.
  public var validation: Selection?
  /// Those that are compared with once, in the end.
  public var test: Selection?

  /// Bundles the selections.
  public init(validation: Selection? = nil, test: Selection? = nil) {
    self.validation = validation
    self.test = test
  }

  /// Selections in the order in which they are drawn.
  var parts: [(role: Experiment.Role, selection: Selection)] {
    [(Experiment.Role.validation, validation), (.test, test)].compactMap { role, selection in
      selection.map { (role, $0) }
    }
  }
}

/// The measurements of one trajectory.
public struct Experiment: Sendable, Equatable {
  /// What a measurement is used for.
  public enum Role: String, Sendable, CaseIterable {
    /// It is fitted.
    case training
    /// It is compared with while training.
    case validation
    /// It is compared with once, in the end.
    case test
  }

  /// The name in the column `trajectory`; "1" where there is none.
  public let label: String
  /// Values of the marching (or the only) variable, one for each row.
  public let times: [Double]
  /// The measured unknowns, in the order of the file.
  public let columns: [String]
  /// One array for each column, one number for each row; NaN: not measured.
  public let values: [[Double]]
  /// One for each row.
  public let roles: [Role]

  /// Compares numbers bit by bit, so that two blanks are equal.
  public static func == (a: Experiment, b: Experiment) -> Bool {
    a.label == b.label && a.columns == b.columns && a.roles == b.roles
      && ([a.times] + a.values).map { $0.map(\.bitPattern) }
        == ([b.times] + b.values).map { $0.map(\.bitPattern) }
  }
}
