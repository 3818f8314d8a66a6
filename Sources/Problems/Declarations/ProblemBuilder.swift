import Expressions

/// Names of the catalogs of higher layers that a problem file may use.
public struct Catalogs: Sendable {
  /// For `solve.method`, beside `auto`; empty: any word.
  public var methods: [String]
  /// For `solve.control`; empty: any word.
  public var controls: [String]

  /// Bundles the names.
  public init(methods: [String] = [], controls: [String] = ["I", "PI", "PID"]) {
    self.methods = methods
    self.controls = controls
  }
}

/// Turns declarations into a checked problem, section by section, reporting every fault.
///
/// Each section is read as far as it can be; what depends on a faulty part is left out rather than
/// reported again.
final class ProblemBuilder {
  let log: FaultLog
  let catalogs: Catalogs
  let root: Declaration
  var problem: Problem
  var names = NameTable()
  /// Parameters that have a value.
  var constants: [Symbol: Double] = [:]
  /// For constant expressions: parameters only.
  var constantScope = Scope()
  /// True once a declaration that others depend on was refused: unknown names may be its fault.
  var hasAllVariables = true
  var hasAllEquations = true
  var hasAllConditions = true

  init(root: Declaration, file: String, folder: String, catalogs: Catalogs, log: FaultLog) {
    self.log = log
    self.root = root
    self.catalogs = catalogs
    problem = Problem(file: file, folder: folder, document: root)
  }

  /// Reads every section in the order in which they depend on one another.
  func build() -> Problem {
    readTopKeys()
    declareNames()
    readParameters()
    readVariables()
    readEstimates()
    readSolve()
    chooseMarching()
    makeScope()
    readFunctions()
    readNetworks()
    readEquations()
    readConditions()
    readForcings()
    readExpressions()
    readEvents()
    readSolveExpressions()
    readOutput()
    readTraining()
    readTables()
    checkCounts()
    checkFaces()
    checkLinearity()
    checkPartialConditions()
    checkJumps()
    checkTruth()
    return problem
  }

  // MARK: The mapping as a whole

  static let topKeys = [
    "title", "about", "variables", "unknowns", "parameters", "functions", "forcing", "estimate",
    "networks", "augment", "equations", "conditions", "exact", "reference", "data", "observables",
    "events", "units", "solve", "network", "train", "output", "discover",
  ]

  private func readTopKeys() {
    checkKeys(of: root, Self.topKeys)
    for (key, example) in [
      ("variables", "variables: {t: [0, 1]}"), ("unknowns", "unknowns: [x]"),
      ("equations", "a list of 'left = right'"),
    ] where section(key) == nil {
      let start = Place(source: root.place.source, range: 0..<0)
      if case .unreadable? = root[key]?.content { continue }
      let isMisspelt = root.entries?.prefix(200).contains {
        !Self.topKeys.contains($0.key) && NearestName.find($0.key, among: Self.topKeys) == key
      }
      if isMisspelt == true { continue }
      log.error(start, "the key '\(key)' is missing", "add \(example)")
    }
    for key in ["title", "about"] {
      guard let value = section(key) else { continue }
      guard let text = value.text else {
        reportKind(value, of: key, expected: "a text")
        continue
      }
      if key == "title" { problem.title = text } else { problem.about = text }
    }
  }

  /// Every declared variable, also one whose interval is faulty.
  var variableNames: [String] { names.order.filter { names.kind(of: $0) == .variable } }

  /// Where the first of these top keys stands, or the start of the file.
  func keyPlace(_ keys: String...) -> Place {
    for key in keys {
      if let entry = root.entries?.first(where: { $0.key == key }) { return entry.keyPlace }
    }
    return Place(source: root.place.source, range: 0..<0)
  }

  /// The value of a top key, nil where it is absent, empty or refused.
  func section(_ key: String) -> Declaration? {
    guard let value = root[key], !value.isEmpty else { return nil }
    if case .unreadable = value.content { return nil }
    return value
  }
}
