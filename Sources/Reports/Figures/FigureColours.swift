/// The colours of figures, as gnuplot and SVG write them.
enum FigureColours {
  /// Okabe and Ito's palette, which people with any kind of colour vision tell apart, without its
  /// yellow, which is too light for lines on white.
  ///
  /// - Source: M. Okabe and K. Ito, Color Universal Design, 2002.
  static let series = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]

  static let ink = "#1a1a1a"
  static let muted = "#8c8c8c"
  static let frame = "#4d4d4d"
  static let grid = "#e6e6e6"
  static let shade = "#ececec"

  /// Viridis at nine even places.
  ///
  /// - Source: S. van der Walt and N. Smith, matplotlib 2.0 (2015), CC0.
  private static let viridis: [(UInt8, UInt8, UInt8)] = [
    (0x44, 0x01, 0x54), (0x47, 0x2d, 0x7b), (0x3b, 0x52, 0x8b), (0x2c, 0x72, 0x8e),
    (0x21, 0x91, 0x8c), (0x28, 0xae, 0x80), (0x5e, 0xc9, 0x62), (0xad, 0xdc, 0x30),
    (0xfd, 0xe7, 0x25),
  ]

  /// ColorBrewer's RdBu from blue to red, safe for people with any kind of colour vision.
  ///
  /// - Source: C. Brewer, colorbrewer2.org (2002).
  private static let blueToRed: [(UInt8, UInt8, UInt8)] = [
    (0x21, 0x66, 0xac), (0x67, 0xa9, 0xcf), (0xd1, 0xe5, 0xf0), (0xf7, 0xf7, 0xf7),
    (0xfd, 0xdb, 0xc7), (0xef, 0x8a, 0x62), (0xb2, 0x18, 0x2b),
  ]

  /// The colour at a part of a scale.
  static func text(_ colours: ColourScale.Colours, at part: Double) -> String {
    let table = colours == .diverging ? blueToRed : viridis
    let place = min(max(part, 0), 1) * (colours == .lines ? 0.86 : 1) * Double(table.count - 1)
    let index = min(Int(place), table.count - 2)
    let rest = place - Double(index)
    func mix(_ a: UInt8, _ b: UInt8) -> String {
      let value = Int((Double(a) + rest * (Double(b) - Double(a))).rounded())
      let digits = String(value, radix: 16)
      return digits.utf8.count < 2 ? "0" + digits : digits
    }
    let (a, b) = (table[index], table[index + 1])
    return "#" + mix(a.0, b.0) + mix(a.1, b.1) + mix(a.2, b.2)
  }

  /// The scale in gnuplot's words.
  static func palette(_ colours: ColourScale.Colours) -> String {
    let count = 16
    let stops = (0...count).map { index in
      let part = Double(index) / Double(count)
      return "\(NumberText.text(part)) '\(text(colours, at: part))'"
    }
    return "set palette defined (\(stops.joined(separator: ", ")))"
  }

  /// The colour of a layer in a panel.
  static func text(_ colour: FigureColour, _ scale: ColourScale?) -> String {
    switch colour {
    case .ink: ink
    case .muted: muted
    case .paper: "#ffffff"
    case .series(let index): series[index % series.count]
    case .scale(let part): text(scale?.colours ?? .lines, at: part)
    }
  }
}
