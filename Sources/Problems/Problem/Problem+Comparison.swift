import Expressions

extension Problem {
  /// True if the other file declares the same: everything but file names and places in the text.
  public func declaresTheSame(as other: Problem) -> Bool {
    title == other.title && about == other.about && namesEqual(other) && textsEqual(other)
      && tablesEqual(other) && settingsEqual(other)
  }

  private func namesEqual(_ other: Problem) -> Bool {
    variables == other.variables && unknowns == other.unknowns
      && parameters == other.parameters && functions == other.functions
      && estimates == other.estimates && networks == other.networks && augment == other.augment
      && units == other.units
  }

  private func textsEqual(_ other: Problem) -> Bool {
    equations.count == other.equations.count && conditions.count == other.conditions.count
      && zip(equations, other.equations).allSatisfy { $0.left == $1.left && $0.right == $1.right }
      && zip(conditions, other.conditions).allSatisfy {
        $0.location == $1.location && $0.condition.left == $1.condition.left
          && $0.condition.right == $1.condition.right && $0.isData == $1.isData
      }
      && exact == other.exact && observables == other.observables && events == other.events
  }

  private func tablesEqual(_ other: Problem) -> Bool {
    forcings.count == other.forcings.count
      && zip(forcings, other.forcings).allSatisfy {
        $0.name == $1.name && $0.column == $1.column && $0.interpolation == $1.interpolation
          && $0.times == $1.times && $0.values == $1.values
      }
      && reference?.table == other.reference?.table
      && reference?.accuracy == other.reference?.accuracy
      && data?.table == other.data?.table && data?.noise == other.data?.noise
      && data?.split == other.data?.split && data?.trajectories == other.data?.trajectories
  }

  private func settingsEqual(_ other: Problem) -> Bool {
    solve == other.solve && output == other.output && training == other.training
      && declaredEqual(other) && kind == other.kind && marching == other.marching
  }

  /// `train.unknowns` is compared in ``training``, where its default is filled in.
  private func declaredEqual(_ other: Problem) -> Bool {
    func bare(_ sections: [String: Declaration]) -> [String: Declaration] {
      var sections = sections
      if let entries = sections["train"]?.entries?.filter({ $0.key != "unknowns" }) {
        sections["train"]?.content = .mapping(entries)
        if entries.isEmpty { sections["train"] = nil }
      }
      return sections
    }
    return bare(declared) == bare(other.declared)
  }
}
