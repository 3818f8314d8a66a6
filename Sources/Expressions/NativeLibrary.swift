import Glibc

/// Where native code is kept and what compiles it; nil means the machine's own.
public struct NativeSettings: Sendable {
  /// A folder that is, or will be made, private to the user.
  public var folder: String?
  /// Compilers by path, in the order of preference.
  public var compilers: [String]?

  /// Chooses the user's cache folder and the compilers found, unless told otherwise.
  public init(folder: String? = nil, compilers: [String]? = nil) {
    self.folder = folder
    self.compilers = compilers
  }
}

/// Programs as machine code: compiled once by a C compiler, kept in the user's cache.
///
/// Gives the bits of ``Tape``: same instructions, same order, same library functions. What is loaded
/// stays loaded to the end of the process, since pointers to it may be anywhere.
public final class NativeLibrary: Sendable {
  /// A program's code: point, state, parameters, out; each as long as the program's inputs say.
  public typealias Function =
    @convention(c) @Sendable (
      UnsafePointer<Double>, UnsafePointer<Double>, UnsafePointer<Double>,
      UnsafeMutablePointer<Double>
    ) -> Void

  private typealias Binding = @convention(c) (UnsafePointer<UnsafeMutableRawPointer?>) -> Void

  /// The file that was loaded.
  public let path: String
  private let functions: [Function]

  /// Takes programs from the cache; nil where it does not hold them.
  ///
  /// Cost: about a millisecond.
  public static func cached(_ programs: [Program], settings: NativeSettings = NativeSettings())
    -> NativeLibrary?
  {
    guard let cache = try? NativeCache(settings.folder, make: false) else { return nil }
    let text = CText(programs)
    for compiler in NativeCompiler.all(settings.compilers) {
      let key = compiler.key(text)
      if cache.holds(key) {
        return try? NativeLibrary(cache.path(key), text, count: programs.count)
      }
    }
    return nil
  }

  /// Takes programs from the cache, or compiles them into it.
  ///
  /// Cost: about 0.1 s where a compiler has to run. A damaged entry is compiled again.
  /// - Throws: ``NativeError``, which says what is missing.
  public static func compile(
    _ programs: [Program], settings: NativeSettings = NativeSettings()
  ) throws(NativeError) -> NativeLibrary {
    let cache = try NativeCache(settings.folder, make: true)
    let text = CText(programs)
    var failure = NativeError.noCompiler(searched: settings.compilers ?? NativeCompiler.searched)
    for compiler in NativeCompiler.all(settings.compilers) {
      let key = compiler.key(text)
      do throws(NativeError) {
        if !cache.holds(key) { try compiler.compile(text, into: cache, as: key) }
        return try NativeLibrary(cache.path(key), text, count: programs.count)
      } catch {
        failure = error
      }
    }
    throw failure
  }

  private init(_ path: String, _ text: CText, count: Int) throws(NativeError) {
    self.path = path
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      throw .notLoadable(path: path, reason: dlerror().map { String(cString: $0) } ?? "no reason")
    }
    guard let bind = dlsym(handle, "cauchy_bind") else {
      throw .notLoadable(path: path, reason: "it lacks cauchy_bind")
    }
    let table = text.functions.map { Optional($0.row.address) }
    unsafeBitCast(bind, to: Binding.self)(table + [nil])
    var functions: [Function] = []
    for index in 0..<count {
      guard let code = dlsym(handle, "cauchy_\(index)") else {
        throw .notLoadable(path: path, reason: "it lacks cauchy_\(index)")
      }
      functions.append(unsafeBitCast(code, to: Function.self))
    }
    self.functions = functions
  }

  /// The code of the program at `index` of the list that was compiled.
  public func function(_ index: Int) -> Function { functions[index] }
}
