import Expressions
import Numerics
import Testing

@Suite("Programs") struct ProgramTests {
  static let inputs = RandomExpressions.inputs

  /// The values of a point as the three groups of a program.
  static func groups(_ values: [Double]) -> [Storage] {
    let split = [0, inputs.point.count, inputs.point.count + inputs.state.count, values.count]
    return (0..<3).map { Storage(Array(values[split[$0]..<split[$0 + 1]])) }
  }

  /// Evaluates a tape at one point; the memory stays alive until the numbers are out.
  static func run(_ tape: Tape, _ values: [Double]) -> [Double] {
    run(values, outputs: tape.program.outputCount) { tape.evaluate($0, $1, $2, into: $3) }
  }

  static func run(
    _ values: [Double], outputs: Int, _ body: (Vector, Vector, Vector, Vector) -> Void
  ) -> [Double] {
    let (groups, out) = (groups(values), Storage(outputs))
    return withExtendedLifetime((groups, out)) {
      body(groups[0].vector, groups[1].vector, groups[2].vector, out.vector)
      return out.vector.array
    }
  }

  @Test("the tape has the bits of the expression, at every kind of number")
  func tape() throws {
    var random = RandomExpressions(seed: 5, kind: .any)
    for _ in 0..<3_000 {
      let expressions = (0..<2).map { _ in random.next(depth: 5) }
      let tape = Tape(try Program(expressions, inputs: ProgramTests.inputs))
      let values = random.values(rough: true)
      let given = Dictionary(uniqueKeysWithValues: zip(RandomExpressions.leaves, values))
      let out = ProgramTests.run(tape, values)
      for (index, expression) in expressions.enumerated() {
        let value = try expression.evaluate(given)
        #expect(sameBits(out[index], value), "\(expression): \(out[index]), \(value)")
      }
    }
  }

  @Test("blocks have the bits of single points", arguments: [1, 7, 64, 200])
  func blocks(_ count: Int) throws {
    var random = RandomExpressions(seed: UInt64(count), kind: .any)
    for _ in 0..<150 {
      let expressions = (0..<3).map { _ in random.next(depth: 5) }
      let tape = Tape(try Program(expressions, inputs: ProgramTests.inputs))
      let points = (0..<count).map { _ in random.values(rough: true) }
      let leaves = RandomExpressions.leaves.count
      // The last input is shared by all points.
      let runs = (0..<leaves).map { leaf in
        Storage(leaf == leaves - 1 ? [points[0][leaf]] : points.map { $0[leaf] })
      }
      let outs = (0..<3).map { _ in Storage(count) }
      withExtendedLifetime((runs, outs)) {
        tape.evaluateBlock(count: count, inputs: runs.map(\.vector), into: outs.map(\.vector))
      }
      for (index, values) in points.enumerated() {
        let out = ProgramTests.run(tape, Array(values.dropLast()) + [points[0][leaves - 1]])
        for output in 0..<3 {
          let (one, many) = (out[output], withExtendedLifetime(outs) { outs[output].vector[index] })
          #expect(sameBits(one, many), "\(expressions[output]): \(one) alone, \(many) in a block")
        }
      }
    }
  }

  @Test("common parts are computed once; products and sums in either order are one value")
  func sharing() throws {
    func count(_ texts: String...) throws -> Int {
      let scope = RandomExpressions.scope
      let expressions = try texts.map { try #require(scope.resolve($0).expression) }
      return try Program(expressions, inputs: ProgramTests.inputs).instructionCount
    }
    #expect(try count("sin(x*t) + cos(t*x)") == 4)
    #expect(try count("x + t", "t + x") == 1)
    #expect(try count("x^2 + 1") == 1)
    #expect(try count("x^4") == 2)
    #expect(try count("x", "3") == 0)
  }

  @Test("the Lorenz system takes six instructions and reads nothing it does not need")
  func lorenz() throws {
    let scope = Scope(
      variables: ["t"], unknowns: ["x", "y", "z"], values: ["sigma", "rho", "beta"])
    let texts = ["sigma*(y - x)", "x*(rho - z) - y", "x*y - beta*z"]
    let sides = try texts.map { try #require(scope.resolve($0).expression) }
    let inputs = Inputs(
      point: [Symbol("t")], state: ["x", "y", "z"].map { Symbol($0) },
      parameters: ["sigma", "rho", "beta"].map { Symbol($0) })
    let program = try Program(sides, inputs: inputs)
    #expect(program.instructionCount == 6)
    // The result may replace the state.
    let (t, state, parameters) = (Storage([0]), Storage([1, 2, 3]), Storage([10, 28, 2]))
    withExtendedLifetime((t, state, parameters)) {
      Tape(program).evaluate(t.vector, state.vector, parameters.vector, into: state.vector)
      #expect(state.vector.array == [10, 23, -4])
    }
  }

  @Test("leaves that the inputs lack, and integrals, are refused by name")
  func refusals() throws {
    #expect(throws: ProgramError.unknownLeaf(Symbol("w", ["x"]))) {
      try Program([.symbol(Symbol("w", ["x"]))], inputs: ProgramTests.inputs)
    }
    let integral = Expression.integral(.symbol("s"), "s", 0, 1)
    #expect(throws: ProgramError.nonlocal("integral(s, s, 0, 1)")) {
      try Program([integral], inputs: ProgramTests.inputs)
    }
  }
}
