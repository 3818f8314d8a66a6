import Testing

/// The house: which target may use which, and what its sources must not hold.
@Suite(.tags(.endToEnd)) struct LayeringTests {
  /// Targets from the bottom up; each may use those before it.
  private static let layers = [
    "CGSL", "COpenBLAS", "CSuiteSparse", "CNLopt", "CKernels", "CPeers", "Numerics",
    "Expressions", "Problems", "Integrators", "Networks", "Discretizations", "Residuals", "Flows",
    "Reports", "Workbench", "Server", "Cauchy", "CauchyCommand",
  ]

  /// Edges that exist beside the order of the layers: what each target imports.
  private static let allowed: [String: Set<String>] = [
    "Numerics": ["CGSL", "COpenBLAS", "CSuiteSparse", "CNLopt"],
    "Expressions": ["Numerics"],
    "Problems": ["Expressions", "Numerics", "Yams"],
    "Integrators": ["Numerics"],
    "Networks": ["CKernels", "Numerics"],
    "Discretizations": ["Expressions", "Problems", "Integrators", "Numerics"],
    "Residuals": [
      "Expressions", "Problems", "Integrators", "Networks", "Discretizations", "Numerics",
    ],
    "Flows": ["Integrators", "Residuals", "Numerics"],
    "Reports": ["Numerics"],
    // CPeers is what `bench` measures against: C by hand, no part of the house.
    "Workbench": [
      "CPeers",
      "Problems", "Discretizations", "Integrators", "Networks", "Residuals", "Flows", "Reports",
      "Expressions", "Numerics",
    ],
    "Cauchy": [
      "Expressions", "Problems", "Integrators", "Networks", "Discretizations", "Residuals", "Flows",
      "Workbench", "Numerics",
    ],
    // The only one that sees an HTTP server.
    "Server": ["Workbench", "Reports", "FlyingFox", "FlyingSocks"],
    "CauchyCommand": ["Workbench", "Server", "Reports", "ArgumentParser"],
  ]

  /// Modules of other packages, by what the manifest calls them.
  private static let packages = [
    "yams": "Yams", "flyingFox": "FlyingFox", "flyingSocks": "FlyingSocks",
  ]

  private static let system: Set<String> = [
    "Glibc", "Dispatch", "Synchronization", "Foundation", "FoundationEssentials",
  ]

  private struct Source {
    var target: String
    var file: String
    var lines: [String]
  }

  private static let sources: [Source] = {
    let root = "\(Command.package)/Sources"
    var found: [Source] = []
    func walk(_ target: String, _ folder: String) {
      for name in Files.names(in: "\(root)/\(folder)") {
        let path = "\(folder)/\(name)"
        if name.hasSuffix(".swift") {
          let text = Files.read("\(root)/\(path)") ?? ""
          found.append(Source(target: target, file: path, lines: linesOfCode(text)))
        } else if !name.contains(".") {
          walk(target, path)
        }
      }
    }
    for target in Files.names(in: root) { walk(target, target) }
    return found
  }()

  /// The lines of a source; those inside a literal of several lines are empty.
  private static func linesOfCode(_ text: String) -> [String] {
    var isLiteral = false
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let isInside = isLiteral
      if line.ranges(of: "\"\"\"").count % 2 == 1 { isLiteral.toggle() }
      return isInside ? "" : String(line)
    }
  }

  @Test func theScanSeesTheHouse() {
    #expect(LayeringTests.sources.count > 80)
    #expect(Set(LayeringTests.allowed.keys).isSubset(of: Set(LayeringTests.sources.map(\.target))))
  }

  /// Reads `import` lines: the compiler would also let a module through that another one uses.
  @Test func importsGoDownwards() {
    for source in LayeringTests.sources {
      let may = LayeringTests.allowed[source.target, default: []]
      for line in source.lines where line.contains("import ") {
        let words = line.split(separator: " ").map(String.init)
        guard let place = words.firstIndex(of: "import"), place + 1 < words.count,
          words[..<place].allSatisfy({
            $0.hasPrefix("@") || ["public", "internal", "private"].contains($0)
          })
        else { continue }
        // `import struct Module.Name` names a declaration.
        let kinds: Set = ["struct", "class", "enum", "func", "var", "let", "protocol", "typealias"]
        let name = words.dropFirst(place + 1).first { !kinds.contains($0) }
        guard let module = name?.split(separator: ".").first.map(String.init) else { continue }
        #expect(
          may.contains(module) || LayeringTests.system.contains(module),
          "\(source.file) imports \(module)")
        #expect(words[0] != "@testable", "\(source.file) looks inside \(module)")
      }
    }
  }

  /// The manifest declares no edge that the imports may not use.
  @Test func dependenciesGoDownwards() throws {
    let text = try #require(Files.read("\(Command.package)/Package.swift"))
    let manifest = text.split { $0.isWhitespace }.joined(separator: " ")
    for (target, may) in LayeringTests.allowed where target != "CauchyCommand" {
      let start = try #require(
        manifest.firstRange(of: "\"\(target)\", on: ["), "no layer \(target)")
      let list = manifest[start.upperBound...].prefix { $0 != "]" }
      // A comma may stand after the last one, too.
      let names = list.split(separator: ",").map { String($0.filter { $0.isLetter }) }
        .filter { !$0.isEmpty }.map { LayeringTests.packages[$0] ?? $0 }
      #expect(Set(names).isSubset(of: may), "\(target) depends on \(names)")
      let height = try #require(LayeringTests.layers.firstIndex(of: target))
      for name in names where !LayeringTests.packages.values.contains(name) {
        #expect(try #require(LayeringTests.layers.firstIndex(of: name)) < height)
      }
    }
    #expect(
      manifest.contains(
        "name: \"CauchyCommand\", dependencies: [\"Workbench\", \"Server\", arguments]"))
  }

  @Test func onlyNumericsSeesC() {
    for source in LayeringTests.sources where source.target != "Numerics" {
      for line in source.lines {
        for module in ["CGSL", "COpenBLAS", "CSuiteSparse", "CNLopt"] {
          #expect(!line.hasPrefix("import \(module)"), "\(source.file)")
        }
      }
    }
  }

  /// Sources end the process nowhere and open no optional by force.
  @Test func nothingIsForced() {
    for source in LayeringTests.sources {
      for (number, line) in source.lines.enumerated() {
        let code = LayeringTests.withoutTextAndComment(line)
        let place = "\(source.file):\(number + 1)"
        for word in ["fatalError(", "try!", "as!"] {
          #expect(!code.contains(word), "\(place): \(word)")
        }
        #expect(!LayeringTests.forces(code), "\(place): \(line)")
      }
    }
  }

  @Test func theScannerKnowsForceFromNot() {
    for line in ["let a = b!", "b!.c", "f(x!)", "a[0]!.b", "dictionary[\"key\"]!"] {
      #expect(LayeringTests.forces(LayeringTests.withoutTextAndComment(line)), "\(line)")
    }
    for line in ["if !a { }", "a != b", "!(a)", "// wow!", "\"no!\"", "x = !y", "[!a, !b]"] {
      #expect(!LayeringTests.forces(LayeringTests.withoutTextAndComment(line)), "\(line)")
    }
  }

  /// Whether an exclamation mark follows an operand and starts no `!=`.
  private static func forces(_ code: String) -> Bool {
    let characters = Array(code)
    return characters.indices.contains { index in
      guard characters[index] == "!", index > 0 else { return false }
      let before = characters[index - 1]
      let isOperand = before.isLetter || before.isNumber || ")]_\"`".contains(before)
      return isOperand && !(index + 1 < characters.count && characters[index + 1] == "=")
    }
  }

  /// A line without its comment, each literal emptied.
  private static func withoutTextAndComment(_ line: String) -> String {
    var code = ""
    var isText = false
    var isEscaped = false
    var last: Character = " "
    for character in line {
      if isText {
        if character == "\"", !isEscaped {
          isText = false
          code.append("\"")
        }
        isEscaped = character == "\\" && !isEscaped
      } else {
        if character == "/", last == "/" { return String(code.dropLast()) }
        if character == "\"" { isText = true }
        code.append(character)
      }
      last = character
    }
    return code
  }
}
