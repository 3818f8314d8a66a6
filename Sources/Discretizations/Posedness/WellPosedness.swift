import Problems

/// Whether a declared problem can work at all.
public enum WellPosedness {
  /// Checks a problem in several variables.
  public static func check(_ problem: Problem) throws(ProblemFaults) -> [Diagnostic] { [] }
}
