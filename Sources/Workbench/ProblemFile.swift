import Expressions
import Discretizations
import Integrators
import Problems
import Reports

/// Reads problem files with this program's catalogs, and tells errors as the contract wants them.
enum ProblemFile {
  static var catalogs: Catalogs {
    Catalogs(
      // The reader knows `auto` by itself, for every catalog.
      methods: StepperCatalog.all.filter { !$0.isForTraining }.map(\.name)
        .filter { $0 != "auto" },
      controls: StepControl.Law.allCases.map(\.rawValue))
  }

  /// - Parameter text: read in the place of the file's content; nil for that.
  static func read(_ path: String, _ overrides: [String], text: [UInt8]? = nil) throws -> Problem {
    guard let text else {
      return try ProblemReader.read(path: path, overrides: overrides, catalogs: catalogs)
    }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    return try ProblemReader.read(
      bytes: text, file: path, folder: folder, overrides: overrides, catalogs: catalogs)
  }

  /// The file's name without folder and extension.
  static func stem(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }
}

/// A wrong use of the command line that shows only once the problem is read.
struct UsageFault: Error, CustomStringConvertible {
  var description: String
}

/// Says what went wrong on standard error, and with which exit status the command ends.
enum ErrorReport {
  static func tell(_ error: any Error, file: String) -> ExitStatus {
    switch error {
    case let faults as ProblemFaults:
      for diagnostic in faults.diagnostics { Console.complain(diagnostic) }
      return .wrongProblem
    case let unreadable as ProblemUnreadable:
      Console.complain(fault: "\(unreadable)")
      return .cannotReadOrWrite
    case let fault as ReportError:
      Console.complain(fault: "\(fault)")
      return .cannotReadOrWrite
    case let fault as UsageFault:
      Console.complain(fault: "\(fault)")
      return .wrongUsage
    case let fault as SensitivityError:
      Console.complain(fault: "\(fault)")
      return .wrongUsage
    default:
      // Steppers that do not suit the system, expressions without a derivative or a value at a
      // point, an index above 1: the problem cannot be solved as it is declared.
      Console.complain(fault: "\(file): \(error)")
      return .wrongProblem
    }
  }
}
