import Glibc

/// Draws figures by gnuplot, which runs as a process of its own.
public enum Gnuplot {
  /// The files that figures are drawn into; the raw value is the ending of their names.
  public enum Format: String, Sendable, CaseIterable {
    case svg, png, pdf
  }

  /// Why there is no figure.
  public enum Fault: Error, Sendable, Equatable, CustomStringConvertible {
    /// There is no program of this name.
    case missing
    /// The program could not be started; the system's error number.
    case notStarted(Int32)
    /// What it complained of.
    case failed(figure: String, words: String)
    /// The caller gave up.
    case cancelled

    /// Whether other figures may be drawn all the same.
    public var isOfOneFigure: Bool { if case .failed = self { true } else { false } }

    public var description: String {
      switch self {
      case .missing:
        "figures need gnuplot, which is missing; install it: apt-get install gnuplot-nox"
      case .notStarted(let code):
        "gnuplot cannot be started: \(SystemReason.text(code)); install it anew: "
          + "apt-get install --reinstall gnuplot-nox"
      case .failed(let figure, let words):
        "gnuplot could not draw '\(figure)': \(words); try another format with cauchy plot --format"
      case .cancelled: "interrupted; draw the figures with cauchy plot"
      }
    }
  }

  /// Whether the program is there to be started.
  public static var isInstalled: Bool { ChildProcess.path(of: program) != nil }

  private static let program = "gnuplot"
  /// After which a drawing counts as hung; the largest fields take some seconds.
  private static let mostSeconds = 60.0

  /// The content of a file with the figure; nothing is written.
  ///
  /// The same figure gives the same bytes. Names inside an SVG text are its own, so that several fit
  /// into one page; it fills the width that it is given.
  /// - Parameter isCancelled: asked some ten times a second.
  /// - Throws: ``Fault``.
  /// - Cost: some tens of milliseconds, more for large fields.
  public static func bytes(
    of figure: Figure, as format: Format, isCancelled: () -> Bool = { false }
  ) throws(Fault) -> [UInt8] {
    guard let path = ChildProcess.path(of: program) else { throw .missing }
    let script = GnuplotScript(figure, format).text
    let ran: ChildProcess.Answer
    do {
      // Nothing of the user's own settings, and no date.
      ran = try ChildProcess.answer(
        of: path, ["-d"],
        environment: ["LC_ALL": "C.UTF-8", "SOURCE_DATE_EPOCH": "0", "GNUTERM": "dumb"],
        input: Array(script.utf8), within: mostSeconds, isCancelled: isCancelled)
    } catch {
      switch error {
      case .notStarted(let fault): throw .notStarted(fault.code)
      case .cancelled: throw .cancelled
      case .late:
        throw .failed(figure: figure.name, words: "it did not end within \(Int(mostSeconds)) s")
      }
    }
    guard ran.status == 0, !ran.output.isEmpty else {
      throw .failed(figure: figure.name, words: words(ran))
    }
    return switch format {
    case .svg: SVGText.own(ran.output, figure, script)
    case .png: ran.output
    case .pdf: undated(ran.output)
    }
  }

  /// Draws a figure into a file.
  ///
  /// - Throws: ``Fault``, or `ReportError.cannotWrite`; the file is then as it was before.
  public static func draw(
    _ figure: Figure, as format: Format, to path: String, isCancelled: () -> Bool = { false }
  ) throws {
    try AtomicFile.write(bytes(of: figure, as: format, isCancelled: isCancelled), to: path)
  }

  /// A PDF with the first of 1970 in place of the present date.
  ///
  /// Cairo takes the date from the environment only since version 1.17. It stands as text, and keeps
  /// its length, so that the places of the file's table stay right.
  private static func undated(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    let date = Array("19700101000000".utf8)
    if let mark = bytes.firstRange(of: Array("/CreationDate (D:".utf8)),
      mark.upperBound + date.count <= bytes.count
    {
      bytes.replaceSubrange(mark.upperBound..<(mark.upperBound + date.count), with: date)
    }
    return bytes
  }

  /// The last line of a complaint, which says what is wrong.
  private static func words(_ ran: ChildProcess.Answer) -> String {
    let lines = String(decoding: ran.errors, as: UTF8.self)
      .split(separator: "\n").map { $0.drop { $0 == " " || $0 == "\t" || $0 == "^" } }
      .filter { !$0.isEmpty }
    return lines.last.map(String.init) ?? "it ended with status \(ran.status) and said nothing"
  }
}
