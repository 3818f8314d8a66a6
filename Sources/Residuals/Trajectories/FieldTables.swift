/// What every evaluation reads of a system, at fixed addresses: reading an array of it would cost
/// reference counts, and these more than a small network.
final class FieldTables {
  typealias Entry = TrainableSystem.Entry

  /// An entry of ∂F/∂u of one application: its leaf counted from the application's first.
  struct Leaf {
    var row: Int
    /// The row counted among those that the application stands in.
    var line: Int
    var column: Int
    /// Where its value stands among all values.
    var place: Int
  }

  /// A network at one set of inputs.
  struct Application {
    var weights: Range<Int>
    var features: Range<Int>
    var leaves: Range<Int>
    /// Its entries among ``leaves``.
    var entries: Range<Int>
    /// The rows of F that it stands in, among ``rows``.
    var lines: Range<Int>
    /// Whether the network stands at other inputs, too.
    var isShared: Bool
  }

  let applications: UnsafeMutableBufferPointer<Application>
  let states: UnsafeMutableBufferPointer<Entry>
  let leaves: UnsafeMutableBufferPointer<Leaf>
  let rows: UnsafeMutableBufferPointer<Int>
  let estimates: UnsafeMutableBufferPointer<Entry>
  let featureStates: UnsafeMutableBufferPointer<Entry>
  let featureEstimates: UnsafeMutableBufferPointer<Entry>
  let featureTimes: UnsafeMutableBufferPointer<Entry>
  /// Of each feature, where its column of pulled slopes begins, and how far its numbers lie apart.
  let features: UnsafeMutableBufferPointer<(first: Int, width: Int)>

  init(_ system: TrainableSystem, _ layout: ParameterLayout) {
    let counts = system.applications.map(\.network)
    let n = system.dimension
    var leaves: [Leaf] = []
    var applications: [Application] = []
    var rows: [Int] = []
    for application in system.applications {
      let (first, line) = (leaves.count, rows.count)
      for (k, entry) in system.leafEntries.enumerated()
      where application.leaves.contains(entry.column) {
        if rows.count == line || rows[rows.count - 1] != entry.row { rows.append(entry.row) }
        leaves.append(
          Leaf(
            row: entry.row, line: rows.count - 1 - line,
            column: entry.column - application.leaves.lowerBound,
            place: system.stateEntries.count + k))
      }
      applications.append(
        Application(
          weights: layout.networks[application.network].range,
          features: application.featureRange, leaves: application.leaves,
          entries: first..<leaves.count, lines: line..<rows.count,
          isShared: counts.count { $0 == application.network } > 1))
    }
    self.applications = FieldTables.fixed(applications)
    self.leaves = FieldTables.fixed(leaves)
    self.rows = FieldTables.fixed(rows)
    states = FieldTables.fixed(system.stateEntries)
    estimates = FieldTables.fixed(system.estimateEntries)
    featureStates = FieldTables.fixed(system.featureStateEntries)
    featureEstimates = FieldTables.fixed(system.featureEstimateEntries)
    featureTimes = FieldTables.fixed(system.featureTimeEntries)
    features = FieldTables.fixed(
      system.applications.flatMap { application in
        let range = application.featureRange
        return range.map { (n * range.lowerBound + $0 - range.lowerBound, range.count) }
      })
  }

  deinit {
    applications.deallocate()
    states.deallocate()
    leaves.deallocate()
    rows.deallocate()
    estimates.deallocate()
    featureStates.deallocate()
    featureEstimates.deallocate()
    featureTimes.deallocate()
    features.deallocate()
  }

  private static func fixed<Element>(_ elements: [Element]) -> UnsafeMutableBufferPointer<Element> {
    let buffer = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
    _ = buffer.initialize(from: elements)
    return buffer
  }
}
