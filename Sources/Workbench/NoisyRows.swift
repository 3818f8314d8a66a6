import Discretizations
import Expressions
import Networks
import Numerics
import Problems
import Reports

/// The rows of a run that is to be measured with noise: kept until the standard deviations of their
/// columns are known, that is until the run ends.
final class NoisyRows {
  private let noise: Noise
  private let seed: Int
  private let unknowns: [String]
  /// Place of the first unknown in a row.
  private let first: Int
  private let width: Int
  private var numbers: [Double] = []
  /// The standard deviations that were drawn with; set when the rows are written.
  private(set) var deviations: [(unknown: String, deviation: Double)] = []

  /// - Parameter leading: how many columns come before the marching variable.
  /// - Throws: ``UsageFault`` for a name that is no unknown.
  init(_ noise: Noise, seed: Int, _ problem: InitialValueProblem, leading: Int) throws {
    unknowns = problem.problem.unknowns
    for (name, _) in noise.each where !unknowns.contains(name) {
      let nearest = NearestName.find(name, among: unknowns).map { "did you mean '\($0)'?" }
      throw UsageFault(
        description: "--noise: no unknown is called '\(name)'; "
          + (nearest ?? "write one of \(unknowns.joined(separator: ", "))"))
    }
    self.noise = noise
    self.seed = seed
    first = leading + 1
    width = first + problem.columnNames.count
  }

  /// Keeps whole rows, one after the other.
  func append(_ rows: [Double]) { numbers += rows }

  /// Keeps a row.
  func append(_ t: Double, _ row: Vector) {
    numbers.append(t)
    for index in 0..<row.count { numbers.append(row[index]) }
  }

  /// Draws the noise, row by row and unknown by unknown, and writes the rows.
  ///
  /// Every unknown draws in every row, so that the noise of one does not depend on that of others.
  func write(to writer: CSVWriter) throws(ReportError) {
    let count = numbers.count / width
    deviations = unknowns.enumerated().map { index, unknown in
      let column = (0..<count).map { numbers[$0 * width + first + index] }
      return (unknown, noise.level(of: unknown)?.deviation(of: column) ?? 0)
    }
    var random = RandomNumbers(seed: UInt64(bitPattern: Int64(seed)))
    for row in 0..<count {
      for (index, (_, deviation)) in deviations.enumerated() {
        let drawn = random.normal()
        if deviation > 0 { numbers[row * width + first + index] += deviation * drawn }
      }
      writer.append(Array(numbers[(row * width)..<((row + 1) * width)]))
      try writer.endRow()
    }
  }

  /// Writes seed and standard deviations into the summary.
  func tell(_ summary: inout Summary) {
    summary.seed = seed
    summary.more.append(
      ("noise", .object(deviations.map { ($0.unknown, .number($0.deviation)) })))
    let levels = deviations.map { "\($0.unknown) ± \(NumberText.text($0.deviation, digits: 3))" }
    summary.remarks.append("noise of seed \(seed): \(levels.joined(separator: ", "))")
  }
}
