import Expressions

/// An independent variable and its interval.
public struct Interval: Sendable, Equatable {
  /// As declared.
  public let name: String
  /// Finite.
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
  /// As declared.
  public let name: String
  /// Finite.
  public let value: Double
  /// As written, in earlier parameters.
  public let definition: Expression
}

/// A name and the expression it stands for: a function or an observable.
public struct Definition: Sendable, Equatable {
  /// As declared.
  public let name: String
  /// What the name stands for.
  public let expression: Expression
  /// As written.
  public let text: String
}

/// A parameter to be found by `train`.
public struct Estimate: Sendable, Equatable {
  /// As declared.
  public let name: String
  /// Where the search starts; inside the bounds.
  public let start: Double
  /// −∞ where no bounds are declared.
  public let lower: Double
  /// +∞ where no bounds are declared.
  public let upper: Double
}

/// A named network inside the equations.
public struct Network: Sendable, Equatable {
  /// As declared.
  public let name: String
  /// Expressions of variables, unknowns and parameters.
  public let inputs: [Definition]
  /// New symbols that equations use.
  public let outputs: [String]
  /// Widths of the hidden layers; empty: chosen by `train`.
  public let hidden: [Int]
  /// A catalog name; nil: chosen by `train`.
  public let activation: String?
}

/// One equation `left = right`.
public struct Equation: Sendable {
  /// Left of the `=`.
  public let left: Expression
  /// Right of the `=`.
  public let right: Expression
  /// The text and its place, for faults.
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
  /// Where it holds.
  public let location: Location
  /// The leaf that is set, where the left side is one and the right side has no unknowns.
  public let subject: Symbol?
  /// What the subject is set to; nil for `data`.
  public let value: Expression?
  /// The text and its place, for faults.
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

  /// As declared.
  public let name: String
  /// Path that opens from the working directory.
  public let file: String
  /// Name of the column.
  public let column: String
  /// How values between the rows are found.
  public let interpolation: Interpolation
  /// Increasing; they cover the marching variable's interval.
  public let times: [Double]
  /// One for each time.
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

/// A zero of an expression on the way, and what happens there.
public struct EventDeclaration: Sendable, Equatable {
  /// Which crossings count.
  public enum Direction: String, Sendable, CaseIterable { case up, down, both }

  /// As declared.
  public let name: String
  /// The event is a zero of this.
  public let when: Expression
  /// Which crossings count.
  public let direction: Direction
  /// Fires at most this often; nil: without limit.
  public let count: Int?
  /// The solution ends here.
  public let isTerminal: Bool
  /// What the state jumps to; all values are evaluated before any is set.
  public let set: [Jump]

  /// One component of the state and its value after the event.
  public struct Jump: Sendable, Equatable {
    /// An unknown, or a derivative of one below its order.
    public let target: Symbol
    /// Of the state before the event.
    public let value: Expression
  }
}
