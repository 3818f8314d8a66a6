import Discretizations
import Glibc
import Problems
import Testing

/// A problem file of an evolution, and the sentence about it: its place, what is wrong, what to do.
struct Declared: Sendable, CustomTestStringConvertible {
  let name: String
  let text: String
  /// Empty where nothing is said.
  let sentence: String

  init(_ name: String, _ text: String, says sentence: String = "") {
    self.name = name
    self.text = text
    self.sentence = sentence
  }

  var testDescription: String { name }

  /// What the check says of the text, refusals and warnings alike, without the lines below.
  func said(replacing part: String = "", by other: String = "") throws -> (String, isError: Bool) {
    let text =
      part.isEmpty
      ? text
      : text.split(separator: part, omittingEmptySubsequences: false)
        .joined(separator: other)
    let problem = try ProblemReader.read(bytes: Array(text.utf8), file: "p.yaml")
    var found: [Diagnostic]
    do throws(ProblemFaults) {
      found = try WellPosedness.check(problem)
    } catch {
      found = error.diagnostics
    }
    let lines = found.map { $0.rendered.prefix { $0 != "\n" } }
    return (lines.joined(separator: "\n"), found.contains { $0.severity == .error })
  }
}

/// The gallery's problems in several variables.
let galleryOfFields: [String] = {
  let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
  let folder = "/" + root + "/problems"
  guard let stream = opendir(folder) else { return [] }
  defer { closedir(stream) }
  var names: [String] = []
  while let entry = readdir(stream) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name.hasSuffix(".yaml") { names.append("\(folder)/\(name)") }
  }
  return names.sorted().filter { name in
    // A file that cannot be read stays, and fails the test.
    guard let problem = try? ProblemReader.read(path: name) else { return true }
    return problem.variables.count > 1
  }
}()

/// Declarations of evolutions, and what is said about them before any work.
enum PosednessCatalog {
  static let refused = growing + misplaced
  static let all = gallery + silent + refused + warned
}

@Suite("Well-posedness") struct PosednessTests {
  @Test("nothing is said of what can be solved", arguments: PosednessCatalog.gallery)
  func galleryIsSilent(_ declared: Declared) throws {
    #expect(try declared.said().0 == "")
  }

  @Test("nothing is said of other sound declarations", arguments: PosednessCatalog.silent)
  func silent(_ declared: Declared) throws {
    #expect(try declared.said().0 == "")
  }

  @Test("nothing is said of the gallery's files", arguments: galleryOfFields)
  func files(_ name: String) throws {
    #expect(try WellPosedness.check(ProblemReader.read(path: name)).map(\.rendered) == [])
  }

  @Test("nothing is said of problems that lines are tested on", arguments: evolutionCases)
  func manufactured(_ item: ManufacturedCase) throws {
    #expect(try WellPosedness.check(item.problem()).map(\.rendered) == [])
  }

  @Test("constant coefficients refuse, letter by letter", arguments: PosednessCatalog.refused)
  func refused(_ declared: Declared) throws {
    let (sentence, isError) = try declared.said()
    #expect(sentence == declared.sentence)
    #expect(isError)
  }

  @Test("varying coefficients warn, letter by letter", arguments: PosednessCatalog.warned)
  func warned(_ declared: Declared) throws {
    let (sentence, isError) = try declared.said()
    #expect(sentence == declared.sentence)
    #expect(!isError)
  }

  @Test("names in the catalog differ, so that a failure says which case it is")
  func namesDiffer() {
    let names = PosednessCatalog.all.map(\.name)
    #expect(Set(names).count == names.count)
  }

  /// Units of time change rates, not verdicts: e^{λt} grows with |k| in seconds and in years.
  @Test(
    "the verdict does not depend on the unit of time",
    arguments: PosednessCatalog.refused.filter { !$0.text.contains("at t = 1") }, [1e-6, 1e6])
  func unitsOfTime(_ declared: Declared, _ factor: Double) throws {
    #expect(try declared.said(replacing: "t: [0, 1]", by: "t: [0, \(factor)]").isError)
  }

  @Test(
    "the verdict does not depend on the unit of length",
    arguments: PosednessCatalog.gallery.filter { $0.text.contains("x: [0, 1]") }, [1e-3, 1e3])
  func unitsOfLength(_ declared: Declared, _ length: Double) throws {
    let moved = Declared(
      declared.name,
      declared.text.split(separator: "x = 1", omittingEmptySubsequences: false)
        .joined(separator: "x = \(length)"))
    #expect(try moved.said(replacing: "x: [0, 1]", by: "x: [0, \(length)]").0 == "")
  }
}
