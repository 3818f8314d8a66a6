import Expressions

/// Windows of the marching variable: parts of an evolution that are learned one after the other.
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

  /// The leaf that stands for an unknown (or its derivative) of the window before, where that ends;
  /// no text can declare this name.
  public static func previous(_ leaf: Symbol) -> Symbol {
    Symbol("previous." + leaf.name, leaf.derivatives)
  }

  /// One of `count` equal parts of the marching variable's interval, in the order of marching.
  ///
  /// Output places, reference and data are those on the part, ends included. Conditions at the
  /// start hold at the start of the first part; in every other one their place is the seam, and what
  /// they say of the unknowns is that it goes on: `L(u) = g` becomes `L(u) = L(previous.u)`.
  /// - Precondition: a variable marches, and `index` is below `count`.
  public func window(_ index: Int, of count: Int) -> Problem {
    guard let axis = variables.firstIndex(where: { $0.name == marching }) else {
      preconditionFailure("windows of a problem in which nothing marches")
    }
    precondition((0..<count).contains(index), "window \(index) of \(count)")
    let whole = variables[axis]
    let (part, marchesDown) = (interval(ofWindow: index, of: count, whole), marchesDown)
    var window = self
    window.variables[axis] = part
    if let grid = output[whole.name], case let places? = grid.points(on: whole) {
      // The end has a row, that there be one that is not given by the start.
      let end = marchesDown ? part.lower : part.upper
      let inside = places.filter {
        part.contains($0) && !(marchesDown ? part.isLower($0) : part.isUpper($0))
      }
      window.output[whole.name] = .list(marchesDown ? [end] + inside : inside + [end])
    }
    window.reference = reference.map { reference in
      Reference(
        file: reference.file, accuracy: reference.accuracy,
        table: reference.table.rows(of: whole.name, on: part))
    }
    if index > 0 {
      let seam = marchesDown ? part.upper : part.lower
      window.conditions = conditions.map { continued($0, at: seam, axis) }
    }
    return window
  }

  /// Where a window lies on an interval of the marching variable; ends of neighbours are the same
  /// number.
  public func interval(ofWindow index: Int, of count: Int, _ whole: Interval) -> Interval {
    func end(_ index: Int) -> Double {
      if index == 0 { return whole.lower }
      if index == count { return whole.upper }
      return whole.lower + Double(index) / Double(count) * (whole.upper - whole.lower)
    }
    let place = marchesDown ? count - 1 - index : index
    return Interval(name: whole.name, lower: end(place), upper: end(place + 1))
  }

  /// The interval that the first windows make up.
  public func learned(_ windows: Int, of count: Int, _ whole: Interval) -> Interval {
    let (first, last) = (
      interval(ofWindow: 0, of: count, whole), interval(ofWindow: windows - 1, of: count, whole)
    )
    return Interval(
      name: whole.name, lower: min(first.lower, last.lower), upper: max(first.upper, last.upper))
  }

  /// A condition of the start, said of the seam; others stay as they are.
  private func continued(_ row: ConditionRow, at seam: Double, _ axis: Int) -> ConditionRow {
    let location: ConditionRow.Location
    switch row.location {
    case .face(let name, _, let isUpper):
      guard name == marching else { return row }
      location = .face(variable: name, value: seam, isUpper: isUpper)
    case .point(var place):
      place[axis] = seam
      location = .point(place)
    case .boundary, .periodic: return row
    }
    guard let left = row.condition.left, let right = row.condition.right else { return row }
    // Where the condition sets a leaf, the leaf goes on; else what the condition says of the unknowns.
    let side = row.subject.map { Expression.symbol($0) } ?? left - right
    let names = Set(allUnknowns)
    var before: [Symbol: Expression] = [:]
    for leaf in side.symbols where names.contains(leaf.name) {
      before[leaf] = .symbol(Self.previous(leaf))
    }
    var condition = row.condition
    condition.left = side
    condition.right = side.substituting(before)
    return ConditionRow(
      condition: condition, location: location, subject: row.subject,
      value: row.subject == nil ? nil : condition.right, source: row.source)
  }
}

extension Table {
  /// The rows whose number in a column lies on an interval, ends included.
  fileprivate func rows(of name: String, on interval: Interval) -> Table {
    guard let places = column(name) else { return self }
    let kept = places.indices.filter { interval.contains(places[$0]) }
    return Table(columns: columns, values: values.map { column in kept.map { column[$0] } })
  }
}
