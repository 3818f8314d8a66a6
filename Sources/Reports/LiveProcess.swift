import Glibc

/// A process of this machine, told from a later one that got the same number.
public struct LiveProcess: Sendable, Equatable {
  /// The number that the system gave it.
  public var number: Int
  /// When it started, in the system's clock ticks since the machine did.
  public var start: Int

  /// Makes a process from its number and its start.
  public init(number: Int, start: Int) {
    self.number = number
    self.start = start
  }

  /// The process that asks; nil where the system does not tell of processes.
  public static var current: LiveProcess? { find(Int(getpid())) }

  /// The process of a number; nil where there is none, or it has ended and nobody asked how.
  ///
  /// - Source: proc(5), `/proc/PID/stat`: the state is field 3, the start field 22; the name, field
  ///   2, stands in parentheses and may hold anything.
  public static func find(_ number: Int) -> LiveProcess? {
    let text = SystemFile.beginning(of: "/proc/\(number)/stat")
    guard let nameEnd = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: nameEnd)...].split(separator: " ")
    guard fields.count > 19, let start = Int(fields[19]) else { return nil }
    return ["Z", "X"].contains(fields[0]) ? nil : LiveProcess(number: number, start: start)
  }

  /// Whether it still runs.
  public var isAlive: Bool { LiveProcess.find(number) == self }
}
