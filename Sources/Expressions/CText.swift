/// Writes programs as C: names are numbered, constants are hexadecimal, so nothing of the user's text
/// and no rounding enters.
struct CText {
  /// Changes whenever the text's meaning or the binding of functions changes.
  static let format = "cauchy native 1"

  /// The functions that the text calls through pointers, in the order of the binding table.
  private(set) var functions: [Function] = []
  private(set) var text = ""
  private var numbers: [Function: Int] = [:]

  init(_ programs: [Program]) {
    var bodies = ""
    for (index, program) in programs.enumerated() { bodies += body(program, index) }
    text = "/* \(CText.format) */\n#pragma STDC FP_CONTRACT OFF\n" + binding() + bodies
  }

  /// The pointers to functions, and the entry that sets them: both evaluators call one address.
  private func binding() -> String {
    var text = ""
    for (index, function) in functions.enumerated() {
      let arguments = Array(repeating: "double", count: function.row.argumentCount)
      text += "static double (*f\(index))(\(arguments.joined(separator: ", ")));"
      text += " /* \(function.name == "^" ? "power" : function.name) */\n"
    }
    text += "void cauchy_bind(void *const *table)\n{\n  (void)table;\n"
    for (index, function) in functions.enumerated() {
      let arguments = Array(repeating: "double", count: function.row.argumentCount)
      text += "  f\(index) = (double (*)(\(arguments.joined(separator: ", "))))table[\(index)];\n"
    }
    return text + "}\n"
  }

  private mutating func body(_ program: Program, _ index: Int) -> String {
    var operands = Array(repeating: "", count: program.registerCount)
    for (register, constant) in program.constants.enumerated() {
      operands[register] = CText.literal(constant)
    }
    var text =
      "void cauchy_\(index)(const double *p, const double *s, const double *q, double *o)\n{\n"
    text += "  (void)p; (void)s; (void)q; (void)o;\n"
    let groups = [
      ("p", program.pointLoads), ("s", program.stateLoads), ("q", program.parameterLoads),
    ]
    var firstTemporary = program.constants.count
    for (array, loads) in groups {
      firstTemporary += loads.count
      for load in loads {
        operands[Int(load.register)] = "r\(load.register)"
        text += "  const double r\(load.register) = \(array)[\(load.index)];\n"
      }
    }
    for register in firstTemporary..<max(program.registerCount, firstTemporary) {
      operands[register] = "r\(register)"
      text += "  double r\(register);\n"
    }
    for instruction in program.instructions {
      text += "  r\(instruction.result) = \(value(instruction, operands, program));\n"
    }
    for store in program.stores {
      text += "  o[\(store.index)] = \(operands[Int(store.register)]);\n"
    }
    return text + "}\n"
  }

  private mutating func value(_ i: Instruction, _ operands: [String], _ program: Program)
    -> String
  {
    let (a, b, c) = (operands[Int(i.a)], operands[Int(i.b)], operands[Int(i.c)])
    func truth(_ claim: String) -> String { "(\(claim)) ? 1.0 : 0.0" }
    switch i.opcode {
    case .add: return "\(a) + \(b)"
    case .subtract: return "\(a) - \(b)"
    case .multiply: return "\(a) * \(b)"
    case .divide: return "\(a) / \(b)"
    case .negate: return "-\(a)"
    case .multiplyAdd: return "\(a) * \(b) + \(c)"
    case .multiplySubtract: return "\(a) * \(b) - \(c)"
    case .subtractProduct: return "\(c) - \(a) * \(b)"
    case .squareRoot: return "__builtin_sqrt(\(a))"
    case .magnitude: return "__builtin_fabs(\(a))"
    case .sign: return "\(a) > 0 ? 1.0 : \(a) < 0 ? -1.0 : \(a) == 0 ? 0.0 : \(a)"
    case .heaviside: return "\(a) >= 0 ? 1.0 : \(a) < 0 ? 0.0 : \(a)"
    case .minimum: return "(\(a) < \(b) || \(a) != \(a)) ? \(a) : \(b)"
    case .maximum: return "(\(a) > \(b) || \(a) != \(a)) ? \(a) : \(b)"
    case .less: return truth("\(a) < \(b)")
    case .lessOrEqual: return truth("\(a) <= \(b)")
    case .greater: return truth("\(a) > \(b)")
    case .greaterOrEqual: return truth("\(a) >= \(b)")
    case .equal: return truth("\(a) == \(b)")
    case .notEqual: return truth("\(a) != \(b)")
    case .and: return truth("\(a) != 0 && \(b) != 0")
    case .or: return truth("\(a) != 0 || \(b) != 0")
    case .not: return truth("\(a) == 0")
    case .select: return "\(a) != 0 ? \(b) : \(c)"
    case .call1: return call(i, program, [a])
    case .call2: return call(i, program, [a, b])
    case .call3: return call(i, program, [a, b, c])
    case .call4: return call(i, program, [a, b, c, operands[Int(i.d)]])
    }
  }

  private mutating func call(_ i: Instruction, _ program: Program, _ arguments: [String])
    -> String
  {
    let function = program.functions[Int(i.function)]
    let number = numbers[function] ?? functions.count
    if numbers[function] == nil {
      numbers[function] = number
      functions.append(function)
    }
    return "f\(number)(\(arguments.joined(separator: ", ")))"
  }

  /// A double as C reads it back bit for bit.
  static func literal(_ value: Double) -> String {
    if value.isNaN { return "__builtin_nan(\"\")" }
    if value.isInfinite { return value < 0 ? "(-__builtin_inf())" : "__builtin_inf()" }
    let digits = String(value.significandBitPattern, radix: 16)
    let fraction = String(repeating: "0", count: 13 - digits.count) + digits
    let lead = value.isNormal ? "1" : "0"
    let exponent = value.isNormal ? Int(value.exponentBitPattern) - 1023 : value == 0 ? 0 : -1022
    let text = "0x\(lead).\(fraction)p\(exponent)"
    return value.sign == .minus ? "(-\(text))" : text
  }
}
