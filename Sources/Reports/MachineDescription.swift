import Glibc

/// What a run was made on, for its summary.
public struct MachineDescription: Sendable, Equatable {
  /// The CPU's name as the system gives it.
  public var cpu: String
  /// How many cores this process may use.
  public var cores: Int
  /// The machine's memory, bytes.
  public var memory: Int
  /// The operating system and its kernel.
  public var system: String
  /// The core type that the BLAS library chose its kernels for; nil where nobody asked it.
  public var blas: String?

  /// Makes a description from its parts.
  public init(cpu: String, cores: Int, memory: Int, system: String, blas: String?) {
    self.cpu = cpu
    self.cores = cores
    self.memory = memory
    self.system = system
    self.blas = blas
  }

  /// Asks the system what the machine is.
  ///
  /// - Parameter blas: tells the BLAS library's core type, e.g. OpenBLAS's; called once.
  /// - Cost: three small reads, under 0.2 ms.
  public static func current(blas: (() -> String?)? = nil) -> MachineDescription {
    var names = utsname()
    uname(&names)
    let kernel = withUnsafePointer(to: &names.release) { field in
      field.withMemoryRebound(to: CChar.self, capacity: 65) { String(cString: $0) }
    }
    let cpu = value(of: "model name", in: "/proc/cpuinfo", separator: ":")
    let release = value(of: "PRETTY_NAME", in: "/etc/os-release", separator: "=")
    return MachineDescription(
      cpu: cpu ?? "unknown", cores: usableCores,
      memory: Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE))),
      system: "\(release ?? "Linux"), kernel \(kernel)", blas: blas?())
  }

  /// How many cores this process may use: its affinity mask counts, not the machine.
  public static var usableCores: Int {
    let mask = value(of: "Cpus_allowed", in: "/proc/self/status", separator: ":") ?? ""
    let count = mask.reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
    return count > 0 ? count : max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  }

  /// One line for people.
  public var line: String {
    let memory = NumberText.text((Double(memory) / 0x1p30 * 10).rounded() / 10)
    let cores = cores == 1 ? "1 core" : "\(cores) cores"
    return "\(cpu), \(cores), \(memory) GiB, \(system)" + (blas.map { ", BLAS for \($0)" } ?? "")
  }

  /// The summary's `machine` object.
  public var json: JSONValue {
    .object([
      ("cpu", .text(cpu)), ("cores", .integer(cores)), ("memory_bytes", .integer(memory)),
      ("system", .text(system)), ("blas", .optional(blas)),
    ])
  }

  /// The value of the first line `key <separator> value`, without quotes.
  private static func value(of key: String, in path: String, separator: Character) -> String? {
    for line in SystemFile.beginning(of: path).split(separator: "\n") where line.hasPrefix(key) {
      guard let place = line.firstIndex(of: separator) else { continue }
      let value = line[line.index(after: place)...].drop { $0 == " " || $0 == "\t" || $0 == "\"" }
      return String(value.last == "\"" ? value.dropLast() : value)
    }
    return nil
  }
}

/// Reads the small text files by which the system describes itself.
enum SystemFile {
  /// The first 4 KB of a file; empty where it cannot be read.
  ///
  /// A longer read of `/proc/cpuinfo` takes milliseconds on machines with many cores.
  static func beginning(of path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return "" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}
