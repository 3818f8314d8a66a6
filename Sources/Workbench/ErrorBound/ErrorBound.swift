import Numerics
import Problems
import Reports
import Residuals

/// A bound of a learned solution's error from what it leaves of the equations and conditions.
///
/// The error e of a linear problem solves the same problem with the defects for data. A correction
/// e_h is found in some hundred functions, and |e| ≤ |e_h| + ∫|G|·|what e_h leaves|, with G Green's
/// function, computed in the same functions; for a nonlinear initial-value problem
/// ``RemainderBound`` adds the second-order terms. Functions are added until e_h tells most of it.
///
/// Sampled, not rigorous: defects are looked at on quadrature points and on thousands between them,
/// and G is compared at two resolutions.
/// - Source: M. Ainsworth and J. T. Oden, A Posteriori Error Estimation in Finite Element Analysis
///   (2000), chapter 1: the residual equation; U. Ascher, R. Mattheij and R. Russell, Numerical
///   Solution of Boundary Value Problems (1995), section 3.2: bounds by Green's function.
public struct ErrorBound: Sendable, Equatable {
  /// The bound of an unknown's error.
  public struct Entry: Sendable, Equatable {
    /// Its name.
    public let unknown: String
    /// Of the relative error over the rows of `trajectory.csv`, and over the reference's points
    /// where there are any; nil where it exceeds the solution itself.
    public let relativeL2: Double?
    /// Of the largest error.
    public let max: Double
  }

  /// Empty where there is none.
  public private(set) var entries: [Entry] = []
  /// How it was found, in words.
  public private(set) var method = ""
  /// Why there is none; nil where there is one.
  public private(set) var reason: String?

  /// What bounds are multiplied by, for what lies between the samples.
  static let margin = 1.1

  /// No bound.
  init(reason: String) { self.reason = reason }

  /// - Parameters:
  ///   - parameters: of the network.
  ///   - rows: the points of `trajectory.csv`, flat.
  ///   - reference: the points of the reference, flat.
  init(
    _ residuals: PhysicsResiduals, _ parameters: [Double], rows: [Double], reference: [Double] = []
  ) {
    let theta = Storage(parameters)
    defer { theta.keep() }
    do {
      let search = try ErrorBoundSearch(
        residuals, theta.vector, rows: rows, reference: reference)
      entries = try search.entries()
      method = search.method
    } catch let fault as NoBound {
      reason = fault.description
    } catch {
      reason = "\(error)"
    }
  }
}

extension LearnedModel {
  /// Bounds the error of the model by what it leaves of the equations and conditions.
  ///
  /// - Cost: up to some seconds; least squares of up to 1700 functions.
  public func errorBound() -> ErrorBound {
    if plan.windows > 1 {
      return ErrorBound(reason: "it is not built yet for several windows, whose errors add up")
    }
    let names = problem.variables.map(\.name)
    var reference: [Double] = []
    if let table = problem.reference?.table,
      problem.unknowns.contains(where: { table.column($0) != nil })
    {
      let columns = names.compactMap(table.column)
      if columns.count == names.count {
        reference = (0..<table.rowCount).flatMap { row in columns.map { $0[row] } }
      }
    }
    return ErrorBound(
      residuals, parameters, rows: LearnedRows(problem).points, reference: reference)
  }
}

extension ErrorBound {
  /// Of the summary's `a_posteriori`: `error_bound`, or why there is none.
  var json: (key: String, value: JSONValue) {
    if let reason { return ("no_error_bound", .text(reason)) }
    return (
      "error_bound",
      .object(
        entries.map { entry in
          (
            entry.unknown,
            .object([
              ("l2_relative", .optional(entry.relativeL2)), ("max", .number(entry.max)),
              ("method", .text(method)), ("kind", .text("sampled")),
            ])
          )
        })
    )
  }

  /// Lines for people.
  var lines: [String] {
    if let reason { return ["no bound of the error: \(reason)"] }
    return entries.map { entry in
      let relative = entry.relativeL2.map { "relative \(NumberText.text($0, digits: 2)), " } ?? ""
      return "error of \(entry.unknown) at most: \(relative)max "
        + "\(NumberText.text(entry.max, digits: 2)) (sampled; \(method))"
    }
  }
}
