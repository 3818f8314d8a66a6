import Expressions
import Foundation
import Problems
import Testing

@Suite("Resolved problems") struct RoundTripTests {
  @Test("the resolved text reads back to the same problem", arguments: Sample.all)
  func roundTrip(_ text: String) throws {
    let folder = try Folder(Sample.tables)
    let problem = try folder.read(text)
    let yaml = problem.resolvedYAML()
    let again = try folder.read(yaml)
    #expect(again.declaresTheSame(as: problem), "\(yaml)")
    #expect(again.resolvedYAML() == yaml, "writing is idempotent")
  }

  @Test("null leaves a key out, at any depth, and one that is not there")
  func nullLeavesOut() throws {
    let folder = try Folder()
    let text = Sample.oscillator.adding("solve: {rtol: 1e-3, atol: {x: 1e-5}}\n")
    let plain = try folder.read(Sample.oscillator)
    let bare = try folder.read(
      text, overrides: ["solve.rtol=null", "solve.atol.x=null", "train.stop.steps=null"])
    #expect(bare.solve.rtol == plain.solve.rtol && bare.solve.atol == .each([:]))
    #expect(bare.resolvedYAML().contains("rtol: 1e-3") == false && bare.declared.isEmpty)
    let again = try folder.read(text, overrides: ["solve.rtol=null", "solve.rtol=1e-5"])
    #expect(again.solve.rtol == 1e-5)
  }

  @Test("defaults, overrides, new names of files and what the run adds are in the text")
  func resolved() throws {
    let folder = try Folder(Sample.tables)
    let problem = try folder.read(
      Sample.viscousBurgers,
      overrides: ["parameters.nu=1/(100*pi)", "solve.atol={u: 1e-7}", "output.x=11"])
    #expect(problem.output["x"] == .count(11) && problem.solve.atol == .each(["u": 1e-7]))
    #expect(problem.parameters[0].value == 1 / (100 * Double.pi))
    let yaml = problem.resolvedYAML(
      setting: ["train.stop.steps=812"], renaming: ["burgers-reference.csv": "truth.csv"])
    #expect(
      yaml == """
        title: Viscous Burgers equation
        about: Cole-Hopf solvable; steep front at x = 0
        variables: {x: [-1, 1], t: [0, 1]}
        unknowns: [u]
        parameters: {nu: 1/(100*pi)}
        equations:
          - u_t + u*u_x = nu*u_xx
        conditions:
          - u = -sin(pi*x) at t = 0
          - u = 0 at x = -1
          - u = 0 at x = 1
        reference: {file: truth.csv, accuracy: 1e-12}
        network: {hidden: [24, 24, 24], activation: tanh}
        train: {points: {interior: 6000}, stop: {seconds: 60, steps: 812}, unknowns: network}
        output: {x: 11, t: 101}
        solve:
          atol: {u: 1e-7}
          method: auto
          rtol: 1e-6
          max_steps: 1000000
          code: auto
          norm: rms
          accuracy: 1e-6

        """)
  }

  @Test("texts that YAML could misread are quoted")
  func quoting() throws {
    let folder = try Folder()
    let titles = [
      "a: b", "# not a comment", "- item", "[x", "{x", "'quoted' \"twice\"", "back\\slash", "", " ",
      "tab\there", "two\nlines\n", "*star", "&and", "!bang", "%percent", "@at", "`tick", "é – ü",
      "yes", "~", "trailing ", "? key", "a, b (c", "|", ">", "...", "---",
    ]
    for title in titles {
      let written = title.replacingOccurrences(of: "\\", with: "\\\\")
        .replacingOccurrences(of: "\"", with: "\\\"").replacingOccurrences(of: "\n", with: "\\n")
        .replacingOccurrences(of: "\t", with: "\\t")
      let text = Sample.oscillator + "title: \"\(written)\"\nunits: {x: \"\(written)\"}\n"
      let problem = try folder.read(text)
      #expect(problem.title == title)
      let again = try folder.read(problem.resolvedYAML())
      #expect(again.title == title && again.units["x"] == title, "\(problem.resolvedYAML())")
    }
  }

  @Test("output grids: both ends exact, the middle of a symmetric interval too")
  func grids() throws {
    let folder = try Folder()
    let interval = try #require(try folder.read(Sample.burgers).interval("x"))
    let points = try #require(OutputGrid.count(201).points(on: interval))
    #expect(points.first == -1 && points.last == 1 && points[100] == 0 && points.count == 201)
    #expect(zip(points, points.dropFirst()).allSatisfy { $0 < $1 })
    let time = try #require(try folder.read(Sample.oscillator).interval("t"))
    let logarithmic = try #require(
      OutputGrid.logarithmic(count: 5, from: 1e-3).points(on: time))
    #expect(logarithmic.first == 1e-3 && logarithmic.last == 10)
    for (point, expected) in zip(logarithmic, [1e-3, 1e-2, 1e-1, 1, 10]) {
      // exp and log round once each: a few ulp of the exponent, which is below 10.
      #expect(abs(point / expected - 1) < 1e-14)
    }
  }
}

@Suite("Tables") struct TableTests {
  @Test("numbers are read to the bit as the standard library reads them")
  func numbers() throws {
    var random = Seeded(state: 5)
    var texts = ["0", "-0", "1e22", "1e23", "5e-324", "1.7976931348623157e308", ".5", "5.", "+3"]
    texts += ["9007199254740993", "0.1e-5", "123456789012345678901234567890", "1E5", "0e999"]
    for _ in 0..<20_000 {
      let value = Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &random))
      if value.isFinite { texts.append("\(value)") }
      texts.append("\(Double.random(in: -1000...1000, using: &random))")
      texts.append(String(format: "%.6g", Double.random(in: -1...1, using: &random)))
    }
    let rows = texts.enumerated().map { "\($0.offset),\($0.element)\n" }.joined()
    let folder = try Folder(["d.csv": "t,x\n" + rows])
    let text = Sample.oscillator.with("[0, 10]", "[0, 1e6]") + "data: {file: d.csv}\n"
    let read = try #require(try folder.read(text).data?.table.column("x"))
    for (text, number) in zip(texts, read) {
      let padded = text.hasPrefix(".") ? "0" + text : text.hasSuffix(".") ? text + "0" : text
      #expect(Double(padded)?.bitPattern == number.bitPattern, "\(text)")
    }
    #expect(read.count == texts.count)
  }

  @Test("texts that are no numbers", arguments: ["1e", "--1", "1.2.3", "0x10", "1 2", "e5", "1e+"])
  func notNumbers(_ text: String) throws {
    let folder = try Folder(["d.csv": "t,x\n0,\(text)\n"])
    let faults = #expect(throws: ProblemFaults.self) {
      try folder.read(Sample.oscillator + "data: {file: d.csv}\n")
    }
    #expect(
      faults?.diagnostics.map(\.message) == ["'\(text)' in column 'x' is not a finite number"])
  }

  @Test("quoted fields, both line ends, blank lines and a byte order mark change nothing")
  func dialects() throws {
    let plain = "t,x,y\n0,1,2\n1,,3\n"
    let quoted = "\u{FEFF}\"t\", \"x\" ,y\r\n\r\n\"0\",1,\"2\"\r\n1,\"\", 3 \r\n\r\n"
    let folder = try Folder(["plain.csv": plain, "quoted.csv": quoted])
    let tables = try ["plain", "quoted"].map {
      try folder.read(Sample.oscillator + "data: {file: \($0).csv}\n").data?.table
    }
    #expect(tables[0] == tables[1] && tables[0]?.rowCount == 2)
  }
}
