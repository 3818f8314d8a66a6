import Numerics
import Problems

/// Where the errors of all unknowns are looked for: products of functions of each variable.
struct ErrorSpace {
  /// A derivative of an unknown: the orders by variable.
  struct Leaf: Hashable {
    var unknown: Int
    var orders: [Int]
  }

  /// By unknown, then by variable.
  private let axes: [[AxisBasis]]
  /// Where the functions of each unknown start.
  let offsets: [Int]
  /// Of all unknowns.
  let count: Int
  let dimension: Int

  /// - Parameter orders: the highest derivative, by unknown, then by variable.
  init(_ problem: Problem, orders: [[Int]], counts: [Int]) {
    let periodic = problem.periodicVariables
    axes = orders.map { own in
      problem.variables.indices.map { index in
        AxisBasis(
          problem.variables[index], count: counts[index], order: own[index],
          isPeriodic: periodic.contains(problem.variables[index].name))
      }
    }
    dimension = problem.variables.count
    var offsets: [Int] = []
    var count = 0
    for own in axes {
      offsets.append(count)
      count += own.reduce(1) { $0 * $1.count }
    }
    self.offsets = offsets
    self.count = count
  }

  /// How many functions an unknown has.
  func size(of unknown: Int) -> Int { axes[unknown].reduce(1) { $0 * $1.count } }

  /// The variables in which a function is among the last quarter.
  func tailAxes(_ index: Int) -> [Int] {
    let unknown = (offsets.firstIndex { $0 > index } ?? offsets.count) - 1
    var rest = index - offsets[unknown]
    return axes[unknown].indices.reversed().filter { axis in
      let count = axes[unknown][axis].count
      defer { rest /= count }
      return 4 * (rest % count) >= 3 * count
    }
  }

  /// The values of a leaf's functions at a point; `[size]`, the last variable's vary fastest.
  func functions(_ leaf: Leaf, at point: ArraySlice<Double>) -> [Double] {
    var products = [1.0]
    for (axis, (basis, place)) in zip(axes[leaf.unknown], point).enumerated() {
      let own = basis.values(leaf.orders[axis], at: place)
      if products.count == 1 {
        products = own.map { $0 * products[0] }
      } else {
        var next = [Double](repeating: 0, count: products.count * own.count)
        var index = 0
        for left in products {
          for right in own {
            next[index] = left * right
            index += 1
          }
        }
        products = next
      }
    }
    return products
  }

  /// Adds Σ slope·functions of the terms' leaves to a row; `row`: `[count]`.
  func add(_ terms: [(leaf: Leaf, slope: Double)], at point: ArraySlice<Double>, to row: Vector) {
    for (leaf, slope) in terms where slope != 0 {
      let first = offsets[leaf.unknown]
      for (index, value) in functions(leaf, at: point).enumerated() {
        row.base[first + index] += slope * value
      }
    }
  }
}
