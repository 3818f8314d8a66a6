import Numerics

/// A vector-valued polynomial on the unit interval by its values at Chebyshev-Lobatto points.
struct ChebyshevValues {
  let degree: Int
  let nodes: [Double]
  private let dimension: Int
  private let storage: Storage

  /// Allocates zeros.
  init(dimension: Int, degree: Int) {
    self.dimension = dimension
    self.degree = degree
    nodes = Chebyshev.nodes(degree)
    storage = Storage((degree + 1) * dimension)
  }

  /// The value at a node, to be read or written.
  func value(_ node: Int) -> Vector { storage.vector.slice(node * dimension, dimension) }

  func interpolate(_ theta: Double, into y: Vector) {
    Chebyshev.interpolate(degree, theta, nodes, storage.vector, into: y)
  }

  /// The weighted size of the two highest Chebyshev coefficients: how much is missing beyond them.
  func tail(_ norm: ErrorNorm, _ yOld: Vector, _ yNew: Vector, scratch: Vector) -> Double {
    var largest = 0.0
    for k in degree - 1...degree {
      scratch.fill(0)
      for j in 0...degree {
        let ends = (j == 0 || j == degree ? 0.5 : 1) * (k == degree ? 0.5 : 1)
        let weight = 2 / Double(degree) * ends * Chebyshev.cosine(j * k, degree)
        for c in 0..<dimension { scratch[c] += weight * value(j)[c] }
      }
      largest = max(largest, norm.measure(scratch, yOld, yNew))
    }
    return largest
  }
}
