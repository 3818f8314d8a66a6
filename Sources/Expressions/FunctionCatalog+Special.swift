import Numerics

extension FunctionCatalog {
  static let special: [FunctionRow] = [
    unary("psi", { SpecialFunctions.psi($0) }, "digamma") { _ in nil }
  ]
}
