import Expressions
import Expressions
import Integrators
import Reports

/// Runs `cauchy methods`: the catalogs of steppers and controls.
public struct MethodsWorkflow {
  private let options: MethodsOptions

  /// Makes the workflow of the options given.
  public init(_ options: MethodsOptions) { self.options = options }

  /// Does the work, prints what there is to say, and tells how it ended.
  public func run() -> ExitStatus {
    do {
      let rows = try chosen()
      try Console.print(options.json ? json(rows) : text(rows))
      return .success
    } catch {
      return ErrorReport.tell(error, file: "methods")
    }
  }

  private func chosen() throws -> [StepperRow] {
    if options.names.isEmpty { return StepperCatalog.all }
    return try options.names.map { name in
      do {
        return try StepperCatalog.find(name)
      } catch {
        let nearest = NearestName.find(name, among: StepperCatalog.all.map(\.name))
        let fault = SteppingError.unknownMethod(name, nearest: nearest)
        throw UsageFault(description: "\(fault)")
      }
    }
  }

  private func text(_ rows: [StepperRow]) -> String {
    var lines = ["steppers (solve.method)"]
    let width = rows.map(\.name.count).max() ?? 0
    let orderWidth = rows.map(\.order.count).max() ?? 0
    for row in rows {
      lines.append(
        "  \(padded(row.name, width))  order \(padded(row.order, orderWidth))  "
          + "\(facts(row))\(row.summary) [\(row.source)]")
    }
    if options.names.isEmpty {
      lines.append("controls (solve.control)")
      for law in StepControl.Law.allCases {
        lines.append("  \(padded(law.rawValue, 3))  \(law.summary)")
      }
      lines.append("functions (in expressions; cos(x), bessel_Jn(n, x), …)")
      lines += wrapped(FunctionCatalog.all.map(\.name))
    }
    return lines.joined(separator: "\n")
  }

  /// Words in lines of at most 100 columns.
  private func wrapped(_ words: [String]) -> [String] {
    var lines: [String] = []
    var line = " "
    for word in words {
      if line.count + word.count + 1 > 100 {
        lines.append(line)
        line = " "
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

  private func json(_ rows: [StepperRow]) -> String {
    let steppers = rows.map { row in
      JSONValue.object([
        ("name", .text(row.name)), ("order", .text(row.order)), ("summary", .text(row.summary)),
        ("source", .text(row.source)), ("stiff", .bool(row.isImplicit)),
        ("mass_matrix", .bool(row.takesMassMatrix)), ("fixed_step", .bool(row.needsFixedStep)),
        ("control", .text(row.control.law.rawValue)),
      ])
    }
    let controls = StepControl.Law.allCases.map { law in
      JSONValue.object([("name", .text(law.rawValue)), ("summary", .text(law.summary))])
    }
    let functions = FunctionCatalog.all.map { JSONValue.text($0.name) }
    return JSONValue.object([
      ("steppers", .list(steppers)), ("controls", .list(controls)), ("functions", .list(functions)),
    ]).rendered
  }
}
