extension Problem {
  /// Places a fault or a warning that a later layer found in an equation or a condition.
  public func diagnostic(
    _ severity: Diagnostic.Severity, _ text: PlacedText, _ message: String, _ remedy: String
  ) -> Diagnostic {
    diagnostic(severity, at: text.place, message, remedy)
  }

  /// Places a fault or a warning that a later layer found in a section or a setting.
  ///
  /// - Parameter path: dotted; where the file does not give it, the nearest key above it is shown.
  public func diagnostic(
    _ severity: Diagnostic.Severity, path: String, _ message: String, _ remedy: String
  ) -> Diagnostic {
    diagnostic(severity, at: place(of: path), message, remedy)
  }

  private func diagnostic(
    _ severity: Diagnostic.Severity, at place: Place, _ message: String, _ remedy: String
  ) -> Diagnostic {
    let log = FaultLog()
    switch severity {
    case .error: log.error(place, message, remedy)
    case .warning: log.warning(place, message, remedy)
    }
    return log.sorted[0]
  }

  /// The place of a dotted path, or of the nearest key above it.
  func place(of path: String) -> Place {
    var place = Place(source: document.place.source, range: 0..<0)
    var here: Declaration? = document
    for key in path.split(separator: ".") {
      guard let entry = here?.entries?.first(where: { $0.key == key }) else { break }
      here = entry.value
      place = entry.value.text == nil ? entry.keyPlace : entry.value.place
    }
    return place
  }
}
