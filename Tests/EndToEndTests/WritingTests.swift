import Glibc
import Testing

@Suite(.tags(.endToEnd)) struct WritingTests {
  /// A size limit stands for a full disk: both end a write in the middle of a row.
  @Test func fullDiskKeepsWholeRows() throws {
    let place = Place()
    place.write(Problems.oscillator, to: "problem.yaml")
    let run = place.shell(
      "ulimit -f 200; exec \"$CAUCHY\" solve problem.yaml --out run --set output.t=20001")
    #expect(run.status == 3)
    #expect(run.output.isEmpty)
    #expect(
      run.errors == "cannot write run/trajectory.csv: File too large; raise the limit (ulimit -f), "
        + "or ask for fewer rows under output\n")
    #expect(Files.names(in: place("run")) == ["command.json", "problem.yaml", "trajectory.csv"])
    let table = try #require(CSV(place("run/trajectory.csv")), "a row is cut off")
    #expect(table.rows.count > 1000)
    #expect(table.rows.allSatisfy { $0.count == 3 })
  }

  @Test func realDiskRunsFull() throws {
    let place = Place()
    place.write(Problems.oscillator, to: "problem.yaml")
    // Only root may mount a disk of 64 KB.
    let mounting = place.shell("mkdir disk && mount -t tmpfs -o size=64k none disk")
    guard mounting.status == 0 else { return }
    defer { _ = place.shell("umount -l disk") }
    let run = place.cauchy("solve", "problem.yaml", "--out", "disk/run", "--set", "output.t=20001")
    #expect(run.status == 3)
    #expect(
      run.errors == "cannot write disk/run/trajectory.csv: No space left on device; free some "
        + "space, choose another disk with --out, or ask for fewer rows under output\n")
    let table = try #require(CSV(place("disk/run/trajectory.csv")), "a row is cut off")
    #expect(table.rows.count > 100)
  }

  @Test(arguments: [
    (
      "--out /proc/none",
      "cannot make the folder /proc/none: No such file or directory; choose another folder with "
        + "--out"
    ),
    (
      "--out problem.yaml",
      "cannot make the folder problem.yaml: File exists; a file stands where a folder is needed: "
        + "move it, or choose another folder with --out"
    ),
    (
      "--out problem.yaml/run",
      "cannot make the folder problem.yaml: File exists; a file stands where a folder is needed: "
        + "move it, or choose another folder with --out"
    ),
  ])
  func folderCannotBeMade(_ arguments: String, _ sentence: String) {
    let place = Place()
    place.write(Problems.oscillator, to: "problem.yaml")
    let run = place.shell("exec \"$CAUCHY\" solve problem.yaml \(arguments)")
    #expect(run.status == 3)
    #expect(run.output.isEmpty)
    #expect(run.errors == sentence + "\n")
  }

  @Test func unwritableFolder() {
    let place = Place()
    place.write(Problems.oscillator, to: "problem.yaml")
    let user = geteuid() == 0 ? "setpriv --reuid=65534 --clear-groups " : ""
    let run = place.shell(
      "chmod 755 . && mkdir closed && chmod 555 closed && exec \(user)\"$CAUCHY\" solve "
        + "problem.yaml --out closed/run")
    // A build folder that nobody may enter cannot be tried.
    guard run.status != 126, run.status != 127 else { return }
    #expect(run.status == 3)
    #expect(
      run.errors == "cannot make the folder closed/run: Permission denied; choose a folder that "
        + "you may write in with --out\n")
  }

  @Test func anotherRunIsNotOverwritten() throws {
    let place = Place()
    place.write(Problems.oscillator, to: "problem.yaml")
    #expect(place.cauchy("solve", "problem.yaml", "--out", "run").status == 0)
    let before = try #require(Files.read(place("run/summary.json")))
    let again = place.cauchy("solve", "problem.yaml", "--out", "run", "--set", "output.t=3")
    #expect(again.status == 3)
    #expect(
      again.errors == "run holds another run already; choose another folder with --out, or replace "
        + "that run with --force\n")
    #expect(Files.read(place("run/summary.json")) == before)
    let forced = place.cauchy(
      "solve", "problem.yaml", "--out", "run", "--force", "--set", "output.t=3")
    #expect(forced.status == 0)
    #expect(try #require(CSV(place("run/trajectory.csv"))).rows.count == 3)
  }

  @Test func runsAreNumberedAndTheLatestIsLinked() throws {
    let place = Place()
    place.write(Problems.oscillator, to: "spring.yaml")
    for _ in 0..<2 { #expect(place.cauchy("solve", "spring.yaml").status == 0) }
    #expect(
      Files.names(in: place("outputs/spring")) == ["latest", "solve-001", "solve-002"])
    var target = [CChar](repeating: 0, count: 100)
    let count = readlink(place("outputs/spring/latest"), &target, target.count)
    #expect(
      String(decoding: target[..<max(count, 0)].map(UInt8.init(bitPattern:)), as: UTF8.self)
        == "solve-002")
  }

  @Test func linesGoWhereTheyShould() {
    let place = Place()
    place.write(Problems.oscillator, to: "problem.yaml")
    let plain = place.cauchy("solve", "problem.yaml", "--out", "plain")
    #expect(plain.status == 0 && plain.errors.isEmpty)
    let lines = plain.output.split(separator: "\n")
    #expect(lines.first == "problem.yaml: reached t = 10")
    #expect(lines.last == "  results: plain")
    let quiet = place.cauchy("solve", "problem.yaml", "--out", "quiet", "--quiet")
    #expect(quiet.status == 0 && quiet.output.isEmpty && quiet.errors.isEmpty)
    // A failure is said even then.
    let failing = place.cauchy(
      "solve", "problem.yaml", "--out", "failing", "--quiet", "--set", "solve.max_steps=1")
    #expect(failing.status == 1 && failing.output.isEmpty && !failing.errors.isEmpty)
  }

  /// Whoever reads the output may leave; a full standard output is an error.
  @Test func closedPipeAndFullOutput() {
    let place = Place()
    place.write(Problems.oscillator, to: "problem.yaml")
    let closed = place.shell(
      "{ sleep 0.2; \"$CAUCHY\" solve problem.yaml --out closed --json; echo $? > status; } "
        + "| true; cat status")
    #expect(closed.output == "0\n")
    #expect(closed.errors.isEmpty)
    let full = place.shell(
      "exec \"$CAUCHY\" solve problem.yaml --out full --json > /dev/full")
    #expect(full.status == 3)
    #expect(
      full.errors == "cannot write standard output: No space left on device; free some space, "
        + "choose another disk with --out, or ask for fewer rows under output\n")
    #expect(
      Files.names(in: place("full")) == [
        "command.json", "problem.yaml", "summary.json", "trajectory.csv",
      ])
  }
}
