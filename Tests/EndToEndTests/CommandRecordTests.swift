import Testing

/// What a run records of its command, and that the command it tells makes the same again.
@Suite("command.json", .tags(.endToEnd)) struct CommandRecordTests {
  private static let decay = """
    variables: {t: [0, 1]}
    unknowns: [x]
    parameters: {k: 1, a: 0}
    equations: ["x' = a - k*x"]
    conditions: [x = 1 at t = 0]
    output: {t: 5}
    """

  private static func place() -> Place {
    let place = Place()
    place.write(decay, to: "decay.yaml")
    place.write(Problems.bump, to: "bump.yaml")
    place.write("k,a\n1,0\n2,0.5\n", to: "my cases.csv")
    return place
  }

  /// The command told by `cauchy show`, in the present folder.
  private static func again(_ run: String, _ place: Place) -> String {
    let lines = place.cauchy("show", run).output.split(separator: "\n").map(String.init)
    return String(lines.first { $0.hasPrefix("  again ") }?.drop { $0 != "c" } ?? "")
  }

  @Test(
    "the command that a run tells makes the same table",
    arguments: [
      ("solve decay.yaml --sweep k=1:2:3 --sweep 'a=0,0.5'", "--sweep k=1:2:3 --sweep a=0,0.5"),
      ("solve decay.yaml --sweep=k=1:100:3:log", "--sweep k=1:100:3:log"),
      ("solve decay.yaml --sweep-file 'my cases.csv'", "/my cases.csv'"),
      ("solve decay.yaml --sensitivity k,a --set parameters.k=3", "--sensitivity k,a"),
      ("solve decay.yaml --noise x=5%mean --seed 4", "--noise x=5%mean --seed 4"),
      ("train bump.yaml --seed 9 --threads 1", "--threads 1"),
    ])
  func again(_ arguments: String, _ told: String) throws {
    let place = Self.place()
    #expect(place.shell("$CAUCHY \(arguments) --out run --quiet").status == 0)
    let command = Self.again("run", place)
    #expect(command.contains(told), "\(command)")
    let ran = place.shell(command.replacing("cauchy ", with: "$CAUCHY ") + " --out again --quiet")
    #expect(ran.status == 0, "\(command): \(ran.errors)")
    let table = try #require(Files.read(place("run/trajectory.csv")))
    #expect(Files.read(place("again/trajectory.csv")) == table, "\(command)")
  }

  @Test("a comparison and a study tell theirs", .tags(.endToEnd))
  func others() {
    let place = Self.place()
    let flows = "--flows gradient,momentum --with tsit5"
    #expect(place.shell("$CAUCHY compare bump.yaml \(flows) --out c --quiet").status <= 1)
    #expect(Self.again("c", place).hasPrefix("cauchy compare c/problem.yaml \(flows)"))
  }

  @Test("what went on from a checkpoint was set as the first run was")
  func resumed() throws {
    let place = Self.place()
    let settings = [
      "--set", "parameters.k=2", "--set", "network.hidden=[40, 40]",
      "--set", "train.stop={seconds: 600}",
    ]
    let process = place.start(["train", "bump.yaml", "--out", "run", "--quiet"] + settings)
    #expect(process.waitForFile(place("run/training.csv.partial"), larger: 300))
    process.interrupt()
    #expect(process.wait().status == 130)
    let shown = place.cauchy("show", "run").output
    let command = try #require(shown.split(separator: "\n").last { $0.contains("--resume run") })
    let told =
      "--set parameters.k=2 --set 'network.hidden=[40, 40]' --set 'train.stop={seconds: 600}'"
    #expect(command.contains(told), "\(command)")
    let more = command.drop { $0 != "c" }.replacing("cauchy ", with: "$CAUCHY ")
    let ran = place.shell("\(more) --set train.stop.steps=1 --out more --quiet")
    #expect(ran.status == 0, "\(command): \(ran.errors)")
  }
}
