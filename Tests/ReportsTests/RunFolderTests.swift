import Dispatch
import Glibc
import Reports
import Synchronization
import Testing

@Suite("Run folders") struct RunFolderTests {
  @Test("are numbered from 001 on, and latest points at the newest", .tags(.unit))
  func numbering() throws {
    let folder = Folder()
    let root = folder("outputs")
    for number in 1...3 {
      let run = try RunFolder(out: nil, stem: "lorenz", verb: "solve", root: root)
      #expect(run.path == "\(root)/lorenz/solve-00\(number)")
      #expect(Files.linkTarget("\(root)/lorenz/latest") == "solve-00\(number)")
    }
    mkdir("\(root)/lorenz/solve-1041", 0o777)
    mkdir("\(root)/lorenz/solve-old", 0o777)
    let other = try RunFolder(out: nil, stem: "lorenz", verb: "train", root: root)
    #expect(other.path == "\(root)/lorenz/train-001")
    let run = try RunFolder(out: nil, stem: "lorenz", verb: "solve", root: root)
    #expect(run.path == "\(root)/lorenz/solve-1042")
    #expect(run.file("summary.json") == "\(root)/lorenz/solve-1042/summary.json")
    #expect(
      Files.names(in: "\(root)/lorenz") == [
        "latest", "solve-001", "solve-002", "solve-003", "solve-1041", "solve-1042", "solve-old",
        "train-001",
      ])
  }

  @Test("are never shared by runs at the same time", .tags(.property))
  func race() {
    let folder = Folder()
    let root = folder("outputs")
    let paths = Mutex<Set<String>>([])
    DispatchQueue.concurrentPerform(iterations: 64) { _ in
      let run = try? RunFolder(out: nil, stem: "p", verb: "solve", root: root)
      _ = paths.withLock { $0.insert(run?.path ?? "") }
    }
    let expected = (1...64).map { "\(root)/p/solve-0" + ($0 < 10 ? "0\($0)" : "\($0)") }
    #expect(paths.withLock { $0 } == Set(expected))
  }

  @Test("given by --out are taken exactly, unless they hold a run", .tags(.unit))
  func exact() throws {
    let folder = Folder()
    let path = folder("deep/er/run")
    #expect(try RunFolder(out: path + "/", stem: "a", verb: "solve").path == path)
    try AtomicFile.write("mine", to: path + "/notes.txt")
    _ = try RunFolder(out: path, stem: "a", verb: "solve")
    for name in ["summary.json", "trajectory.csv"] {
      try AtomicFile.write("", to: "\(path)/\(name)")
    }
    let error = #expect(throws: ReportError.occupied(path: path)) {
      try RunFolder(out: path, stem: "a", verb: "solve")
    }
    #expect(
      error?.description
        == "\(path) holds another run already; choose another folder with --out, or replace "
        + "that run with --force")
    _ = try RunFolder(out: path, force: true, stem: "a", verb: "solve")
    #expect(Files.names(in: path) == ["notes.txt"])
  }

  @Test("that are replaced keep no figures and pages of the run before", .tags(.unit))
  func figures() throws {
    for (other, left) in [(nil, [String]()), ("figures/mine.txt", ["figures"])] {
      let folder = Folder()
      mkdir(folder("figures"), 0o777)
      for name in [
        "summary.json", "report.html", "figures/x.svg", "figures/y.png", "figures/z.pdf",
      ] {
        try AtomicFile.write("", to: folder(name))
      }
      if let other { try AtomicFile.write("", to: folder(other)) }
      _ = try RunFolder(out: folder.path, force: true, stem: "a", verb: "solve")
      #expect(folder.names == left)
      #expect(other == nil || Files.names(in: folder("figures")) == ["mine.txt"])
    }
  }

  @Test("that cannot be made or written are refused with a remedy", .tags(.unit))
  func refusals() throws {
    let folder = Folder()
    try AtomicFile.write("", to: folder("file"))
    let blocked = #expect(throws: ReportError.self) {
      try RunFolder(out: folder("file/run"), stem: "a", verb: "solve")
    }
    #expect(
      blocked?.description
        == "cannot make the folder \(folder("file")): File exists; a file stands where a folder "
        + "is needed: move it, or choose another folder with --out")
    // Nobody, root included, makes folders in /proc.
    let refused = #expect(throws: ReportError.self) {
      try RunFolder(out: nil, stem: "a", verb: "solve", root: "/proc")
    }
    #expect(
      refused?.description == "cannot make the folder /proc/a: No such file or directory; "
        + "choose another folder with --out")
  }

  @Test("refuse a folder without permission to write", .tags(.unit), .enabled(if: getuid() != 0))
  func unwritable() {
    let folder = Folder()
    mkdir(folder("sealed"), 0o555)
    let error = #expect(throws: ReportError.self) {
      try RunFolder(out: folder("sealed"), stem: "a", verb: "solve")
    }
    #expect(
      error?.description == "cannot write \(folder("sealed")): Permission denied; "
        + "choose a folder that you may write in with --out")
  }
}
