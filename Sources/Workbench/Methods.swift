import Discretizations
import Expressions
import Integrators
import Reports

/// Runs `cauchy methods`: the catalogs of steppers, schemes and controls.
public struct MethodsWorkflow {
  private let options: MethodsOptions

  /// Makes the workflow of the options given.
  public init(_ options: MethodsOptions) { self.options = options }

  /// Does the work, prints what there is to say, and tells how it ended.
  public func run() -> ExitStatus {
    do {
      let (rows, schemes) = try chosen()
      try Console.print(options.json ? json(rows, schemes) : text(rows, schemes))
      return .success
    } catch {
      return ErrorReport.tell(error, file: "methods")
    }
  }

  private func chosen() throws -> ([StepperRow], [SchemeRow]) {
    if options.names.isEmpty {
      return (StepperCatalog.all.filter { !$0.isForTraining }, SchemeCatalog.all)
    }
    var rows: [StepperRow] = []
    var schemes: [SchemeRow] = []
    for name in options.names {
      if let scheme = SchemeCatalog.all.first(where: { $0.name == name }) {
        schemes.append(scheme)
        continue
      }
      do {
        rows.append(try StepperCatalog.find(name))
      } catch {
        let known = StepperCatalog.all.map(\.name) + SchemeCatalog.all.map(\.name)
        let fault = SteppingError.unknownMethod(
          name, nearest: NearestName.find(name, among: known))
        throw UsageFault(description: "\(fault)")
      }
    }
    return (rows, schemes)
  }

  private func text(_ rows: [StepperRow], _ schemes: [SchemeRow]) -> String {
    var lines = rows.isEmpty ? [] : ["steppers (solve.method)"]
    let width = (rows.map(\.name.count) + schemes.map(\.name.count)).max() ?? 0
    let orderWidth = (rows.map(\.order.count) + schemes.map(\.order.count)).max() ?? 0
    for row in rows {
      lines.append(
        "  \(padded(row.name, width))  order \(padded(row.order, orderWidth))  "
          + "\(facts(row))\(row.summary) [\(row.source)]")
    }
    if !schemes.isEmpty { lines.append("schemes (solve.scheme)") }
    for row in schemes {
      lines.append(
        "  \(padded(row.name, width))  order \(padded(row.order, orderWidth))  "
          + "\(row.summary) [\(row.source)]")
    }
    if options.names.isEmpty {
      lines.append("how problems are solved")
      let kindWidth = MethodsWorkflow.ways.map(\.kind.count).max() ?? 0
      for way in MethodsWorkflow.ways {
        lines.append("  \(padded(way.kind, kindWidth))  \(way.how)")
      }
      lines.append("controls (solve.control)")
      for law in StepControl.Law.allCases {
        lines.append("  \(padded(law.rawValue, 3))  \(law.summary)")
      }
      lines += TrainingCatalogs.lines
      lines.append("functions (in expressions; cos(x), bessel_Jn(n, x), …)")
      lines += MethodsWorkflow.wrapped(FunctionCatalog.all.map(\.name))
    }
    return lines.joined(separator: "\n")
  }

  /// Which method goes with which kind of problem.
  private static let ways: [(kind: String, how: String)] = [
    ("initial values, one variable", "a stepper, steps by the error of each"),
    (
      "boundary values, integrals in equations",
      "collocation at Gauss points, mesh by the estimated error"
    ),
    (
      "evolution in space and time",
      "a scheme along each space variable, a stepper in time, grids refined to solve.accuracy"
    ),
    ("elliptic", "a scheme along each variable, Newton's method, grids refined to solve.accuracy"),
  ]

  /// Words in lines of at most 100 columns.
  static func wrapped(_ words: [String], margin: Int = 1) -> [String] {
    let empty = String(repeating: " ", count: margin)
    var lines: [String] = []
    var line = empty
    for word in words {
      if line.count + word.count + 1 > 100 {
        lines.append(line)
        line = empty
      }
      line += " " + word
    }
    return lines + [line]
  }

  private func facts(_ row: StepperRow) -> String {
    let words = [
      row.isImplicit ? "stiff" : nil, row.takesMassMatrix ? "DAE" : nil,
      row.needsFixedStep ? "fixed step" : nil,
    ].compactMap { $0 }
    return words.isEmpty ? "" : words.joined(separator: ", ") + ": "
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private func json(_ rows: [StepperRow], _ schemes: [SchemeRow]) -> String {
    let steppers = rows.map { row in
      JSONValue.object([
        ("name", .text(row.name)), ("order", .text(row.order)), ("summary", .text(row.summary)),
        ("source", .text(row.source)), ("stiff", .bool(row.isImplicit)),
        ("mass_matrix", .bool(row.takesMassMatrix)), ("fixed_step", .bool(row.needsFixedStep)),
        ("control", .text(row.control.law.rawValue)),
      ])
    }
    let schemes = schemes.map { row in
      JSONValue.object([
        ("name", .text(row.name)), ("order", .text(row.order)), ("summary", .text(row.summary)),
        ("source", .text(row.source)),
      ])
    }
    let controls = StepControl.Law.allCases.map { law in
      JSONValue.object([("name", .text(law.rawValue)), ("summary", .text(law.summary))])
    }
    let functions = FunctionCatalog.all.map { JSONValue.text($0.name) }
    return JSONValue.object([
      ("steppers", .list(steppers)), ("schemes", .list(schemes)), ("controls", .list(controls)),
      ("training", TrainingCatalogs.json), ("functions", .list(functions)),
    ]).rendered
  }
}
