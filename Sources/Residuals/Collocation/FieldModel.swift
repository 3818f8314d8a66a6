import Expressions
import Networks
import Problems

/// How networks make up the fields that equations speak of: their inputs, the conditions built in,
/// their places in θ.
struct FieldModel: Sendable {
  let ansatz: Ansatz
  let layout: ParameterLayout
  /// By network, in the order of the layout.
  let inputs: [InputFeatures]

  var calculus: FieldCalculus { ansatz.calculus }

  /// What a point is known by: variables, forcings, their derivatives, the measurement there.
  var pointNames: [Symbol] { calculus.pointNames }

  /// The leaves of a given field in expressions and in what leaves are made of, in a fixed order.
  static func given(_ expressions: [Expression], _ terms: [AnsatzTerms]) -> [Symbol] {
    var found: Set<Symbol> = []
    for expression in expressions + terms.flatMap({ [$0.lift] + $0.factors.map(\.factor) }) {
      found.formUnion(expression.symbols.filter { GivenLeaf($0) != nil })
    }
    return found.sorted {
      ($0.name, $0.order, $0.description) < ($1.name, $1.order, $1.description)
    }
  }

  /// The fields' values and derivatives that expressions hold, in a fixed order.
  func leaves(of expressions: [Expression]) -> [Symbol] {
    var found: Set<Symbol> = []
    for expression in expressions {
      found.formUnion(expression.symbols.filter { calculus.fields.contains($0.name) })
    }
    return found.sorted {
      ($0.name, $0.order, $0.description) < ($1.name, $1.order, $1.description)
    }
  }

  /// The networks that leaves need, with the derivatives that each must carry.
  func parts(_ symbols: [Symbol], _ terms: [AnsatzTerms]) -> [(network: Int, jets: JetIndices)] {
    layout.networks.indices.compactMap { network in
      let indices = zip(symbols, terms).filter { layout.place(of: $0.0.name)?.network == network }
        .flatMap { $0.1.factors.map(\.index) }
      // The network of the unknowns is always there, so that a block has points.
      if indices.isEmpty, network > 0 { return nil }
      return (network, JetIndices(dimension: calculus.names.count, covering: indices))
    }
  }

  /// The leaves as sums of jets.
  func leaves(
    _ symbols: [Symbol], _ terms: [AnsatzTerms], _ parts: [PointProgram.Part],
    _ source: (Expression) -> PointProgram.Source
  ) -> [PointProgram.Leaf] {
    zip(symbols, terms).map { symbol, term in
      let place = layout.place(of: symbol.name) ?? (network: 0, output: 0)
      let part = parts.firstIndex { $0.network == place.network } ?? 0
      // A lift comes first in the table: the order of columns is part of no result, but fixed.
      let lift = source(term.lift)
      let factors = term.factors.compactMap { factor in
        parts[part].jets.position(of: factor.index).map {
          (jet: $0, factor: source(factor.factor))
        }
      }
      return PointProgram.Leaf(part: part, output: place.output, lift: lift, factors: factors)
    }
  }
}
