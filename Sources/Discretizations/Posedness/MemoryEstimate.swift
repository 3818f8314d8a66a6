import Glibc
import Problems

/// How much memory a problem on a grid takes, before anything is allocated.
///
/// An estimate, right within a factor of about two: enough to refuse what cannot fit.
public struct MemoryEstimate: Sendable, Equatable {
  /// How linear systems are solved.
  public enum Factors: Sendable, Equatable {
    /// Explicit steps only.
    case none
    /// Band LU with so many diagonals on each side.
    case band(width: Int)
    case dense
    /// Sparse LU in a fill-reducing order.
    case sparse
  }

  /// Nodes of the grid.
  public let nodes: Double
  /// Values on each node.
  public let components: Int
  /// Bytes of the state, the derivatives and the stages of a step.
  public let fields: Double
  /// Bytes of the Jacobian.
  public let jacobian: Double
  /// Bytes of its factors.
  public let factors: Double
  private let shape: [Int]

  /// Estimates.
  ///
  /// - Parameters:
  ///   - shape: nodes along each axis.
  ///   - components: values on each node.
  ///   - jets: derivatives held on each node, the values themselves included.
  ///   - couplings: nodes that one row of the Jacobian reaches (a stencil; a whole line of nodes
  ///     along a spectral axis).
  ///   - stages: vectors of the state's length that the method keeps.
  public init(
    shape: [Int], components: Int, jets: Int, couplings: Int, factors kind: Factors,
    stages: Int = 12
  ) {
    self.shape = shape
    self.components = components
    nodes = shape.reduce(1.0) { $0 * Double($1) }
    let unknowns = nodes * Double(components)
    let block = Double(components * components)
    fields = 8 * nodes * Double(jets) + 8 * unknowns * Double(stages)
    switch kind {
    case .none:
      jacobian = 0
      factors = 0
    case .band(let width):
      jacobian = 8 * unknowns * Double(2 * width + 1)
      factors = 8 * unknowns * Double(3 * width + 1)
    case .dense:
      jacobian = 8 * unknowns * unknowns
      factors = 8 * unknowns * unknowns
    case .sparse:
      // A number and a column of 32 bits for each entry, and the pattern by equation.
      jacobian = 28 * nodes * Double(couplings) * block
      factors = 12 * block * MemoryEstimate.fill(nodes, dimensions: shape.count, couplings)
    }
  }

  /// Entries of L and U of a nested dissection with one value on each node (George 1973).
  private static func fill(_ nodes: Double, dimensions: Int, _ couplings: Int) -> Double {
    let side = pow(nodes, 1 / Double(max(dimensions, 1)))
    switch dimensions {
    case ...1: return 2 * nodes * Double(couplings)
    // Wide stencils have separators as many times wider as they reach further than one node.
    case 2: return 2 * 7.75 * nodes * max(log2(side), 1) * max(1, Double(couplings) / 9)
    default: return 16 * nodes * side
    }
  }

  /// All together, in bytes.
  public var bytes: Double { fields + jacobian + factors }

  /// What the machine can still give, in bytes; nil where it does not say.
  ///
  /// Linux: `MemAvailable`, or what is left below the limit of the control group, where that is less.
  public static var available: Double? {
    let free = number(in: "/proc/meminfo", after: "MemAvailable:").map { $0 * 1024 }
    guard let limit = number(in: "/sys/fs/cgroup/memory.max", after: ""),
      let used = number(in: "/sys/fs/cgroup/memory.current", after: "")
    else { return free }
    return min(free ?? .infinity, max(limit - used, 0))
  }

  private static func number(in path: String, after key: String) -> Double? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(
        decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      guard text.hasPrefix(key) else { continue }
      let digits = text.dropFirst(key.count).drop { $0 == " " }.prefix { $0.isNumber }
      return Double(digits)
    }
    return nil
  }

  /// Refuses what would not fit, placed at `solve.grid`; nil where it fits or nothing is known.
  public func fault(
    _ problem: Problem, available: Double? = MemoryEstimate.available
  ) -> ProblemFaults? {
    guard let available, bytes > available else { return nil }
    let size = shape.map(String.init).joined(separator: " × ")
    let unknowns = components == 1 ? "1 value" : "\(components) values"
    let parts = [("fields", fields), ("Jacobian", jacobian), ("factors", factors)]
      .filter { $0.1 > 0 }.map { "\($0.0) \(MemoryEstimate.text($0.1))" }
    let isFactored = factors > fields && shape.count > 1
    return problem.fault(
      path: "solve.grid",
      "\(size) nodes with \(unknowns) each take about \(MemoryEstimate.text(bytes)) "
        + "(\(parts.joined(separator: ", "))), and \(MemoryEstimate.text(available)) are available",
      "choose fewer points in solve.grid" + (isFactored ? ", or an explicit method" : ""))
  }

  /// `1.5 GB`.
  private static func text(_ bytes: Double) -> String {
    let units = ["B", "kB", "MB", "GB", "TB", "PB"]
    var size = bytes
    var unit = 0
    while size >= 1000, unit < units.count - 1 {
      size /= 1000
      unit += 1
    }
    return "\(ShortNumber.text(size, digits: 2)) \(units[unit])"
  }
}
