import Glibc
import Numerics
import Reports
import Testing

@Suite("CSV") struct CSVTests {
  @Test("quotes what RFC 4180 says, and nothing else", .tags(.unit))
  func quoting() throws {
    let folder = Folder()
    let writer = try CSVWriter(
      folder("t.csv"), columns: ["t", "a,b", "say \"x\"", "two\nlines", "naïve", ""])
    let start = Storage([0.5, -0.0])
    withExtendedLifetime(start) { writer.append(start.vector) }
    writer.appendMissing()
    writer.append("plain text")
    writer.append([.nan, 1e-5])
    try writer.endRow()
    try writer.finish()
    #expect(
      Files.read(folder("t.csv"))
        == "t,\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",naïve,\n0.5,-0,,plain text,NaN,1e-5\n")
  }

  @Test("appears under its name when finished, and leaves nothing otherwise", .tags(.unit))
  func renaming() throws {
    let folder = Folder()
    let writer = try CSVWriter(folder("t.csv"), columns: ["t"])
    writer.append(1)
    try writer.endRow()
    try writer.flush()
    #expect(folder.names == ["t.csv.partial"])
    #expect(Files.read(folder("t.csv.partial")) == "t\n1\n")
    try writer.finish()
    #expect(folder.names == ["t.csv"])

    let abandoned = try CSVWriter(folder("t.csv"), columns: ["other"])
    abandoned.abandon()
    do { _ = try CSVWriter(folder("forgotten.csv"), columns: ["t"]) }
    #expect(folder.names == ["t.csv"])
    #expect(Files.read(folder("t.csv")) == "t\n1\n")
  }

  @Test("takes over as many rows of another table as are wanted", .tags(.unit))
  func firstRows() throws {
    let folder = Folder()
    // Past one block, so that rows lie across its end.
    let rows = (0..<20_000).map { "\($0),\(2 * $0)\n" }
    let table = try CSVWriter(folder("old.csv"), columns: ["n", "twice"])
    for row in 0..<20_000 {
      table.append([Double(row), Double(2 * row)])
      try table.endRow()
    }
    try table.finish()
    for limit in [0, 1, 7_000, 20_000] {
      let writer = try CSVWriter(folder("new.csv"), columns: ["n", "twice"])
      try writer.appendRows(ofTable: folder("old.csv"), limit: limit)
      try writer.finish()
      #expect(Files.read(folder("new.csv")) == "n,twice\n" + rows.prefix(limit).joined())
    }
  }

  @Test("takes workers' rows in the order given, past its block size", .tags(.unit))
  func workers() throws {
    let folder = Folder()
    let writer = try CSVWriter(folder("t.csv"), columns: ["case", "x"])
    let rows = CSVRows(columns: 2)
    var expected = "case,x\n"
    for part in 0..<40 {
      for row in 0..<1000 {
        rows.append([Double(part), Double(row)])
        rows.endRow()
        expected += "\(part),\(row)\n"
      }
      try writer.append(rows)
      rows.removeAll()
    }
    try writer.finish()
    #expect(Files.read(folder("t.csv")) == expected)
  }

  @Test("keeps whole rows when there is no more room", .tags(.unit))
  func fullDisk() async {
    // A limit on file size stands for a full disk; a process of its own, since it holds for all.
    await #expect(processExitsWith: .success) {
      let folder = Folder()
      let limit = 100_001  // in the middle of a block and of a row
      Interrupt.ignoreWriteSignals()
      var limits = rlimit(rlim_cur: rlim_t(limit), rlim_max: rlim_t(limit))
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
      let writer = try CSVWriter(folder("t.csv"), columns: ["t", "x"])
      var count = 0
      let error = #expect(throws: ReportError.self) {
        while count < 100_000 {
          writer.append([Double(count), 0.1])
          try writer.endRow()
          count += 1
        }
      }
      #expect(
        error?.description == "cannot write \(folder("t.csv")): File too large; "
          + "raise the limit (ulimit -f), or ask for fewer rows under output")
      try writer.finish()
      let text = try #require(Files.read(folder("t.csv")))
      let lines = text.split(separator: "\n")
      #expect(folder.names == ["t.csv"])
      #expect(text.hasSuffix("\n") && (limit - 12...limit).contains(text.utf8.count))
      #expect(lines.dropFirst().enumerated().allSatisfy { $1 == "\($0),0.1" })
      #expect(throws: ReportError.cannotWrite(path: folder("s"), code: EFBIG)) {
        try AtomicFile.write(String(repeating: " ", count: limit + 1), to: folder("s"))
      }
      #expect(folder.names == ["t.csv"])
    }
  }
}

@Suite("Atomic files") struct AtomicFileTests {
  @Test("replace the old content whole", .tags(.unit))
  func replacing() throws {
    let folder = Folder()
    try AtomicFile.write("old and long", to: folder("a"))
    try AtomicFile.write("new", to: folder("a"))
    try AtomicFile.copy(folder("a"), to: folder("b"))
    #expect(folder.names == ["a", "b"])
    #expect(Files.read(folder("a")) == "new" && Files.read(folder("b")) == "new")
  }

  @Test("say what went wrong and what to do", .tags(.unit))
  func sentences() throws {
    let folder = Folder()
    try AtomicFile.write("", to: folder("file"))
    mkdir(folder("folder"), 0o777)
    func sentence(_ body: () throws -> Void) -> String? {
      do { try body() } catch { return "\(error)" }
      return nil
    }
    #expect(
      sentence { try AtomicFile.write("", to: folder("file/a")) }
        == "cannot write \(folder("file/a")): Not a directory; a file stands where a folder is "
        + "needed: move it, or choose another folder with --out")
    #expect(
      sentence { try AtomicFile.write("", to: folder("folder")) }
        == "cannot write \(folder("folder")): Is a directory; a folder stands where a file is "
        + "needed: move it, or choose another folder with --out")
    #expect(
      sentence { try AtomicFile.copy(folder("none"), to: folder("b")) }
        == "cannot read \(folder("none")): No such file or directory; check that it exists and "
        + "may be read")
    #expect(folder.names == ["file", "folder"])
    #expect(
      ReportError.cannotWrite(path: "a", code: ENOSPC).description
        == "cannot write a: No space left on device; free some space, choose another disk with "
        + "--out, or ask for fewer rows under output")
    #expect(
      ReportError.cannotWrite(path: "a", code: EROFS).description
        == "cannot write a: Read-only file system; choose a folder that you may write in with --out"
    )
  }

  @Test("have the digests of FIPS 180-4's examples", .tags(.unit))
  func digest() throws {
    let folder = Folder()
    try AtomicFile.write("abc", to: folder("abc"))
    #expect(
      try FileDigest.sha256(of: folder("abc"))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      FileDigest.sha256(
        of: Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8))
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    #expect(
      FileDigest.sha256(of: [])
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }
}
