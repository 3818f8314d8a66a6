import Numerics

extension Tape {
  private typealias Lane = SIMD8<Double>

  /// Evaluates at many points, with the bits of the one-point form.
  ///
  /// - Parameter inputs: one run for each input, in the order point, state, parameters: `n` numbers,
  ///   or a single one that all points share.
  /// - Parameter outputs: one run of `n` numbers for each output; none may overlap an input.
  /// - Precondition: as many runs as inputs and outputs, each of `n` or (inputs) 1 numbers.
  public func evaluateBlock(count n: Int, inputs: [Vector], into outputs: [Vector]) {
    let counts = program.inputs
    let expected = counts.point.count + counts.state.count + counts.parameters.count
    precondition(inputs.count == expected, "\(inputs.count) inputs for \(expected)")
    precondition(
      outputs.count == program.outputCount, "\(outputs.count) outputs for \(program.outputCount)")
    for input in inputs {
      precondition(
        input.count == 1 || input.count == n, "input of \(input.count) numbers for \(n) points")
    }
    for output in outputs {
      precondition(output.count == n, "output of \(output.count) numbers for \(n) points")
    }
    let r = blockRegisters()
    load(inputs, shared: true, from: 0, count: 0, into: r)
    var start = 0
    while start < n {
      let count = min(Tape.lanes, n - start)
      load(inputs, shared: false, from: start, count: count, into: r)
      for instruction in code { Tape.run(instruction, count, r, functions) }
      for store in program.stores {
        let source = r + Int(store.register) * Tape.lanes
        (outputs[Int(store.index)].base + start).update(from: source, count: count)
      }
      start += count
    }
  }

  /// The block's registers, aligned to 64 bytes, the constants in place.
  private func blockRegisters() -> UnsafeMutablePointer<Double> {
    let base = block.vector.base
    let misaligned = Int(bitPattern: base) & 63
    let r = misaligned == 0 ? base : base + (64 - misaligned) / 8
    if !blockIsReady {
      for (index, constant) in program.constants.enumerated() {
        (r + index * Tape.lanes).update(repeating: constant, count: Tape.lanes)
      }
      blockIsReady = true
    }
    return r
  }

  /// Fills the input registers: those shared by all points, or the next points of the others.
  private func load(
    _ inputs: [Vector], shared: Bool, from start: Int, count: Int,
    into r: UnsafeMutablePointer<Double>
  ) {
    var first = 0
    let groups = [program.pointLoads, program.stateLoads, program.parameterLoads]
    let sizes = [program.inputs.point.count, program.inputs.state.count, 0]
    for (group, size) in zip(groups, sizes) {
      for move in group {
        let input = inputs[first + Int(move.index)]
        let place = r + Int(move.register) * Tape.lanes
        if input.count == 1 {
          if shared { place.update(repeating: input[0], count: Tape.lanes) }
        } else if !shared {
          place.update(from: input.base + start, count: count)
        }
      }
      first += size
    }
  }

  /// Runs one instruction over the lanes; functions are called for the first `count` points only.
  private static func run(
    _ i: Instruction, _ count: Int, _ r: UnsafeMutablePointer<Double>,
    _ functions: UnsafeMutablePointer<UnsafeMutableRawPointer>
  ) {
    let (a, b, c) = (r + Int(i.a) * lanes, r + Int(i.b) * lanes, r + Int(i.c) * lanes)
    let out = r + Int(i.result) * lanes
    switch i.opcode {
    case .call1:
      let f = one(functions[Int(i.function)])
      for k in 0..<count { out[k] = f(a[k]) }
    case .call2:
      let f = two(functions[Int(i.function)])
      for k in 0..<count { out[k] = f(a[k], b[k]) }
    case .call3:
      let f = three(functions[Int(i.function)])
      for k in 0..<count { out[k] = f(a[k], b[k], c[k]) }
    case .call4:
      let f = four(functions[Int(i.function)])
      let d = r + Int(i.d) * lanes
      for k in 0..<count { out[k] = f(a[k], b[k], c[k], d[k]) }
    default: arithmetic(i.opcode, lane(a), lane(b), lane(c), lane(out))
    }
  }

  private static func lane(_ r: UnsafeMutablePointer<Double>) -> UnsafeMutablePointer<Lane> {
    UnsafeMutableRawPointer(r).assumingMemoryBound(to: Lane.self)
  }

  @inline(__always)
  private static func each(
    _ x: UnsafeMutablePointer<Lane>, _ y: UnsafeMutablePointer<Lane>,
    _ z: UnsafeMutablePointer<Lane>, _ out: UnsafeMutablePointer<Lane>,
    _ body: (Lane, Lane, Lane) -> Lane
  ) {
    for k in 0..<(lanes / Lane.scalarCount) { out[k] = body(x[k], y[k], z[k]) }
  }

  /// One inner loop for each operation, on vectors, so that the compiler emits packed instructions.
  private static func arithmetic(
    _ opcode: Opcode, _ x: UnsafeMutablePointer<Lane>, _ y: UnsafeMutablePointer<Lane>,
    _ z: UnsafeMutablePointer<Lane>, _ out: UnsafeMutablePointer<Lane>
  ) {
    switch opcode {
    case .add: each(x, y, z, out) { a, b, _ in a + b }
    case .subtract: each(x, y, z, out) { a, b, _ in a - b }
    case .multiply: each(x, y, z, out) { a, b, _ in a * b }
    case .divide: each(x, y, z, out) { a, b, _ in a / b }
    case .negate: each(x, y, z, out) { a, _, _ in negated(a) }
    case .multiplyAdd: each(x, y, z, out) { a, b, c in a * b + c }
    case .multiplySubtract: each(x, y, z, out) { a, b, c in a * b - c }
    case .subtractProduct: each(x, y, z, out) { a, b, c in c - a * b }
    case .squareRoot: each(x, y, z, out) { a, _, _ in a.squareRoot() }
    case .magnitude: each(x, y, z, out) { a, _, _ in magnitude(a) }
    case .sign:
      each(x, y, z, out) { a, _, _ in
        a.replacing(with: 1, where: a .> 0).replacing(with: -1, where: a .< 0)
          .replacing(with: 0, where: a .== 0)
      }
    case .heaviside:
      each(x, y, z, out) { a, _, _ in
        a.replacing(with: 1, where: a .>= 0).replacing(with: 0, where: a .< 0)
      }
    case .minimum:
      each(x, y, z, out) { a, b, _ in b.replacing(with: a, where: (a .< b) .| (a .!= a)) }
    case .maximum:
      each(x, y, z, out) { a, b, _ in b.replacing(with: a, where: (a .> b) .| (a .!= a)) }
    default: logical(opcode, x, y, z, out)
    }
  }

  private static func logical(
    _ opcode: Opcode, _ x: UnsafeMutablePointer<Lane>, _ y: UnsafeMutablePointer<Lane>,
    _ z: UnsafeMutablePointer<Lane>, _ out: UnsafeMutablePointer<Lane>
  ) {
    switch opcode {
    case .less: each(x, y, z, out) { a, b, _ in truth(a .< b) }
    case .lessOrEqual: each(x, y, z, out) { a, b, _ in truth(a .<= b) }
    case .greater: each(x, y, z, out) { a, b, _ in truth(a .> b) }
    case .greaterOrEqual: each(x, y, z, out) { a, b, _ in truth(a .>= b) }
    case .equal: each(x, y, z, out) { a, b, _ in truth(a .== b) }
    case .notEqual: each(x, y, z, out) { a, b, _ in truth(a .!= b) }
    case .and: each(x, y, z, out) { a, b, _ in truth((a .!= 0) .& (b .!= 0)) }
    case .or: each(x, y, z, out) { a, b, _ in truth((a .!= 0) .| (b .!= 0)) }
    case .not: each(x, y, z, out) { a, _, _ in truth(a .== 0) }
    case .select: each(x, y, z, out) { a, b, c in c.replacing(with: b, where: a .!= 0) }
    default: preconditionFailure("\(opcode) is not a logical operation")
    }
  }

  @inline(__always)
  private static func truth(_ mask: SIMDMask<SIMD8<Int64>>) -> Lane {
    Lane(repeating: 0).replacing(with: 1, where: mask)
  }

  @inline(__always)
  private static func magnitude(_ a: Lane) -> Lane {
    unsafeBitCast(bits(a) & SIMD8(repeating: 0x7fff_ffff_ffff_ffff), to: Lane.self)
  }

  /// The prefix minus of vectors is 0 − a, which makes +0 of +0.
  @inline(__always)
  private static func negated(_ a: Lane) -> Lane {
    unsafeBitCast(bits(a) ^ SIMD8(repeating: 0x8000_0000_0000_0000), to: Lane.self)
  }

  @inline(__always)
  private static func bits(_ a: Lane) -> SIMD8<UInt64> {
    unsafeBitCast(a, to: SIMD8<UInt64>.self)
  }
}
