import Expressions
import Glibc
import Numerics
import Testing

/// A folder of its own for each test, removed at the end.
final class ScratchFolder {
  let path: String

  init() {
    var template = Array("/tmp/cauchy-native-XXXXXX".utf8CString)
    path = mkdtemp(&template).map { String(cString: $0) } ?? "/nonexistent"
  }

  /// The names of the files inside.
  func names(of folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  deinit {
    for folder in [path + "/cache", path] {
      for name in names(of: folder) { unlink("\(folder)/\(name)") }
      rmdir(folder)
    }
  }
}

@Suite("Native code") struct NativeTests {
  let scratch = ScratchFolder()

  var settings: NativeSettings { NativeSettings(folder: scratch.path + "/cache") }

  func program(_ text: String) throws -> Program {
    let expression = try #require(RandomExpressions.scope.resolve(text).expression)
    return try Program([expression], inputs: RandomExpressions.inputs)
  }

  func value(_ library: NativeLibrary, _ index: Int, _ values: [Double], outputs: Int = 1)
    -> [Double]
  {
    ProgramTests.run(values, outputs: outputs) {
      library.function(index)($0.base, $1.base, $2.base, $3.base)
    }
  }

  @Test("has the bits of the tape on 2000 random programs", arguments: 0..<4)
  func bits(_ part: Int) throws {
    var random = RandomExpressions(seed: UInt64(100 + part), kind: .any)
    let programs = try (0..<500).map { _ in
      try Program([random.next(depth: 5), random.next(depth: 3)], inputs: RandomExpressions.inputs)
    }
    let library = try NativeLibrary.compile(programs, settings: settings)
    for (index, program) in programs.enumerated() {
      let tape = Tape(program)
      for round in 0..<4 {
        let values = random.values(rough: round % 2 == 1)
        let out = ProgramTests.run(tape, values)
        let native = value(library, index, values, outputs: 2)
        for (a, b) in zip(out, native) {
          #expect(sameBits(a, b), "program \(index) of part \(part): tape \(a), native \(b)")
        }
      }
    }
  }

  @Test("is compiled once, found by content, and compiled again when damaged")
  func cache() throws {
    let programs = [try program("x*sin(t) + k")]
    #expect(NativeLibrary.cached(programs, settings: settings) == nil)
    let first = try NativeLibrary.compile(programs, settings: settings)
    let names = scratch.names(of: scratch.path + "/cache")
    #expect(names.count == 1 && names[0].hasSuffix(".so") && names[0].utf8.count == 67)
    let again = try #require(NativeLibrary.cached(programs, settings: settings))
    #expect(again.path == first.path)
    #expect(NativeLibrary.cached([try program("x + t")], settings: settings) == nil)
    // Cut short, then overwritten in the middle: neither is loaded.
    for damage in [{ truncate($0, 5_000) }, { truncate($0, 0) }] as [(String) -> Int32] {
      #expect(damage(first.path) == 0)
      #expect(NativeLibrary.cached(programs, settings: settings) == nil)
      let mended = try NativeLibrary.compile(programs, settings: settings)
      let values = [2.0, 0.5, 0, 0, 0, 0, 3, 0, 0]
      #expect(value(mended, 0, values) == [2 * sin(0.5) + 3])
    }
  }

  @Test("refuses a folder that is open to others, and one that is no folder")
  func privacy() throws {
    let programs = [try program("x")]
    let folder = scratch.path + "/cache"
    mkdir(folder, 0o755)
    chmod(folder, 0o755)
    #expect(throws: NativeError.folderNotPrivate(path: folder)) {
      try NativeLibrary.compile(programs, settings: settings)
    }
    rmdir(folder)
    symlink("/tmp", folder)
    #expect(throws: NativeError.folderNotPrivate(path: folder)) {
      try NativeLibrary.compile(programs, settings: settings)
    }
    #expect(NativeLibrary.cached(programs, settings: settings) == nil)
    unlink(folder)
  }

  @Test("says which compiler is missing or failed")
  func compilers() throws {
    var settings = settings
    settings.compilers = ["/nonexistent/cc"]
    let programs = [try program("x")]
    #expect(throws: NativeError.noCompiler(searched: ["/nonexistent/cc"])) {
      try NativeLibrary.compile(programs, settings: settings)
    }
    settings.compilers = ["false"]
    let error = #expect(throws: NativeError.self) {
      try NativeLibrary.compile(programs, settings: settings)
    }
    guard case .compilerFailed(_, 1, "") = error else {
      return #expect(Bool(false), "\(String(describing: error))")
    }
    // The next compiler is tried after one that fails.
    settings.compilers = ["false", "gcc", "clang"]
    #expect(throws: Never.self) { try NativeLibrary.compile(programs, settings: settings) }
    #expect(scratch.names(of: scratch.path + "/cache").count == 1, "temporary files stay behind")
  }

  @Test(
    "errors end with a remedy",
    arguments: [
      (
        NativeError.noCompiler(searched: ["clang", "gcc"]),
        "no C compiler was found (looked for clang, gcc); install clang, or set CC"
      ),
      (
        .compilerFailed(compiler: "/usr/bin/cc", status: 1, complaint: "no linker"),
        "/usr/bin/cc failed with status 1: no linker; set CC to a compiler that works"
      ),
      (
        .noCacheFolder,
        "neither XDG_CACHE_HOME nor HOME names a folder for native code; set one of them"
      ),
      (
        .folderNotPrivate(path: "/c"),
        "the cache folder /c is not private to you; remove it, or run 'chmod 700' on it"
      ),
      (
        .file(path: "/c/a", reason: "No space left on device"),
        "/c/a: No space left on device; make room there, or set XDG_CACHE_HOME to a folder you can write"
      ),
      (
        .notLoadable(path: "/c/a.so", reason: "bad"),
        "/c/a.so cannot be loaded: bad; remove it, or set CC to another compiler"
      ),
    ])
  func sentences(_ error: NativeError, _ sentence: String) {
    #expect(error.description == sentence)
  }
}
