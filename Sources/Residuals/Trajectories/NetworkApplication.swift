import Expressions
import Networks
import Problems

/// A network at one set of inputs: where it stands in the equations of a system.
struct NetworkApplication: Sendable {
  /// Which network of the problem.
  let network: Int
  /// What goes in; among all features of the system, and as expressions.
  let featureRange: Range<Int>
  let features: [Expression]
  /// Its outputs with the derivatives in use, `[jet][output]`; among all leaves of the system.
  let leaves: Range<Int>
  let symbols: [Symbol]
  /// Derivatives by the inputs that the equations ask for; the value alone in most.
  let jets: JetIndices

  /// An application before its derivatives are known.
  struct Declared {
    var network: Int
    var features: [Expression]
    /// Names by which outputs may be differentiated; nil for an input that is no plain name.
    var names: [String?]
    /// The leaves that its outputs are called by.
    var outputs: [String]
  }

  /// Every network of a problem once, at its own inputs.
  static func all(_ problem: Problem) -> [Declared] {
    problem.networks.enumerated().map { index, network in
      Declared(
        network: index, features: network.inputs.map(\.expression),
        names: network.inputs.map { $0.expression.leaf.map(\.description) },
        outputs: network.outputs)
    }
  }

  /// Finds the derivatives that rates ask for, and gives every leaf its place.
  static func place(_ declared: [Declared], _ rates: [Expression]) -> [NetworkApplication] {
    let used = rates.reduce(into: Set<Symbol>()) { $0.formUnion($1.symbols) }
    var (feature, leaf) = (0, 0)
    return declared.map { application in
      let asked = used.filter { application.outputs.contains($0.name) }
      let orders = asked.map { symbol in
        application.names.map { name in
          name.map { symbol.order(in: $0) } ?? 0
        }
      }
      let count = application.features.count
      let jets = JetIndices(dimension: count, covering: Array(orders))
      let symbols = jets.indices.flatMap { index in
        application.outputs.map { output in
          var symbol = Symbol(output)
          for (place, order) in index.enumerated() {
            for _ in 0..<order {
              symbol = symbol.differentiated(by: application.names[place] ?? "")
            }
          }
          return symbol
        }
      }
      defer { (feature, leaf) = (feature + count, leaf + symbols.count) }
      return NetworkApplication(
        network: application.network, featureRange: feature..<(feature + count),
        features: application.features, leaves: leaf..<(leaf + symbols.count), symbols: symbols,
        jets: jets)
    }
  }
}
