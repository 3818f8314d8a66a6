import Problems
import Testing

@Suite("Split of measurements") struct SplitTests {
  /// Experiments a, b, … of so many rows at t = 0, 1, …, shuffled together row by row.
  private func table(_ counts: [Int]) -> String {
    var text = "trajectory,t,y,x\n"
    for time in 0..<(counts.max() ?? 0) {
      for (index, count) in counts.enumerated() where time < count {
        text += "\(["a", "b", "c", "d", "e"][index]),\(time),\(time == 1 ? "" : "5"),\(index)\n"
      }
    }
    return text
  }

  private func experiments(
    _ split: String, _ counts: [Int], seed: UInt64 = 1, fromData: Bool = false
  ) throws -> [Experiment] {
    let folder = try Folder(["d.csv": table(counts)])
    let long = Sample.oscillator.with("[0, 10]", "[0, 100]")
    let sample = fromData ? long.with("x = 1 at", "x = data at") : long
    let problem = try folder.read(sample.adding("data: {file: d.csv, split: \(split)}\n"))
    return try #require(problem.data).experiments(seed: seed)
  }

  private func count(_ role: Experiment.Role, _ experiments: [Experiment]) -> Int {
    experiments.flatMap(\.roles).count { $0 == role }
  }

  @Test("rows of a label are gathered in the order of the file, blanks kept")
  func gathered() throws {
    let found = try experiments("{test: [b]}", [3, 2])
    #expect(found.map(\.label) == ["a", "b"])
    #expect(found[0].times == [0, 1, 2] && found[1].times == [0, 1])
    #expect(found[0].columns == ["y", "x"] && found[1].values[1] == [1, 1])
    #expect(found[0].values[0][1].isNaN && found[0].values[0][2] == 5)
    #expect(found.map(\.roles) == [.init(repeating: .training, count: 3), [.test, .test]])
  }

  @Test("without the column there is one experiment, called 1, and no split is all training")
  func single() throws {
    let folder = try Folder(["d.csv": "t,x\n0,1\n1,2\n"])
    let problem = try folder.read(Sample.oscillator.adding("data: {file: d.csv}\n"))
    let found = try #require(problem.data).experiments(seed: 1)
    #expect(found.map(\.label) == ["1"] && found[0].roles == [.training, .training])
  }

  @Test("a fraction of several experiments takes whole ones", arguments: UInt64(1)...20)
  func wholeExperiments(_ seed: UInt64) throws {
    let found = try experiments(
      "{validation: 0.4, test: {fraction: 1/5}}", [2, 3, 4, 5, 6], seed: seed)
    #expect(found.allSatisfy { Set($0.roles).count == 1 })
    #expect(found.map(\.roles[0]).filter { $0 == .validation }.count == 2)
    #expect(found.map(\.roles[0]).filter { $0 == .test }.count == 1)
  }

  @Test("of one experiment a fraction takes rows; the row that gives initial values stays")
  func rows() throws {
    var firstRoles: Set<Experiment.Role> = []
    for seed in UInt64(1)...50 {
      let found = try experiments("{validation: 0.5}", [10], seed: seed)
      #expect(count(.validation, found) == 5)
      firstRoles.insert(found[0].roles[0])
      let given = try experiments("{validation: 0.5}", [11], seed: seed, fromData: true)
      #expect(count(.validation, given) == 5 && given[0].roles[0] == .training)
    }
    // Without data conditions the first row is drawn as any other: always missed once in 2⁵⁰.
    #expect(firstRoles == [.training, .validation])
  }

  @Test("the same seed draws the same, another one differs")
  func seeds() throws {
    let drawn = try (UInt64(1)...5).map { try experiments("{test: 0.3}", [40], seed: $0) }
    #expect(try experiments("{test: 0.3}", [40], seed: 3) == drawn[2])
    // Two of the C(40, 12) > 5·10⁹ choices agree by chance with probability 2·10⁻⁹.
    #expect(Set(drawn.map { $0[0].roles.map(\.rawValue).joined() }).count == 5)
  }

  @Test("times hold rows out of every experiment; a fraction takes what they leave")
  func times() throws {
    let found = try experiments("{validation: 0.5, test: {time: 2}}", [3, 4], fromData: true)
    for experiment in found {
      #expect(experiment.roles.dropFirst(2).allSatisfy { $0 == .test })
      #expect(experiment.roles[0] == experiment.roles[1] && experiment.roles[0] != .test)
    }
    #expect(count(.validation, found) == 2)
    let between = try experiments("{validation: {time: [0, 1]}}", [4], fromData: true)
    #expect(between[0].roles == [.training, .validation, .training, .training])
  }
}
