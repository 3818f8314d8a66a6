import Glibc
import Reports

/// A verb of this program that ends soon, in a process of its own: whatever it stumbles over, the
/// server goes on.
enum ShortCommand {
  struct Result: Sendable {
    var status: Int32
    var output: String
    var errors: String
  }

  /// The most that is read of either stream.
  private static let most = 8 << 20

  /// Runs a verb to its end, or ends it when its time is over.
  ///
  /// - Parameters:
  ///   - input: what it reads on standard input.
  ///   - seconds: its time.
  ///   - started: told of the process.
  /// - Throws: a ``Refusal`` where it cannot be started, or took too long.
  static func run(
    _ arguments: [String], input: [UInt8] = [], seconds: Double,
    started: @Sendable (ChildProcess) async -> Void = { _ in }
  ) async throws -> Result {
    let (input, pipes) = try open(input)
    let child: ChildProcess
    do {
      child = try ChildProcess(
        arguments, input: .descriptor(input.read), output: .descriptor(pipes[0].write),
        errors: .descriptor(pipes[1].write))
    } catch {
      for pipe in [input] + pipes { pipe.close() }
      throw error
    }
    for descriptor in [input.read, pipes[0].write, pipes[1].write] { close(descriptor) }
    await started(child)
    let (output, errors) = (pipes[0].read, pipes[1].read)
    let text = input.text
    let writer = input.write
    _ = OwnThread.start { write(text, to: writer) }
    let found = await OwnThread.value { () -> (Result, Bool) in
      let (texts, isLate) = read([output, errors], until: Clock.now + seconds)
      if isLate { kill(child.number, SIGKILL) }
      close(output)
      close(errors)
      let status = ChildProcess.wait(child.number)
      return (Result(status: status, output: texts[0], errors: texts[1]), isLate)
    }
    guard let (result, isLate) = found else { throw Refusal(503, "no thread is free; try again") }
    if isLate {
      throw Refusal(
        503, "'cauchy \(arguments.first ?? "")' took more than \(Int(seconds)) s and was ended")
    }
    return result
  }

  private struct Pipe {
    var read: Int32
    var write: Int32
    var text: [UInt8] = []

    func close() {
      Glibc.close(read)
      Glibc.close(write)
    }
  }

  private static func open(_ text: [UInt8]) throws(Refusal) -> (input: Pipe, pipes: [Pipe]) {
    var pipes: [Pipe] = []
    for _ in 0..<3 {
      var ends: [Int32] = [0, 0]
      guard pipe(&ends) == 0 else {
        for pipe in pipes { pipe.close() }
        throw Refusal(503, "no descriptor is free; try again")
      }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      pipes.append(Pipe(read: ends[0], write: ends[1]))
    }
    pipes[0].text = text
    return (pipes[0], Array(pipes[1...]))
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    defer { close(descriptor) }
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { raw in
        Glibc.write(descriptor, raw.baseAddress.map { $0 + done }, raw.count - done)
      }
      if count < 0, errno != EINTR { return }
      done += max(count, 0)
    }
  }

  /// Reads several streams to their ends.
  private static func read(_ descriptors: [Int32], until deadline: Double) -> ([String], Bool) {
    var bytes = descriptors.map { _ in [UInt8]() }
    var isOpen = descriptors.map { _ in true }
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while isOpen.contains(true) {
      let left = deadline - Clock.now
      guard left > 0 else { return (bytes.map(text), true) }
      // A negative descriptor is passed over.
      var polls = descriptors.indices.map {
        pollfd(fd: isOpen[$0] ? descriptors[$0] : -1, events: Int16(POLLIN), revents: 0)
      }
      guard poll(&polls, nfds_t(polls.count), Int32(left * 1000 + 1)) >= 0 || errno == EINTR
      else { break }
      for (index, entry) in polls.enumerated() where entry.revents != 0 {
        let count = Glibc.read(entry.fd, &chunk, chunk.count)
        if count <= 0 { isOpen[index] = false }
        if count > 0, bytes[index].count < most { bytes[index] += chunk[..<count] }
      }
    }
    return (bytes.map(text), false)
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
