extension Problem {
  /// True where the marching variable starts at its upper end: conditions stand there.
  public var marchesDown: Bool {
    conditions.contains { row in
      if case .face(let name, _, let isUpper) = row.location {
        name == marching && isUpper
      } else {
        false
      }
    }
  }
}
