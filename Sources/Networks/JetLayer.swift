import CKernels
import Numerics

/// One affine layer of a network and the activation behind it: its workspaces.
final class JetLayer {
  let place: LayerPlace
  /// Jets that come in, [jet][point][input].
  let values: Scratch
  /// Jets of the slope of its activation, [jet][point][output]; none behind the last layer.
  let slopes: Scratch
  /// The biases over and over, for strips that begin at any neuron.
  let biases: Scratch
  /// Of a factorised layer.
  let factors: WeightFactors?
  /// What its activations are multiplied by before what came in is added; nil: they stand alone.
  let skip: Double?

  init(_ place: LayerPlace, values: Scratch, slopes: Scratch, skip: Double? = nil) {
    self.place = place
    self.values = values
    self.slopes = slopes
    self.skip = skip
    biases = Scratch(place.outputs + cauchy_strip)
    factors = WeightFactors(place)
  }

  var inputs: Int { place.inputs }
  var outputs: Int { place.outputs }

  /// W, `[out, in]`; of a factorised layer that of the last forward pass.
  func weights(_ parameters: Vector) -> Vector {
    factors?.product ?? parameters.slice(place.weight, place.inputs * place.outputs)
  }

  /// The change of W along a direction in parameter space.
  func weights(along direction: Vector) -> Vector {
    factors?.change(along: direction)
      ?? direction.slice(place.weight, place.inputs * place.outputs)
  }
}
