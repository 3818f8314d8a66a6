import Testing

/// `cauchy reference`: the table, its accuracy, and the edit of the problem file.
@Suite(.tags(.endToEnd)) struct ReferenceVerbTests {
  private static let heat = """
    # A rod that cools.
    title: Heat   # by Fourier

    variables: {x: [0, 1], t: [0, 0.1]}
    unknowns: [u]
    equations: ["u_t = u_xx"]
    conditions: ["u = sin(pi*x) at t = 0", "u = 0 at x = 0", "u = 0 at x = 1"]

    # What is written.
    output: {x: 5, t: 3}   # few

    """

  private func accuracy(_ line: Substring?) -> Double? {
    line?.split(separator: "accuracy: ").last.flatMap { Double($0.prefix { $0 != "}" }) }
  }

  @Test func fieldOfAPartialEquation() throws {
    let place = Place()
    place.write(Self.heat, to: "heat.yaml")
    let run = place.cauchy("reference", "heat.yaml", "--accuracy", "1e-8")
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      run.output.contains("heat.yaml: solved by chebyshev, verified by difference6 (distance "))
    let table = try #require(CSV(place("heat-reference.csv")))
    #expect(table.columns == ["x", "t", "u"] && table.rows.count == 15)
    for row in table.rows.indices {
      let truth =
        exponential(-Double.pi * .pi * table["t"][row]) * Problems.sine(.pi * table["x"][row])
      #expect(abs(table["u"][row] - truth) < 1e-8)
    }
    // One line more, above the comment of what comes after the truth; nothing else has changed.
    let edited = try #require(Files.read(place("heat.yaml")))
    let lines = edited.split(separator: "\n", omittingEmptySubsequences: false)
    let index = try #require(lines.firstIndex { $0.hasPrefix("reference: ") })
    let recorded = try #require(accuracy(lines[index]))
    #expect(recorded <= 1e-8 && recorded > 0)
    #expect(lines[index].hasPrefix("reference: {file: heat-reference.csv, accuracy: "))
    #expect(lines[index + 1] == "# What is written.")
    var rest = lines
    rest.remove(at: index)
    #expect(rest.joined(separator: "\n") == Self.heat)
    let solved = place.cauchy("solve", "heat.yaml", "--out", "run")
    #expect(solved.status == 0 && solved.output.contains("error of u: "))
  }

  @Test func aReferenceIsReplacedOnlyByForce() throws {
    let place = Place()
    place.write(
      Self.heat.replacing(
        "# What",
        with: "reference: {file: tables/old.csv, accuracy: 1e-3}  # from a book\n# What"),
      to: "heat.yaml")
    _ = place.shell("mkdir tables")
    place.write("x,t,u\n0.5,0,1\n", to: "tables/old.csv")
    let refused = place.cauchy("reference", "heat.yaml")
    #expect(refused.status == 64)
    #expect(refused.errors == "heat.yaml has a reference already; replace it with --force\n")
    let run = place.cauchy("reference", "heat.yaml", "--accuracy", "1e-7", "--force", "--quiet")
    #expect(run.status == 0 && run.output.isEmpty, "\(run.errors)")
    let edited = try #require(Files.read(place("heat.yaml")))
    let line = try #require(edited.split(separator: "\n").first { $0.hasPrefix("reference: ") })
    #expect(line.hasPrefix("reference: {file: tables/old.csv, accuracy: "))
    #expect(line.hasSuffix("}  # from a book"))
    let table = try #require(CSV(place("tables/old.csv")))
    #expect(table.rows.count == 15)
  }

  @Test func keysInLinesOfTheirOwnAreEditedInPlace() throws {
    let place = Place()
    let block = "reference:\n  # a table\n  file: old.csv   # mine\n  accuracy: 1e-3\n"
    place.write(Self.heat + block, to: "heat.yaml")
    place.write("x,t,u\n0.5,0,1\n", to: "old.csv")
    let run = place.cauchy("reference", "heat.yaml", "--accuracy", "1e-7", "--force", "--json")
    #expect(run.status == 0, "\(run.errors)")
    let summary = try #require(Report(run.output))
    #expect(summary.values["verb"] as? String == "reference")
    #expect(summary.files == ["old.csv"])
    let edited = try #require(Files.read(place("heat.yaml")))
    let lines = edited.split(separator: "\n").suffix(4)
    #expect(Array(lines.prefix(3)) == ["reference:", "  # a table", "  file: old.csv   # mine"])
    #expect(lines.last?.hasPrefix("  accuracy: ") == true)
    #expect(edited.hasPrefix(Self.heat))
  }

  @Test func ordinaryDifferentialEquation() throws {
    let place = Place()
    place.write(Problems.oscillator + "\n", to: "p.yaml")
    let run = place.cauchy("reference", "p.yaml", "--accuracy", "1e-11", "--out", "sub.csv")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains(", verified by "))
    let table = try #require(CSV(place("sub.csv")))
    #expect(table.columns == ["t", "x", "v"] && table.rows.count == 11)
    for (t, x) in zip(table["t"], table["x"]) { #expect(abs(x - Problems.cosine(t)) < 1e-11) }
    let text = try #require(Files.read(place("p.yaml")))
    #expect(text.contains("\nreference: {file: sub.csv, accuracy: "))
  }

  /// What cannot be had is not claimed.
  @Test func accuracyIsNeverBetterThanReached() throws {
    let place = Place()
    place.write(Self.heat, to: "heat.yaml")
    let run = place.cauchy("reference", "heat.yaml", "--accuracy", "1e-15")
    #expect(run.status == 1)
    #expect(run.errors.hasPrefix("heat.yaml: accuracy 1e-15 is not met ("))
    let text = try #require(Files.read(place("heat.yaml")))
    let line = text.split(separator: "\n").first { $0.hasPrefix("reference: ") }
    let recorded = try #require(accuracy(line))
    #expect(recorded > 1e-15)
  }

  @Test func keysOfTheProblemItselfAreNotSet() {
    let place = Place()
    place.write(Problems.oscillator, to: "p.yaml")
    let run = place.cauchy("reference", "p.yaml", "--set", "parameters.k=2")
    #expect(run.status == 64)
    #expect(
      run.errors
        == "--set parameters.k=2: a reference is one of the file as it stands; set keys of "
        + "'solve' and 'output' only, or change the file\n")
  }
}
