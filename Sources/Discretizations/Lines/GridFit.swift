import Glibc
import Problems

/// Refuses grids that cannot work before anything is allocated.
enum GridFit {
  /// Points for every derivative, and memory for the fields and the matrix.
  ///
  /// - Throws: `ProblemFaults` placed at `solve.grid`.
  static func require(_ system: PointwiseSystem, _ axes: [AxisSpec]) throws {
    for (index, axis) in axes.enumerated() {
      let order = system.jets.map { $0.orders[index] }.max() ?? 0
      let least = Axis.minimumPoints(axis.scheme, maxOrder: order)
      guard axis.points < least else { continue }
      throw system.problem.fault(
        path: "solve.grid",
        "\(axis.points) points along '\(axis.name)' are too few for derivatives of order \(order) by "
          + axis.scheme.name,
        "use at least \(least)")
    }
    let bytes = requiredBytes(system, axes)
    let available = availableBytes()
    guard bytes > available else { return }
    let shape = axes.map { "\($0.points)" }.joined(separator: " x ")
    throw system.problem.fault(
      path: "solve.grid",
      "a grid of \(shape) points needs about \(gigabytes(bytes)) GB, and \(gigabytes(available)) GB "
        + "are free",
      "use fewer points, or a difference scheme of lower order")
  }

  private static func gigabytes(_ bytes: Double) -> String {
    let tenths = (bytes / 1e8).rounded() / 10
    return tenths < 1e6 ? "\(tenths)" : "\(bytes / 1e9)"
  }

  /// An upper estimate: steppers' vectors, jets, and the assembled matrix with its factors.
  static func requiredBytes(_ system: PointwiseSystem, _ axes: [AxisSpec]) -> Double {
    let nodes = axes.reduce(1.0) { $0 * Double($1.points) }
    let components = Double(system.components.count)
    let fields = nodes * (30 * components + Double(system.jets.count + system.partials.count))
    var entries = 0.0
    for partial in system.partials where partial.jet < system.jets.count {
      let orders = system.jets[partial.jet].orders
      entries += zip(axes, orders).reduce(nodes) { product, pair in
        let (axis, order) = pair
        if order == 0 { return product }
        return product * (axis.scheme.isSpectral ? Double(axis.points) : Double(order + 4))
      }
    }
    let dimension = nodes * components
    // Large systems without algebraic equations can be left to methods that factor nothing.
    let isImplicit =
      system.hasMass || system.marching == nil || dimension < 12_000
      || ["rodas5p", "bdf"].contains(system.problem.solve.method)
    guard isImplicit else { return 8 * fields }
    let isDense = axes.allSatisfy { $0.scheme.isSpectral }
    let factors =
      isDense
      ? dimension * dimension
      : axes.count == 1 ? 30 * dimension * components : dimension * 20 * log2(max(dimension, 2))
    return 8 * (fields + factors) + 40 * entries
  }

  /// What the machine has left, by its own account.
  private static func availableBytes() -> Double {
    guard let file = fopen("/proc/meminfo", "r") else { return 8e9 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, 256, file) != nil {
      let text = String(
        decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      guard text.hasPrefix("MemAvailable:") else { continue }
      let digits = text.filter(\.isNumber)
      return (Double(digits) ?? 8e6) * 1024
    }
    return 8e9
  }
}
