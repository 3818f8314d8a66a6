import Glibc

/// The numbers beside an axis: where they stand, and what they are counted from and in.
public struct Ticks: Sendable, Equatable {
  /// One number, or one name.
  public struct Mark: Sendable, Equatable {
    /// From 0 at the axis's first end to 1 at its last.
    public let part: Double
    public let text: String
  }

  public private(set) var marks: [Mark]
  /// Where short marks without words stand.
  public private(set) var minor: [Double] = []
  /// What was taken from all numbers, as text; empty for nothing.
  public private(set) var offset = ""
  /// The power of ten in which they are written.
  public private(set) var power = 0

  /// The size of the words, in pixels.
  package static let font = 13.0

  /// Chooses the marks of an axis that is so many pixels long, as many as can be read.
  public init(_ axis: Axis, length: Double, isVertical: Bool = false) {
    let room = Room(length: length, isVertical: isVertical)
    if !axis.names.isEmpty {
      marks = axis.names.enumerated().map { Mark(part: axis.part(Double($0)), text: $1) }
    } else if let found = Ticks.logarithmic(axis, room) {
      (marks, minor) = found
    } else {
      let frame = Frame(axis)
      marks = frame.marks(axis, room)
      (offset, power) = (frame.offset, frame.power)
    }
  }

  /// Marks at given places, or every so many of them as can be read.
  package init(_ axis: Axis, at places: [Double], length: Double) {
    let room = Room(length: length, isVertical: true)
    let frame = Frame(axis)
    let all = frame.marks(axis, places.map(frame.inside))
    let step = (1...max(all.count, 1)).first { room.fits(Ticks.every($0, all)) }
    (marks, offset, power) = (Ticks.every(step ?? 1, all), frame.offset, frame.power)
  }

  private static func every(_ step: Int, _ marks: [Mark]) -> [Mark] {
    stride(from: 0, to: marks.count, by: step).map { marks[$0] }
  }

  /// The pixels of the widest word.
  package var width: Double { marks.map { TextWidth.pixels($0.text, font: Ticks.font) }.max() ?? 0 }

  /// How far the words stick out beyond the first and the last end of a horizontal axis.
  package func overhang(_ length: Double) -> (first: Double, last: Double) {
    let halves = marks.map { ($0.part, TextWidth.pixels($0.text, font: Ticks.font) / 2) }
    return (
      halves.map { $1 - $0 * length }.max() ?? 0, halves.map { $1 - (1 - $0) * length }.max() ?? 0
    )
  }

  /// What stands beside the axis: its label with what the numbers are counted from and in.
  ///
  /// - Parameter room: in pixels, of a font of so many; the name is shortened to it, never the rest.
  public func caption(_ label: String, room: Double = .infinity, font: Double = 14) -> String {
    if label.isEmpty { return "" }
    let ten = power == 0 ? "" : Ticks.text(ofPower: power)
    let less =
      offset.isEmpty ? "" : offset.hasPrefix("−") ? " + \(offset.dropFirst())" : " − \(offset)"
    var (name, before, after) = (label, "", less)
    if let unit = Ticks.unit(label), !ten.isEmpty || !less.isEmpty {
      name = String(label.dropLast(unit.count + 3))
      after += ten.isEmpty ? " (\(unit))" : " (\(ten) \(unit))"
    } else if !ten.isEmpty {
      before = less.isEmpty ? "" : "("
      after += (less.isEmpty ? "" : ")") + " / \(ten)"
    }
    let rest = room - TextWidth.pixels(before + after, font: font)
    return before + TextWidth.shortened(name, to: rest, font: font) + after
  }

  /// The unit at the end of a label, in parentheses.
  private static func unit(_ label: String) -> Substring? {
    guard label.hasSuffix(")"), let start = label.ranges(of: " (").last else { return nil }
    return label[start.upperBound...].dropLast()
  }

  /// `10⁻⁶`.
  static func text(ofPower power: Int) -> String {
    let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    return "10" + String(String(power).map { $0.wholeNumberValue.map { digits[$0] } ?? "⁻" })
  }
}
