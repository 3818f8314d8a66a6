import CKernels
import Numerics

/// U and V of a gated network, and what passes between them and the layers behind which they stand.
///
/// Behind every hidden layer x = (1 − z)·U + z·V = U + z·D with D = V − U (Wang, Teng and
/// Perdikaris 2021); products of jets are Leibniz's.
final class Gates {
  /// Those of U and of V; both take the features.
  let layers: [JetLayer]
  /// Jets of U.
  let first: Scratch
  /// Jets of D.
  let difference: Scratch
  /// Jets of z, by hidden layer.
  let openings: [Scratch]
  /// Adjoints of U and of D in a reverse pass, their changes in a tangent pass.
  let changes: (first: Scratch, difference: Scratch)
  private let term: Scratch

  /// None where there are no places for the two layers.
  init?(_ places: ArraySlice<LayerPlace>, features: Scratch, _ block: Int, depth: Int) {
    guard let width = places.first?.outputs else { return nil }
    let size = block * width
    layers = places.map { JetLayer($0, values: features, slopes: Scratch(size)) }
    (first, difference) = (Scratch(size), Scratch(size))
    openings = (0..<depth).map { _ in Scratch(size) }
    changes = (Scratch(size), Scratch(size))
    term = Scratch(size)
  }

  /// A copy to multiply in place.
  func copy(_ jets: Vector) -> Vector {
    let copy = term.vector.slice(0, jets.count)
    copy.assign(jets)
    return copy
  }
}

extension JetNetwork {
  /// Computes U and D from the features.
  func evaluate(_ gates: Gates, _ parameters: Vector, slopes: Bool) {
    let size = rows * gates.layers[0].outputs
    let (first, second) = (gates.first.vector, gates.difference.vector.slice(0, size))
    activate(gates.layers[0], parameters, slopes: slopes, into: first)
    activate(gates.layers[1], parameters, slopes: slopes, into: second)
    second.subtract(first.slice(0, size))
  }

  /// Writes U + z·D.
  func open(_ gates: Gates, _ index: Int, into values: Vector) {
    values.assign(gates.openings[index].vector.slice(0, values.count))
    push(gates.difference, values)
    values.add(gates.first.vector.slice(0, values.count))
  }

  /// Turns the adjoint of U + z·D into that of z, and adds to those of U and of D.
  func pullBackGate(_ gates: Gates, _ index: Int, _ adjoint: Vector) {
    gates.changes.first.vector.slice(0, adjoint.count).add(adjoint)
    let part = gates.copy(adjoint)
    pull(gates.openings[index], part)
    gates.changes.difference.vector.slice(0, adjoint.count).add(part)
    pull(gates.difference, adjoint)
  }

  /// Turns the adjoints of U and of D into those of the sums in the layers of U and of V.
  func pullBackGates(_ gates: Gates, _ visit: (JetLayer, Vector) -> Void) {
    let size = rows * gates.layers[0].outputs
    let (first, second) = (gates.changes.first.vector, gates.changes.difference.vector)
    first.slice(0, size).subtract(second.slice(0, size))
    for (layer, changes) in zip(gates.layers, [first, second]) {
      let adjoint = changes.slice(0, size)
      pull(layer.slopes, adjoint)
      visit(layer, adjoint)
    }
  }

  /// Computes the changes of U and of D along a direction in parameter space.
  func pushGates(_ gates: Gates, _ direction: Vector) {
    let size = rows * gates.layers[0].outputs
    let (first, second) = (gates.changes.first.vector, gates.changes.difference.vector)
    for (layer, changes) in zip(gates.layers, [first, second]) {
      let change = changes.slice(0, size)
      differentiate(layer, direction, into: change)
      cauchy_add_to_rows(direction.base + layer.place.bias, count, layer.outputs, change.base)
      push(layer.slopes, change)
    }
    second.slice(0, size).subtract(first.slice(0, size))
  }

  /// Turns the change of z into that of U + z·D.
  func pushGate(_ gates: Gates, _ index: Int, _ change: Vector) {
    push(gates.difference, change)
    let part = gates.copy(gates.changes.difference.vector.slice(0, change.count))
    push(gates.openings[index], part)
    change.add(part)
    change.add(gates.changes.first.vector.slice(0, change.count))
  }
}
