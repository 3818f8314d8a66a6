import Glibc
import Numerics

/// The weights of a factorised layer, W = diag(eˢ)·V, and the chain rule back to s and V.
///
/// Wang, Wang, Seidman and Perdikaris (2022). With G = ∂L/∂W: ∂L/∂V = diag(eˢ)·G and
/// ∂L/∂s_j = Σᵢ W_ji·G_ji.
final class WeightFactors {
  private let place: LayerPlace
  private let scale: Int
  /// W of the last forward pass, `[out, in]`.
  private let weights: Scratch
  /// eˢ of the last forward pass, `[out]`.
  private let growth: Scratch
  /// A change of W, or the gradient by it.
  private let change: Scratch

  /// None for a layer that has its weights as they are.
  init?(_ place: LayerPlace) {
    guard let scale = place.scale else { return nil }
    self.place = place
    self.scale = scale
    weights = Scratch(place.inputs * place.outputs)
    growth = Scratch(place.outputs)
    change = Scratch(place.inputs * place.outputs)
  }

  /// W as the last forward pass had it.
  var product: Vector { weights.vector }

  /// Computes W from the parameters.
  func multiply(_ parameters: Vector) {
    for neuron in 0..<place.outputs {
      let factor = exp(parameters[scale + neuron])
      growth.vector[neuron] = factor
      let row = neuron * place.inputs
      for index in row..<row + place.inputs {
        weights.vector[index] = factor * parameters[place.weight + index]
      }
    }
  }

  /// The change of W along a direction in parameter space: diag(eˢ)·dV + diag(ds)·W.
  func change(along direction: Vector) -> Vector {
    for neuron in 0..<place.outputs {
      let (factor, slope) = (growth.vector[neuron], direction[scale + neuron])
      let row = neuron * place.inputs
      for index in row..<row + place.inputs {
        change.vector[index] =
          factor * direction[place.weight + index] + slope * weights.vector[index]
      }
    }
    return change.vector
  }

  /// Room for a gradient by W, all zeros.
  func blankGradient() -> Vector {
    change.vector.fill(0)
    return change.vector
  }

  /// Adds what ``blankGradient()`` was filled with to a gradient by the parameters.
  func addGradient(to gradient: Vector) {
    for neuron in 0..<place.outputs {
      let (factor, row) = (growth.vector[neuron], neuron * place.inputs)
      let (part, sum) = (
        change.vector.slice(row, place.inputs), gradient.slice(place.weight + row, place.inputs)
      )
      gradient[scale + neuron] += weights.vector.slice(row, place.inputs).dot(part)
      for index in 0..<place.inputs { sum[index] += factor * part[index] }
    }
  }

  /// Turns rows that hold gradients by W, where V belongs, into rows by s and V.
  func pullBack(_ rows: Vector, count: Int, stride: Int) {
    for point in 0..<count {
      for neuron in 0..<place.outputs {
        let (start, row) = (point * stride, neuron * place.inputs)
        let part = rows.slice(start + place.weight + row, place.inputs)
        rows[start + scale + neuron] = weights.vector.slice(row, place.inputs).dot(part)
        part.multiply(by: growth.vector[neuron])
      }
    }
  }
}
