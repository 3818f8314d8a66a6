/// A text as read, before names get a meaning: nodes in one array, operands before users.
struct SyntaxTree {
  enum Form {
    case number(Double)
    case name(String)
    case prefix(String, Int)
    case infix(String, Int, Int)
    case primes(Int, count: Int)
    /// A name followed by its arguments in parentheses.
    case call(String, nameLength: Int, [Int])
    /// What could not be read; its fault is noted.
    case invalid
  }

  struct Node {
    var form: Form
    var offset: Int
    var length: Int
  }

  private(set) var nodes: [Node] = []

  mutating func add(_ form: Form, from start: Int, to end: Int) -> Int {
    nodes.append(Node(form: form, offset: start, length: max(end - start, 0)))
    return nodes.count - 1
  }

  subscript(index: Int) -> Node { nodes[index] }
}
