import Glibc

extension Ticks {
  /// The pixels along an axis.
  struct Room {
    let length: Double
    let isVertical: Bool

    init(length: Double, isVertical: Bool) {
      (self.length, self.isVertical) = (max(length, 1), isVertical)
    }

    /// Whether no word comes too near to the next, and there are not too many.
    func fits(_ marks: [Mark], least: Double = 0) -> Bool {
      zip(marks, marks.dropFirst()).allSatisfy { a, b in
        let widths = [a, b].map { TextWidth.pixels($0.text, font: Ticks.font) }
        let wanted = isVertical ? 20 : (widths[0] + widths[1]) / 2 + 14
        return (b.part - a.part).magnitude * length >= max(wanted, least)
      }
    }

    /// From one mark to the next, of marks that are not given.
    var least: Double { max(isVertical ? 34 : 64, length / 12) }
  }

  /// What numbers of an axis are counted from and in, so that they can be written shortly.
  struct Frame {
    private(set) var offset = ""
    private(set) var power = 0
    private var base = 0.0
    private(set) var low: Double
    private(set) var high: Double

    init(_ axis: Axis) {
      (low, high) = (min(axis.first, axis.last), max(axis.first, axis.last))
      let size = max(low.magnitude, high.magnitude)
      // What would need six digits and more is counted from a number in its middle.
      if high - low < 1e-4 * size {
        let unit = pow(10, log10(high - low).rounded(.down) + 1)
        let whole = ((low + (high - low) / 2) / unit).rounded() * unit
        let text = NumberText.text(whole, digits: min(Int(log10(size / unit)) + 2, 17))
        base = strtod(text, nil)
        offset = text.replacing("-", with: "−")
      }
      (low, high) = (low - base, high - base)
      let exponent = Int(log10(max(low.magnitude, high.magnitude)).rounded(.down))
      if exponent < -2 || exponent > 4 { power = max(exponent, -300) }
      (low, high) = (scaled(low), scaled(high))
    }

    private func scaled(_ number: Double) -> Double {
      power < 0 ? number * pow(10, Double(-power)) : number / pow(10, Double(power))
    }

    /// A number as it is counted.
    func inside(_ number: Double) -> Double { scaled(number - base) }

    private func outside(_ number: Double) -> Double {
      base + (power < 0 ? number / pow(10, Double(-power)) : number * pow(10, Double(power)))
    }

    /// The finest round marks that can be read, at least two of them.
    func marks(_ axis: Axis, _ room: Room) -> [Mark] {
      let first = Int(log10((high - low) * 30 / room.length).rounded(.down))
      var last: [Mark] = []
      for exponent in first...(first + 4) {
        for digit in [1.0, 2, 5] {
          let step = digit * pow(10, Double(exponent))
          let (from, to) = ((low / step - 1e-9).rounded(.up), (high / step + 1e-9).rounded(.down))
          let found = marks(axis, stride(from: from, through: to, by: 1).map { $0 * step })
          if found.count > 1, room.fits(found, least: room.least) { return found }
          if found.count > 1 { last = found }
        }
      }
      return last.count > 1 ? [last[0], last[last.count - 1]] : last
    }

    /// Marks at places of this frame, written alike.
    func marks(_ axis: Axis, _ places: [Double]) -> [Mark] {
      let length = high - low
      // Places far from zero are not exact.
      let gap = zip(places, places.dropFirst()).map { $1 - $0 }.min() ?? length
      let decimals = (0...12).first { decimals in
        places.allSatisfy {
          (strtod(Ticks.text($0, decimals: decimals), nil) - $0).magnitude <= 1e-3 * gap
        }
      }
      return places.map { place in
        var part = (place - low) / length
        if axis.first > axis.last { part = 1 - part }
        if axis.scale == .logarithmic { part = axis.part(outside(place)) }
        let text = Ticks.text(place, decimals: decimals ?? 12).replacing("-", with: "−")
        return Mark(part: part, text: text)
      }
    }
  }

  /// A number with so many digits behind the point.
  static func text(_ number: Double, decimals: Int) -> String {
    String(unsafeUninitializedCapacity: 400) { buffer in
      // No minus before zero.
      let arguments: [any CVarArg] = [CInt(decimals), number == 0 ? 0 : number]
      return withVaList(arguments) { list in
        buffer.withMemoryRebound(to: CChar.self) {
          Int(vsnprintf($0.baseAddress, 400, "%.*f", list))
        }
      }
    }
  }
}
