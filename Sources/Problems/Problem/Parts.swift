import Expressions

/// An independent variable and its interval.
public struct Interval: Sendable, Equatable {
  public let name: String
  public let lower: Double
  /// Greater than `lower`; both finite.
  public let upper: Double

  /// True for a place within 4 ulp of the lower end.
  public func isLower(_ place: Double) -> Bool { Self.match(place, lower) }

  /// True for a place within 4 ulp of the upper end.
  public func isUpper(_ place: Double) -> Bool { Self.match(place, upper) }

  /// True for a place inside, ends included with their 4 ulp.
  public func contains(_ place: Double) -> Bool {
    (lower...upper).contains(place) || isLower(place) || isUpper(place)
  }

  private static func match(_ place: Double, _ end: Double) -> Bool {
    // Rounding of 0 itself is measured at the smallest normal number: 0 matches 0 only.
    abs(place - end) <= 4 * max(place.magnitude, end.magnitude).ulp
  }
}

/// A named constant.
public struct Parameter: Sendable, Equatable {
  public let name: String
  public let value: Double
  /// As written, in earlier parameters.
  public let definition: Expression
}

/// A name and the expression it stands for: a function or an observable.
public struct Definition: Sendable, Equatable {
  public let name: String
  public let expression: Expression
  public let text: String
}

/// A parameter to be found by `train`.
public struct Estimate: Sendable, Equatable {
  public let name: String
  public let start: Double
  /// −∞ where no bounds are declared.
  public let lower: Double
  /// +∞ where no bounds are declared.
  public let upper: Double
}

/// A named network inside the equations.
public struct Network: Sendable, Equatable {
  public let name: String
  public let inputs: [Definition]
  public let outputs: [String]
  /// Widths of the hidden layers; empty: chosen by `train`.
  public let hidden: [Int]
  public let activation: String?
}

/// One equation `left = right`.
public struct Equation: Sendable {
  public let left: Expression
  public let right: Expression
  public let source: PlacedText

  /// As written.
  public var text: String { source.text }
  /// Line in the file, from 1.
  public var line: Int { source.line }
  /// Column in the line, from 1.
  public var column: Int { source.column }
  /// `left − right`.
  public var residual: Expression { left - right }
}

/// One initial or boundary condition, with its place evaluated.
public struct ConditionRow: Sendable {
  /// Where it holds.
  public enum Location: Sendable, Equatable {
    /// At one end of a variable's interval.
    case face(variable: String, value: Double, isUpper: Bool)
    /// At a point: a value for every variable, in their order.
    case point([Double])
    /// On every face but those of the marching variable and of periodic ones.
    case boundary
    /// The two ends of the variable are one.
    case periodic(String)
  }

  /// As resolved; both sides are nil for `periodic`, the right side for `data`.
  public let condition: Condition
  public let location: Location
  /// The leaf that is set, where the left side is one and the right side has no unknowns.
  public let subject: Symbol?
  /// What the subject is set to; nil for `data`.
  public let value: Expression?
  public let source: PlacedText

  /// As written.
  public var text: String { source.text }
  /// Line in the file, from 1.
  public var line: Int { source.line }
  /// Column in the line, from 1.
  public var column: Int { source.column }
  /// The value is each trajectory's own first row.
  public var isData: Bool { condition.isData }
}

/// A symbol of the marching variable, read from a table.
public struct Forcing: Sendable, Equatable {
  /// How values between the rows are found.
  public enum Interpolation: String, Sendable, CaseIterable { case linear, cubic, previous }

  public let name: String
  /// Path that opens from the working directory.
  public let file: String
  public let column: String
  public let interpolation: Interpolation
  /// Increasing; they cover the marching variable's interval.
  public let times: [Double]
  public let values: [Double]
}

/// The truth from a table of points.
public struct Reference: Sendable, Equatable {
  /// Path that opens from the working directory.
  public let file: String
  /// How true it is (relative), nil if not declared.
  public let accuracy: Double?
  /// Columns: all variables, some unknowns.
  public let table: Table
}

/// Measurements to fit.
public struct Measurements: Sendable, Equatable {
  /// Standard deviations of the measurements.
  public enum Noise: Sendable, Equatable {
    /// To be estimated.
    case unknown
    case all(Double)
    case each([String: Double])
  }

  /// Path that opens from the working directory.
  public let file: String
  public let noise: Noise
  /// As declared: `validation` and `test`, by fraction, time or trajectory.
  public let split: Declaration?
  /// Columns: all variables, some unknowns; NaN: not measured.
  public let table: Table
  /// Name of the trajectory of each row; empty if the file has no such column.
  public let trajectories: [String]
}

/// A zero of an expression on the way, and what happens there.
public struct Event: Sendable, Equatable {
  /// Which crossings count.
  public enum Direction: String, Sendable, CaseIterable { case up, down, both }

  public let name: String
  public let when: Expression
  public let direction: Direction
  /// Fires at most this often; nil: without limit.
  public let count: Int?
  public let isTerminal: Bool
  /// What the state jumps to; all values are evaluated before any is set.
  public let set: [Jump]

  /// One component of the state and its value after the event.
  public struct Jump: Sendable, Equatable {
    /// An unknown, or a derivative of one below its order.
    public let target: Symbol
    public let value: Expression
  }
}
