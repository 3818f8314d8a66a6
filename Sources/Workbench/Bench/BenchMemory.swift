import Dispatch
import Glibc
import Reports
import Synchronization

/// Follows the most memory that a process has held at once, and ends it where the user wants an end.
///
/// What the system tells of a child that has ended counts the memory of its parent, from before it
/// became another program. Here the child's own record is read while it runs, fifty times a second.
final class BenchMemory: Sendable {
  private let kilobytes = Atomic<Int>(0)
  private let isOver = Atomic<Bool>(false)

  init(_ process: pid_t) {
    DispatchQueue.global().async { [self] in
      while !isOver.load(ordering: .relaxed) {
        let now = BenchMemory.peak(process)
        if now > kilobytes.load(ordering: .relaxed) { kilobytes.store(now, ordering: .relaxed) }
        if Interrupt.isRequested { kill(process, SIGTERM) }
        usleep(20_000)
      }
    }
  }

  /// The most so far; nil where nothing could be read in time.
  var bytes: Int? {
    let found = kilobytes.load(ordering: .relaxed)
    return found > 0 ? found * 1024 : nil
  }

  func stop() { isOver.store(true, ordering: .relaxed) }

  /// The peak of the program that the process runs now, in kilobytes; 0 where it cannot be read.
  private static func peak(_ process: pid_t) -> Int {
    guard let file = fopen("/proc/\(process)/status", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      let bytes = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      let text = String(decoding: bytes, as: UTF8.self)
      guard text.hasPrefix("VmHWM:") else { continue }
      return Int(text.dropFirst(6).filter(\.isNumber)) ?? 0
    }
    return 0
  }
}
