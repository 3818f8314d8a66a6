import Numerics

/// The regularisers of a training, their rows stacked behind all others.
final class RegularizerStack {
  /// One of them.
  struct Entry {
    let regularizer: any Regularizer
    /// What the report calls it.
    let name: String
    /// What its squares are multiplied by in the loss.
    let weight: Double
    /// Its rows in r.
    let rows: Range<Int>
  }

  private(set) var entries: [Entry] = []
  /// How many rows there are with those before the stack.
  private(set) var end: Int

  /// Starts behind other rows.
  init(behind rows: Int) { end = rows }

  func add(_ regularizer: any Regularizer, name: String, weight: Double) {
    let rows = end..<(end + regularizer.count)
    entries.append(Entry(regularizer: regularizer, name: name, weight: weight, rows: rows))
    end = rows.upperBound
  }

  /// Each as a block of residuals: its weight is that of their mean square.
  var blocks: [ResidualBlock] {
    entries.map {
      ResidualBlock(name: $0.name, rows: $0.rows, weight: $0.weight * Double($0.rows.count))
    }
  }

  private func part(_ vector: Vector, _ entry: Entry) -> Vector {
    vector.slice(entry.rows.lowerBound, entry.rows.count)
  }

  private func scale(_ vector: Vector, _ entry: Entry) {
    let factor = entry.weight.squareRoot()
    for index in 0..<vector.count { vector[index] *= factor }
  }

  func residual(_ parameters: Vector, into residual: Vector) {
    for entry in entries {
      let own = part(residual, entry)
      entry.regularizer.residual(parameters, into: own)
      scale(own, entry)
    }
  }

  func addNormal(_ parameters: Vector, to normal: Vector) {
    for entry in entries {
      entry.regularizer.addNormal(parameters, scale: entry.weight, to: normal)
    }
  }

  func product(_ parameters: Vector, _ direction: Vector, into result: Vector) {
    for entry in entries {
      let own = part(result, entry)
      entry.regularizer.product(parameters, direction, into: own)
      scale(own, entry)
    }
  }

  /// Adds Jᵀw of its rows; `scratch`: at least as long as the weights.
  func addTransposedProduct(
    _ parameters: Vector, _ weights: Vector, to sum: Vector, scratch: Vector
  ) {
    for entry in entries {
      let own = scratch.slice(0, entry.rows.count)
      own.assign(part(weights, entry))
      scale(own, entry)
      entry.regularizer.addTransposedProduct(parameters, own, to: sum)
    }
  }

  /// Writes those of its rows that lie in a range.
  func rows(_ parameters: Vector, _ range: Range<Int>, into rows: Vector) {
    let size = parameters.count
    for entry in entries {
      let part = range.clamped(to: entry.rows)
      if part.isEmpty { continue }
      let own = rows.slice((part.lowerBound - range.lowerBound) * size, part.count * size)
      let first = part.lowerBound - entry.rows.lowerBound
      entry.regularizer.rows(parameters, first..<(first + part.count), into: own)
      scale(own, entry)
    }
  }
}
