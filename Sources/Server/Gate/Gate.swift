import Glibc
import Reports
import Synchronization

/// Stands before the HTTP server and lets through whole, small, well-formed, admitted requests.
///
/// FlyingFox bounds neither the size of a head, nor the time that a request may take to come, nor
/// the count of connections, and ends when it runs out of descriptors. So it listens on a socket
/// that only this process reaches, and each connection is read here first, on a thread of its own,
/// and handed on when it is complete. What comes back is copied.
final class Gate: Sendable {
  /// Most connections at once.
  static let connectionLimit = 64
  /// Seconds for a whole request to come.
  static let requestTime = 10.0
  /// Seconds for the reader of an answer to take a part of it.
  static let readerTime = 30.0

  /// The port that browsers connect to.
  let port: UInt16
  private let listener: Int32
  private let admission: Admission
  private let inner: @Sendable () -> Int32?
  private let count = Atomic<Int>(0)

  /// Opens the port.
  ///
  /// - Parameters:
  ///   - ports: tried in this order; 0 for any that is free.
  ///   - inner: connects to the server behind.
  /// - Returns: nil where every port is taken.
  init?(_ ports: some Sequence<UInt16>, _ token: Token, inner: @escaping @Sendable () -> Int32?) {
    guard let (descriptor, port) = ports.lazy.compactMap(LocalSocket.listen).first else {
      return nil
    }
    listener = descriptor
    self.port = port
    self.inner = inner
    admission = Admission(token: token, port: port)
  }

  /// Takes connections for as long as the process lives.
  func run() {
    while true {
      let descriptor = accept(listener, nil, nil)
      if descriptor >= 0 {
        take(descriptor)
      } else if errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS {
        // Others must end before there is room.
        usleep(50_000)
      }
    }
  }

  private func take(_ descriptor: Int32) {
    let isRoom = count.add(1, ordering: .relaxed).newValue <= Gate.connectionLimit
    let hasStarted =
      isRoom
      && OwnThread.start { [self] in
        serve(Wire(descriptor))
        count.subtract(1, ordering: .relaxed)
      }
    if hasStarted { return }
    count.subtract(1, ordering: .relaxed)
    let wire = Wire(descriptor)
    try? wire.write(
      Refusal(503, "too many connections at once; try again in some seconds").bytes,
      until: Clock.now)
  }

  /// Reads one request and answers it, or says why not.
  private func serve(_ wire: Wire) {
    do {
      let request = try read(wire)
      try relay(request, wire)
      wire.finish()
    } catch let refusal as Refusal {
      try? wire.write(refusal.bytes, until: Clock.now + 2)
      wire.finish()
    } catch {
      // The other side is gone, or does not read.
    }
  }

  /// The request as the server behind shall see it: nothing in it but what was checked.
  private func read(_ wire: Wire) throws -> [UInt8] {
    let deadline = Clock.now + Gate.requestTime
    do {
      let (head, rest) = try readHead(wire, until: deadline)
      let target = try admission.admit(head)
      var body = rest
      while body.count < head.bodySize {
        let bytes = try wire.read(
          min(head.bodySize - body.count, 1 << 16), until: deadline)
        if bytes.isEmpty { throw Refusal(400, "the body ends before its Content-Length") }
        body += bytes
      }
      guard body.count == head.bodySize else {
        throw Refusal(400, "there is more than one request of the length declared")
      }
      let text =
        "\(head.method) \(target) HTTP/1.1\r\nHost: gate\r\nContent-Length: \(body.count)\r\n"
        + "Connection: close\r\n\r\n"
      return Array(text.utf8) + body
    } catch is Wire.Late {
      throw Refusal(408, "the request did not come within \(Int(Gate.requestTime)) s")
    }
  }

  private func readHead(_ wire: Wire, until deadline: Double) throws -> (RequestHead, [UInt8]) {
    var bytes: [UInt8] = []
    while true {
      let start = bytes.count
      let more = try wire.read(4096, until: deadline)
      if more.isEmpty { throw bytes.isEmpty ? Wire.Closed() : Refusal(400, "the head is cut off") }
      bytes += more
      if let end = RequestHead.end(in: bytes, from: start), end <= RequestHead.limit {
        return (try RequestHead(bytes[..<end]), Array(bytes[end...]))
      }
      if bytes.count > RequestHead.limit {
        throw Refusal(431, "the head of the request is larger than 16 KiB")
      }
    }
  }

  /// Hands the request on and copies the answer until either side ends.
  private func relay(_ request: [UInt8], _ wire: Wire) throws {
    guard let descriptor = inner() else { throw Refusal(503, "the server is about to end") }
    let server = Wire(descriptor)
    try server.write(request, until: Clock.now + Gate.readerTime)
    while true {
      let ready = try Wire.wait([server, wire], until: .infinity)
      if ready[0] {
        let bytes = try server.read(1 << 16, until: Clock.now + 1)
        if bytes.isEmpty { return }
        try wire.write(bytes, until: Clock.now + Gate.readerTime)
      } else {
        // The browser has nothing to add to its request: it is gone, or breaks the rules.
        let bytes = try wire.read(1, until: Clock.now + 1)
        if bytes.isEmpty { throw Wire.Closed() }
        throw Refusal(400, "a second request on one connection")
      }
    }
  }
}
