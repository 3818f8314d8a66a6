/// The normal noise that a solution is given, so that it can stand for measurements.
public struct Noise: Sendable, Equatable {
  /// What a standard deviation is measured by.
  public enum Unit: Sendable, Equatable {
    /// In the unknown's own unit.
    case absolute
    /// Hundredths of the standard deviation of the unknown's column.
    case percentOfDeviation
    /// Hundredths of the magnitude of the mean of the unknown's column.
    case percentOfMean
  }

  /// A standard deviation as it is written.
  public struct Level: Sendable, Equatable {
    /// At least 0.
    public var value: Double
    /// What the value counts.
    public var unit: Unit

    /// Makes a level from its value and unit.
    public init(_ value: Double, _ unit: Unit) { (self.value, self.unit) = (value, unit) }

    /// The standard deviation for a column.
    func deviation(of column: [Double]) -> Double {
      guard unit != .absolute, !column.isEmpty else { return value }
      let mean = column.reduce(0, +) / Double(column.count)
      if unit == .percentOfMean { return value / 100 * mean.magnitude }
      let squares = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return value / 100 * (squares / Double(column.count)).squareRoot()
    }
  }

  /// The level of every unknown, where one is given for all.
  public var all: Level?
  /// The levels of unknowns by name, in the order given; the others have none.
  public var each: [(name: String, level: Level)] = []

  /// The noise as ``init(parsing:)`` reads it.
  public let text: String

  /// Reads `0.1`, `5%`, `5%sd`, `5%mean`, or such levels by name: `x=0.1,y=5%`.
  ///
  /// - Throws: ``NoiseFault`` when the text is none of them.
  public init(parsing text: String) throws(NoiseFault) {
    self.text = text
    guard text.contains("=") else {
      all = try Noise.level(text[...], in: text)
      return
    }
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let equals = part.firstIndex(of: "=") else { throw .notALevel("\(part)", text) }
      let name = Noise.trimmed(part[..<equals])
      if name.isEmpty { throw .notALevel("\(part)", text) }
      if each.contains(where: { $0.name == name }) { throw .twice(name) }
      each.append((name, try Noise.level(part[part.index(after: equals)...], in: text)))
    }
  }

  private static func level(_ written: Substring, in text: String) throws(NoiseFault) -> Level {
    let word = trimmed(written)
    let number = word.prefix { $0 != "%" }
    let units: [Substring: Unit] = [
      "": .absolute, "%": .percentOfDeviation, "%sd": .percentOfDeviation,
      "%mean": .percentOfMean,
    ]
    guard let value = Double(number), value.isFinite, value >= 0,
      let unit = units[word[number.endIndex...]]
    else { throw .notALevel(word, text) }
    return Level(value, unit)
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  /// The level of an unknown, nil for none.
  func level(of unknown: String) -> Level? {
    all ?? each.first { $0.name == unknown }?.level
  }

  /// Compares what is declared.
  public static func == (a: Noise, b: Noise) -> Bool {
    a.all == b.all && a.each.elementsEqual(b.each) { $0 == $1 }
  }
}

/// Says what is wrong with the text of `--noise`.
public enum NoiseFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// A part of the text that is no level.
  case notALevel(String, String)
  /// An unknown that is named twice.
  case twice(String)

  /// One sentence: what is wrong, and what to write.
  public var description: String {
    switch self {
    case .notALevel(let part, let text):
      (part == text ? "'\(text)'" : "'\(part)' in '\(text)'")
        + " is no noise; write a standard deviation such as 0.1, 5% (of the column's standard "
        + "deviation), 5%mean (of its mean), or x=0.1,y=5%"
    case .twice(let name): "'\(name)' has its noise twice; give it once"
    }
  }
}
