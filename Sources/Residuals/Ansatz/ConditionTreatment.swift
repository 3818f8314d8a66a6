/// How a condition of the problem is kept, and why so.
public struct ConditionTreatment: Sendable, Equatable {
  /// As written.
  public let text: String
  /// Kept by construction; otherwise a penalty of its own block.
  public let isExact: Bool
  /// Why, for people.
  public let reason: String

  /// `exact` or `penalty`, as the problem file says it.
  public var word: String { isExact ? "exact" : "penalty" }
}

/// What the problem file asks of a condition.
enum ConditionRequest: String, Sendable, CaseIterable { case auto, exact, penalty }
