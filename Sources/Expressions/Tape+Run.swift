extension Tape {
  /// Runs the instructions over the registers: one switch, no call but to the library's functions.
  @inline(__always)
  static func run(
    _ first: UnsafePointer<Instruction>, _ count: Int, _ r: UnsafeMutablePointer<Double>,
    _ functions: UnsafePointer<UnsafeMutableRawPointer>
  ) {
    var step = first
    let end = first + count
    while step != end {
      let i = step
      step += 1
      @inline(__always) var a: Double { r[Int(i.pointee.a)] }
      @inline(__always) var b: Double { r[Int(i.pointee.b)] }
      @inline(__always) var c: Double { r[Int(i.pointee.c)] }
      let value: Double
      switch i.pointee.opcode {
      case .add: value = a + b
      case .subtract: value = a - b
      case .multiply: value = a * b
      case .divide: value = a / b
      case .negate: value = -a
      case .multiplyAdd: value = a * b + c
      case .multiplySubtract: value = a * b - c
      case .subtractProduct: value = c - a * b
      case .squareRoot: value = a.squareRoot()
      case .magnitude: value = a.magnitude
      case .sign: value = a > 0 ? 1 : a < 0 ? -1 : a == 0 ? 0 : a
      case .heaviside: value = a >= 0 ? 1 : a < 0 ? 0 : a
      case .minimum: value = a < b || a != a ? a : b
      case .maximum: value = a > b || a != a ? a : b
      case .less: value = a < b ? 1 : 0
      case .lessOrEqual: value = a <= b ? 1 : 0
      case .greater: value = a > b ? 1 : 0
      case .greaterOrEqual: value = a >= b ? 1 : 0
      case .equal: value = a == b ? 1 : 0
      case .notEqual: value = a != b ? 1 : 0
      case .and: value = a != 0 && b != 0 ? 1 : 0
      case .or: value = a != 0 || b != 0 ? 1 : 0
      case .not: value = a == 0 ? 1 : 0
      case .select: value = a != 0 ? b : c
      case .call1: value = one(functions[Int(i.pointee.function)])(a)
      case .call2: value = two(functions[Int(i.pointee.function)])(a, b)
      case .call3: value = three(functions[Int(i.pointee.function)])(a, b, c)
      case .call4:
        value = four(functions[Int(i.pointee.function)])(a, b, c, r[Int(i.pointee.d)])
      }
      r[Int(i.pointee.result)] = value
    }
  }

  @inline(__always)
  static func one(_ address: UnsafeMutableRawPointer) -> FunctionRow.One {
    unsafeBitCast(address, to: FunctionRow.One.self)
  }

  @inline(__always)
  static func two(_ address: UnsafeMutableRawPointer) -> FunctionRow.Two {
    unsafeBitCast(address, to: FunctionRow.Two.self)
  }

  @inline(__always)
  static func three(_ address: UnsafeMutableRawPointer) -> FunctionRow.Three {
    unsafeBitCast(address, to: FunctionRow.Three.self)
  }

  @inline(__always)
  static func four(_ address: UnsafeMutableRawPointer) -> FunctionRow.Four {
    unsafeBitCast(address, to: FunctionRow.Four.self)
  }
}
