import Dispatch
import Glibc
import Synchronization

/// Measures or estimates the energy that a run takes.
///
/// Where the processor's counters may be read (RAPL, Linux's powercap), they are: that is what the
/// whole processor took while the run lasted, other programs included. Elsewhere it is an estimate
/// from the processor time of this process and its children: each second on one core counts as
/// that core's share of the processor's design power, 85 W where nobody knows better.
///
/// - Source: the estimate is that of CodeCarbon 3's process mode, with its 85 W for unknown CPUs.
public struct EnergyMeter {
  /// Where a figure of energy comes from, in the word that `summary.json` uses.
  public enum Source: String, Sendable, Equatable {
    /// The processor's own counters.
    case rapl
    /// Processor time times a share of the design power.
    case estimate
  }

  /// Energy and where the figure comes from.
  public struct Reading: Sendable, Equatable {
    /// Joules.
    public var joules: Double
    /// Measured or estimated.
    public var source: Source

    /// Makes a reading from its parts.
    public init(joules: Double, source: Source) {
      self.joules = joules
      self.source = source
    }
  }

  /// Design power of an unknown processor, W.
  public static let designPower = 85.0

  private let counters: Counters?
  private let processorTimeAtStart: Double
  private let cores: Int

  /// Starts measuring.
  ///
  /// - Parameters:
  ///   - counters: the folder of the energy counters.
  ///   - cores: the cores that share the design power; nil for those of the machine.
  ///   - interval: seconds from one reading of the counters to the next while the meter lives. They
  ///     wrap around after 65 kJ or more: within half a minute at 2 kW.
  public init(
    counters: String = "/sys/class/powercap", cores: Int? = nil, every interval: Double = 30
  ) {
    let packages = Package.all(in: counters)
    self.counters = packages.isEmpty ? nil : Counters(packages)
    self.counters?.keepUp(every: interval)
    processorTimeAtStart = Self.processorTime
    self.cores = cores ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  }

  /// The energy since the start.
  public func read() -> Reading {
    if let counters { return Reading(joules: counters.read(), source: .rapl) }
    let seconds = Self.processorTime - processorTimeAtStart
    return Reading(joules: seconds * Self.designPower / Double(cores), source: .estimate)
  }

  /// How often the counters were read since the start.
  package var readings: Int { counters?.readings ?? 0 }

  /// Seconds that this process and its ended children spent on processors.
  public static var processorTime: Double {
    var seconds = 0.0
    for who in [RUSAGE_SELF, RUSAGE_CHILDREN] {
      var usage = rusage()
      if getrusage(__rusage_who_t(who.rawValue), &usage) != 0 { continue }
      for time in [usage.ru_utime, usage.ru_stime] {
        seconds += Double(time.tv_sec) + 1e-6 * Double(time.tv_usec)
      }
    }
    return seconds
  }
}

/// The counters of all packages, read often enough that none wraps around twice in between.
private final class Counters: Sendable {
  private let packages: Mutex<[Package]>

  init(_ packages: [Package]) { self.packages = Mutex(packages) }

  /// Joules since the start.
  @discardableResult
  func read() -> Double {
    packages.withLock { packages in
      for index in packages.indices { packages[index].advance() }
      return packages.reduce(0) { $0 + Double($1.microjoules) * 1e-6 }
    }
  }

  var readings: Int { packages.withLock { $0.first?.readings ?? 0 } }

  /// Reads again and again until the meter is gone.
  func keepUp(every interval: Double) {
    DispatchQueue.global().asyncAfter(deadline: .now() + interval) { [weak self] in
      self?.read()
      self?.keepUp(every: interval)
    }
  }
}

/// The energy counter of one processor package.
private struct Package {
  let path: String
  let range: UInt64
  var last: UInt64
  var microjoules: UInt64 = 0
  var readings = 0

  /// The readable counters of whole packages; their parts (`intel-rapl:0:1`) would count twice.
  static func all(in folder: String) -> [Package] {
    Folders.names(in: folder).sorted().compactMap { name in
      let path = "\(folder)/\(name)"
      guard name.hasPrefix("intel-rapl:"), name.count(where: { $0 == ":" }) == 1,
        SystemFile.beginning(of: path + "/name").hasPrefix("package"),
        let last = number(path + "/energy_uj"), let range = number(path + "/max_energy_range_uj")
      else { return nil }
      return Package(path: path, range: range, last: last)
    }
  }

  mutating func advance() {
    readings += 1
    guard let now = Self.number(path + "/energy_uj") else { return }
    microjoules += now >= last ? now - last : now + (range > last ? range - last : 0)
    last = now
  }

  private static func number(_ path: String) -> UInt64? {
    UInt64(SystemFile.beginning(of: path).prefix { $0.isNumber })
  }
}
