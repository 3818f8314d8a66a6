import Expressions
import Glibc

/// Absolute error tolerance.
public enum Tolerance: Sendable, Equatable {
  /// 1e-9·|y(0)|, and 1e-9 where that is 0.
  case standard
  case all(Double)
  /// Per unknown; those not named have the standard.
  case each([String: Double])
}

/// A setting given once for all, or per variable.
public enum PerVariable<Value: Sendable & Equatable>: Sendable, Equatable {
  case all(Value)
  case each([String: Value])

  /// The value for a variable, nil where none is given.
  public subscript(variable: String) -> Value? {
    switch self {
    case .all(let value): value
    case .each(let values): values[variable]
    }
  }
}

/// The nodes of a variable.
public struct GridSetting: Sendable, Equatable {
  /// Nodes that cluster near places.
  public struct Grading: Sendable, Equatable {
    /// Inside the interval, ends included; not empty.
    public let near: [Double]
    /// The coarsest spacing over the finest, at least 1.
    public let ratio: Double
  }

  /// Both ends included, of a periodic variable those of one period; nil: as accuracy asks.
  public let points: Int?
  /// nil: equally spaced, or a spectral scheme's own.
  public let grading: Grading?
}

/// The section `solve`, defaults filled in.
public struct SolveSettings: Sendable, Equatable {
  /// How expressions are evaluated.
  public enum Code: String, Sendable, CaseIterable { case auto, tape, native }
  /// How the error of several components is made one number.
  public enum Norm: String, Sendable, CaseIterable { case rms, max }
  /// A family of problems that leads to the wanted one.
  public struct Continuation: Sendable, Equatable {
    /// The parameter that moves to its declared value.
    public let parameter: String
    /// Where it starts.
    public let from: Double
  }

  /// A catalog name.
  public internal(set) var method = "auto"
  /// Relative error tolerance of a step.
  public internal(set) var rtol = 1e-6
  /// Absolute error tolerance of a step.
  public internal(set) var atol = Tolerance.standard
  /// Fixed step; switches error control off.
  public internal(set) var step: Double?
  /// nil: Hairer's rule.
  public internal(set) var firstStep: Double?
  /// Largest step; nil: none.
  public internal(set) var maxStep: Double?
  /// Attempts, accepted or not.
  public internal(set) var maxSteps = 1_000_000
  /// Unknowns whose negative steps are rejected.
  public internal(set) var nonnegative: [String] = []
  /// Target of the estimated relative discretisation error.
  public internal(set) var accuracy = 1e-6
  /// Nodes per variable; where their number is given, the grid is fixed and refinement off.
  public internal(set) var grid: PerVariable<GridSetting>?
  /// How space derivatives are discretised; nil: chosen.
  public internal(set) var scheme: PerVariable<String>?
  /// Newton's start.
  public internal(set) var guess: [String: Expression] = [:]
  /// A way to the wanted problem from an easier one.
  public internal(set) var continuation: Continuation?
  /// Increasing, inside the marching variable's interval.
  public internal(set) var breakpoints: [Double] = []
  /// The variable that marches, where several are declared and none is `t`.
  public internal(set) var march: String?
  /// How expressions are evaluated.
  public internal(set) var code = Code.auto
  /// Step control, a catalog name; nil: the method's own.
  public internal(set) var control: String?
  /// How component errors are made one number.
  public internal(set) var norm = Norm.rms

  /// The defaults.
  public init() {}
}

/// Where the solution is written, along one variable.
public enum OutputGrid: Sendable, Equatable {
  /// So many points, both ends included.
  case count(Int)
  /// These points, increasing.
  case list([Double])
  /// So many points, equally spaced in the logarithm from `from` to the upper end.
  case logarithmic(count: Int, from: Double)
  /// Every accepted step.
  case steps

  /// The points on an interval; nil for ``steps``, which only a run knows.
  public func points(on interval: Interval) -> [Double]? {
    switch self {
    case .steps: return nil
    case .list(let places): return places
    case .count(let count):
      return (0..<count).map { index in
        // Weighted so that both ends, and the middle of a symmetric interval, are exact.
        let (before, after) = (Double(index), Double(count - 1 - index))
        let whole = (interval.lower * after + interval.upper * before) / Double(count - 1)
        let part = before / Double(count - 1)
        return whole.isFinite ? whole : interval.lower * (1 - part) + interval.upper * part
      }
    case .logarithmic(let count, let from):
      let ratio = log(interval.upper / from)
      return (0..<count).map { index in
        if index == 0 { return from }
        if index == count - 1 { return interval.upper }
        return from * exp(ratio * Double(index) / Double(count - 1))
      }
    }
  }

  /// Number of points; nil for ``steps``.
  public var count: Int? {
    switch self {
    case .count(let count), .logarithmic(let count, _): count
    case .list(let places): places.count
    case .steps: nil
    }
  }
}

/// What is trained.
public enum TrainingKind: String, Sendable, CaseIterable {
  /// Unknowns are networks, equations are residuals.
  case network
  /// Unknowns come from the classical solver; networks and estimates are trained.
  case trajectory
}
