// A dense network at one point: all layers in one call, for right-hand sides of ordinary
// differential equations, where a call for each product would cost more than the products.
#ifndef CAUCHY_CPOINTS_H
#define CAUCHY_CPOINTS_H

#include "CKernels.h"

enum {
  /// Seeds that are pulled through the layers together; more go in groups of so many.
  cauchy_point_seeds = 8,
};

/// An affine layer, its place in the parameter vector and what a forward pass leaves there.
typedef struct {
  size_t inputs;
  size_t outputs;
  /// Where its weights, [outputs][inputs], begin.
  size_t weight;
  /// Where its biases begin.
  size_t bias;
  /// What came in: [inputs], with room up to a multiple of 8.
  double *values;
  /// The derivatives of the activations behind it: [outputs], with room as above; null behind the
  /// last layer.
  double *slopes;
} cauchy_point_layer;

typedef struct {
  cauchy_activation sigma;
  const cauchy_point_layer *layers;
  size_t layers_count;
  size_t parameters_count;
  /// The width of the widest layer, the features among them, up to a multiple of 8.
  size_t width;
  /// Room for 2 * cauchy_point_seeds runs of `width` numbers.
  double *work;
} cauchy_point_network;

/// Takes features to outputs, and leaves values and slopes in the layers.
void cauchy_point_forward(const cauchy_point_network *network, const double *parameters,
                          const double *features, double *outputs);

/// Pulls seeds, [count][outputs], back to the features: slopes is [count][features].
///
/// Where `rows` is given, the derivative of the seeded outputs by the parameters is written to
/// rows + i * rows_stride for seed i, or added to what is there.
void cauchy_point_pull(const cauchy_point_network *network, const double *parameters,
                       const double *seeds, size_t count, double *rows, size_t rows_stride,
                       int accumulate, double *slopes);

/// Writes the change of the outputs along changes of the features and of the parameters, each of
/// which may be null for none.
void cauchy_point_tangent(const cauchy_point_network *network, const double *parameters,
                          const double *features_change, const double *parameters_change,
                          double *change);

#endif
