import Expressions
import Problems

/// The size of the unknowns, as far as conditions and data say it.
enum OutputScale {
  /// A power of two for each unknown, 1 where nothing says more.
  static func sizes(_ calculus: FieldCalculus, _ planner: ConditionPlanner) -> [Double] {
    let problem = calculus.problem
    return problem.allUnknowns.map { unknown in
      // A small initial value says nothing of what comes: conditions make the scale larger only.
      var size = 1.0
      for faces in planner.faces {
        for condition in faces where condition.unknown == unknown && condition.order == 0 {
          for place in calculus.samples(on: condition.face) {
            let value =
              calculus.value(condition.value, at: place)
              / calculus.value(condition.coefficients[0], at: place)
            if value.isFinite { size = max(size, value.magnitude) }
          }
        }
      }
      let measured = problem.data?.table.column(unknown)?.filter(\.isFinite) ?? []
      return rounded(measured.map(\.magnitude).max() ?? size)
    }
  }

  /// The power of two nearest below, so that scaling rounds nothing.
  static func rounded(_ size: Double) -> Double {
    guard size.isNormal else { return 1 }
    return Double(sign: .plus, exponent: size.exponent, significand: 1)
  }
}
