/// Orders the operations of a program so that equal ones stand together where they may.
///
/// The tape then chooses what to do once a group, not once an instruction. The order changes no bits:
/// an operation still reads the same operands.
enum Schedule {
  /// Longer programs keep their order: grouping lengthens the lives of values, and registers with it.
  static let limit = 2_000

  /// The numbers of the computed values in the order of execution.
  static func order(_ values: [Lowering.Value?]) -> [Int] {
    var users: [[Int]] = Array(repeating: [], count: values.count)
    var missing = Array(repeating: 0, count: values.count)
    var computed: [Int] = []
    for (number, value) in values.enumerated() {
      guard case .compute(_, _, let operands)? = value else { continue }
      computed.append(number)
      for operand in Set(operands.list) {
        guard case .compute? = values[operand] else { continue }
        users[operand].append(number)
        missing[number] += 1
      }
    }
    guard computed.count <= limit else { return computed }
    func opcode(_ number: Int) -> Int {
      if case .compute(let opcode, _, _)? = values[number] { Int(opcode.rawValue) } else { 0 }
    }
    var ready: [[Int]] = Array(repeating: [], count: Int(Opcode.call4.rawValue) + 1)
    for number in computed where missing[number] == 0 { ready[opcode(number)].append(number) }
    var order: [Int] = []
    while let next = ready.indices.max(by: { ready[$0].count < ready[$1].count }),
      !ready[next].isEmpty
    {
      var place = 0
      while place < ready[next].count {
        let number = ready[next][place]
        order.append(number)
        place += 1
        for user in users[number] {
          missing[user] -= 1
          if missing[user] == 0 { ready[opcode(user)].append(user) }
        }
      }
      ready[next] = []
    }
    return order
  }
}
