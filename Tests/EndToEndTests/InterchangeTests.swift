import Glibc
import Testing

/// A Python with the packages that a test reads files by, found when the tests run.
///
/// It is the one that the variable `CAUCHY_PYTHON` names, else `python3`.
struct Python {
  /// The interpreters that have all of `packages`; none where there is no such.
  static func having(_ packages: String...) -> Python? {
    let named = getenv("CAUCHY_PYTHON").map { String(cString: $0) }
    let folders = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin"
    let found = folders.split(separator: ":").map { "\($0)/python3" }
    let imports = "import " + packages.joined(separator: ", ")
    for path in (named.map { [$0] } ?? found) where access(path, X_OK) == 0 {
      if Place().shell("\(path) -c '\(imports)'").status == 0 { return Python(path: path) }
    }
    return nil
  }

  private let path: String

  /// What a script prints, line by line, in a folder.
  func lines(_ script: String, in place: Place) -> [String] {
    place.write(script, to: "read.py")
    let ran = place.shell("\(path) read.py")
    #expect(ran.status == 0, "\(ran.errors)")
    return ran.output.split(separator: "\n").map(String.init)
  }

  static let numpy = having("numpy")
  static let meshio = having("numpy", "meshio")
  static let tensorboard = having("tensorboard")
  static let safetensors = having("numpy", "safetensors")

  /// Why a test is left out.
  static func missing(_ packages: String) -> Comment {
    "no python3 here has \(packages); install it, or name one with CAUCHY_PYTHON"
  }
}

/// `--also`: files for other programs, read by these programs where they are installed.
@Suite(.tags(.endToEnd)) struct InterchangeTests {
  private static let orbit = """
    variables: {t: [0, 1]}
    unknowns: [x, v]
    equations: ["x' = v", "v' = -x"]
    conditions: ["x = 1 at t = 0", "v = 0 at t = 0"]
    output: {t: 11}
    """
  private static let heat = """
    variables: {x: [0, 1], t: [0, 1]}
    unknowns: [u]
    equations: ["u_t = u_xx/4"]
    conditions: ["u = sin(pi*x) at t = 0", "u = 0 at boundary"]
    output: {x: 5, t: 3}
    train: {stop: {steps: 8}}
    network: {hidden: [6]}
    """
  private static let plate = """
    variables: {x: [0, 1], t: [0, 0.1], y: [0, 2]}
    unknowns: [u]
    equations: ["u_t = u_xx + u_yy"]
    conditions: ["u = sin(pi*x)*sin(pi*y/2) at t = 0", "u = 0 at boundary"]
    output: {x: 4, t: 3, y: 5}
    solve: {accuracy: 1e-4}
    """

  private static func place() -> Place {
    let place = Place()
    place.write(orbit, to: "orbit.yaml")
    place.write(heat, to: "heat.yaml")
    place.write(plate, to: "plate.yaml")
    return place
  }

  /// The numbers of a table, row by row.
  private static func rows(_ path: String) -> [[Double]] {
    (Files.read(path) ?? "").split(separator: "\n").dropFirst().map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
    }
  }

  private static func numbers(_ line: String) -> [Double] {
    line.split(separator: " ").compactMap { Double($0) }
  }

  @Test func theFilesAreThoseOfTheSummary() throws {
    let place = Self.place()
    #expect(place.cauchy("solve", "plate.yaml", "--out", "p", "--also", "vtu,npy").status == 0)
    let also = [
      "trajectory.npy", "field.pvd", "field-0000.vtu", "field-0001.vtu", "field-0002.vtu",
    ]
    let summary = try #require(Files.read(place("p/summary.json")))
    for name in also {
      #expect(summary.contains("\"\(name)\"") && Files.exists(place("p/\(name)")))
    }
    let again = place.cauchy("solve", "plate.yaml", "--out", "p", "--force")
    #expect(again.status == 0 && !also.contains { Files.exists(place("p/\($0)")) })
  }

  @Test func theSameRunGivesTheSameBytes() throws {
    let place = Self.place()
    for run in ["a", "b"] {
      let ran = place.cauchy("solve", "heat.yaml", "--out", run, "--also", "npy", "--also", "vtu")
      #expect(ran.status == 0)
    }
    for name in ["trajectory.npy", "field.vtu"] {
      let first = Files.read(place("a/\(name)"))
      #expect(first != nil && first == Files.read(place("b/\(name)")))
    }
  }

  @Test(arguments: [
    (
      "solve orbit.yaml --also numpy",
      "--also numpy: there is no such format; the formats are npy, vtu, tensorboard"
    ),
    ("solve orbit.yaml --also vtk", "--also vtk: there is no such format; did you mean 'vtu'?"),
    (
      "solve orbit.yaml --also npy,",
      "Error: --also lacks a format; the formats are npy, vtu, tensorboard"
    ),
    (
      "solve orbit.yaml --also vtu",
      "--also vtu: an ordinary differential equation has no field; leave it out, or use npy"
    ),
    (
      "solve orbit.yaml --also tensorboard",
      "--also tensorboard: 'solve' does not train; leave it out, or use 'cauchy train'"
    ),
    (
      "solve heat.yaml --set parameters.k=1 --sweep k=1,2 --also vtu",
      "--also vtu: a sweep has a field for each case; solve case by case with --set"
    ),
  ])
  func whatHasNoFileIsRefused(_ arguments: String, _ sentence: String) {
    let place = Self.place()
    let ran = place.shell("$CAUCHY \(arguments)")
    #expect(ran.status == 64 && ("\n" + ran.errors).contains("\n\(sentence)\n"), "\(ran.errors)")
    #expect(!Files.exists(place("outputs")))
  }

  /// A run whose end was not reached has no whole field: the rest of it is there.
  @Test func aPartialFieldIsAWarning() throws {
    let place = Self.place()
    let ran = place.cauchy(
      "solve", "heat.yaml", "--out", "r", "--set", "solve.max_steps=2", "--also", "vtu,npy")
    #expect(ran.status == 1 && Files.exists(place("r/trajectory.npy")))
    let summary = try #require(Files.read(place("r/summary.json")))
    #expect(
      summary.contains("--also vtu: trajectory.csv is no whole field")
        || Files.exists(place("r/field.vtu")))
  }

  // MARK: Read by those they are for

  @Test(.enabled(if: Python.numpy != nil, Python.missing("NumPy")))
  func numpyReadsTheArray() throws {
    let place = Self.place()
    #expect(
      place.cauchy("solve", "orbit.yaml", "--out", "r", "--also", "npy", "--sweep", "x=1,2").status
        == 0)
    let lines = try #require(Python.numpy).lines(
      """
      import numpy
      a = numpy.load('r/trajectory.npy')
      print(*a.dtype.names, *a.shape)
      for row in a: print(*(repr(float(number)) for number in row))
      """, in: place)
    let rows = Self.rows(place("r/trajectory.csv"))
    #expect(lines.first == "x0 t x v 22")
    #expect(lines.dropFirst().map(Self.numbers) == rows)
  }

  @Test(.enabled(if: Python.meshio != nil, Python.missing("meshio")))
  func meshioReadsTheFields() throws {
    let place = Self.place()
    for name in ["heat", "plate"] {
      #expect(place.cauchy("solve", "\(name).yaml", "--out", name, "--also", "vtu").status == 0)
    }
    let script = """
      import meshio, sys
      def tell(path):
          m = meshio.read(path)
          print(*(f'{c.type} {len(c.data)}' for c in m.cells))
          for p, u in zip(m.points, m.point_data['u']):
              print(*(repr(float(number)) for number in [*p, u]))

      """
    let python = try #require(Python.meshio)
    let heat = python.lines(script + "tell('heat/field.vtu')", in: place)
    #expect(heat.first == "quad 8")
    let rows = Self.rows(place("heat/trajectory.csv"))
    let found = heat.dropFirst().map(Self.numbers).map { [$0[0], $0[1], $0[3]] }
    #expect(Set(found) == Set(rows) && found.count == rows.count)
    let plate = Self.rows(place("plate/trajectory.csv"))
    for (index, time) in [0, 0.05, 0.1].enumerated() {
      let lines = python.lines(script + "tell('plate/field-000\(index).vtu')", in: place)
      #expect(lines.first == "quad 12")
      let points = lines.dropFirst().map(Self.numbers).map { [$0[0], time, $0[1], $0[3]] }
      #expect(Set(points) == Set(plate.filter { $0[1] == time }) && points.count == 20)
    }
  }

  @Test(.enabled(if: Python.tensorboard != nil, Python.missing("TensorBoard")))
  func tensorboardReadsTheEvents() throws {
    let place = Self.place()
    #expect(
      place.cauchy("train", "heat.yaml", "--out", "r", "--quiet", "--also", "tensorboard").status
        == 0)
    let lines = try #require(Python.tensorboard).lines(
      """
      from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
      a = EventAccumulator('r')
      a.Reload()
      print(*a.Tags()['scalars'], sep='|')
      for s in a.Scalars('loss/total'): print(s.step, s.wall_time, s.value)
      """, in: place)
    let header = try #require(Files.read(place("r/training.csv"))).prefix { $0 != "\n" }
      .split(separator: ",").map(String.init)
    let names = ["tau", "h", "error", "gradient_norm"].map { "step/\($0)" } + ["loss/total"]
    let blocks = header.dropFirst(9).map { "loss/\($0)" }
    #expect(Set(lines[0].split(separator: "|").map(String.init)) == Set(names + blocks))
    let rows = Self.rows(place("r/training.csv")).filter { $0[1] == 1 }
    #expect(rows.count == 8)
    #expect(
      lines.dropFirst().map(Self.numbers)
        == rows.map { [$0[0], $0[8], Double(Float($0[5]))] })
  }

  @Test(.enabled(if: Python.safetensors != nil, Python.missing("safetensors")))
  func safetensorsReadsTheModel() throws {
    let place = Self.place()
    #expect(place.cauchy("train", "heat.yaml", "--out", "r", "--quiet").status == 0)
    let lines = try #require(Python.safetensors).lines(
      """
      from safetensors import safe_open
      from safetensors.numpy import load_file
      t = load_file('r/model.safetensors')
      print(sum(a.size for a in t.values()), *{str(a.dtype) for a in t.values()})
      with safe_open('r/model.safetensors', framework='numpy') as f: print(sorted(f.metadata()))
      """, in: place)
    // Two inputs, six units, one output: 2·6 + 6 + 6 + 1.
    #expect(lines.first == "25 float64", "\(lines)")
    #expect(lines.last?.contains("'problem'") == true, "\(lines)")
  }
}
