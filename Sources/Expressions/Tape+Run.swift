import Numerics

extension Tape {
  /// Runs the instructions over the registers: one switch a group of equal ones, no call but to the
  /// library's functions.
  @inline(__always)
  static func run(
    _ groups: UnsafeBufferPointer<Group>, _ code: UnsafePointer<Instruction>,
    _ r: UnsafeMutablePointer<Double>, _ functions: UnsafePointer<UnsafeMutableRawPointer>
  ) {
    guard var group = groups.baseAddress else { return }
    let last = group + groups.count
    var step = code
    while group != last {
      let end = step + Int(group.pointee.count)
      /// Repeats one operation to the end of the group.
      @inline(__always)
      func each(_ value: (UnsafePointer<Instruction>) -> Double) {
        repeat {
          r[Int(step.pointee.result)] = value(step)
          step += 1
        } while step != end
      }
      @inline(__always)
      func unary(_ value: (Double) -> Double) { each { value(r[Int($0.pointee.a)]) } }
      @inline(__always)
      func binary(_ value: (Double, Double) -> Double) {
        each { value(r[Int($0.pointee.a)], r[Int($0.pointee.b)]) }
      }
      @inline(__always)
      func ternary(_ value: (Double, Double, Double) -> Double) {
        each { value(r[Int($0.pointee.a)], r[Int($0.pointee.b)], r[Int($0.pointee.c)]) }
      }
      switch group.pointee.opcode {
      case .add: binary { $0 + $1 }
      case .subtract: binary { $0 - $1 }
      case .multiply: binary { $0 * $1 }
      case .divide: binary { $0 / $1 }
      case .negate: unary { -$0 }
      case .multiplyAdd: ternary { $0 * $1 + $2 }
      case .multiplySubtract: ternary { $0 * $1 - $2 }
      case .subtractProduct: ternary { $2 - $0 * $1 }
      case .squareRoot: unary { $0.squareRoot() }
      case .magnitude: unary { $0.magnitude }
      case .sign: unary { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 == 0 ? 0 : $0 }
      case .heaviside: unary { $0 >= 0 ? 1 : $0 < 0 ? 0 : $0 }
      case .minimum: binary { $0 < $1 || $0 != $0 ? $0 : $1 }
      case .maximum: binary { $0 > $1 || $0 != $0 ? $0 : $1 }
      case .less: binary { $0 < $1 ? 1 : 0 }
      case .lessOrEqual: binary { $0 <= $1 ? 1 : 0 }
      case .greater: binary { $0 > $1 ? 1 : 0 }
      case .greaterOrEqual: binary { $0 >= $1 ? 1 : 0 }
      case .equal: binary { $0 == $1 ? 1 : 0 }
      case .notEqual: binary { $0 != $1 ? 1 : 0 }
      case .and: binary { $0 != 0 && $1 != 0 ? 1 : 0 }
      case .or: binary { $0 != 0 || $1 != 0 ? 1 : 0 }
      case .not: unary { $0 == 0 ? 1 : 0 }
      case .select: ternary { $0 != 0 ? $1 : $2 }
      case .call1:
        each { one(functions[Int($0.pointee.function)])(r[Int($0.pointee.a)]) }
      case .call2:
        each {
          two(functions[Int($0.pointee.function)])(r[Int($0.pointee.a)], r[Int($0.pointee.b)])
        }
      case .call3:
        each {
          three(functions[Int($0.pointee.function)])(
            r[Int($0.pointee.a)], r[Int($0.pointee.b)], r[Int($0.pointee.c)])
        }
      case .call4:
        each {
          four(functions[Int($0.pointee.function)])(
            r[Int($0.pointee.a)], r[Int($0.pointee.b)], r[Int($0.pointee.c)],
            r[Int($0.pointee.d)])
        }
      }
      group += 1
    }
  }

  @inline(__always)
  static func one(_ address: UnsafeMutableRawPointer) -> SpecialFunction.One {
    unsafeBitCast(address, to: SpecialFunction.One.self)
  }

  @inline(__always)
  static func two(_ address: UnsafeMutableRawPointer) -> SpecialFunction.Two {
    unsafeBitCast(address, to: SpecialFunction.Two.self)
  }

  @inline(__always)
  static func three(_ address: UnsafeMutableRawPointer) -> SpecialFunction.Three {
    unsafeBitCast(address, to: SpecialFunction.Three.self)
  }

  @inline(__always)
  static func four(_ address: UnsafeMutableRawPointer) -> SpecialFunction.Four {
    unsafeBitCast(address, to: SpecialFunction.Four.self)
  }
}
