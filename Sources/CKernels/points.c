#include "CKernels.h"
#include "activations.h"
#include "lanes.h"

// to = base + W*x for `height` rows of `inputs` weights. Behind a loop by eights, the rest of x
// meets the last eight weights of a row, or the first eight numbers where a row is shorter.
CAUCHY_INLINE void add_dots(const double *w, size_t inputs, const double *x, const lanes *rest,
                            const double *base, double *to, const int height) {
  lanes sums[8] = {0}, total;
  size_t k = 0;
  for (; k + 8 <= inputs; k += 8) {
    const lanes factor = FROM(x + k);
#pragma clang loop unroll(full)
    for (int i = 0; i < height; i++) sums[i] += FROM(w + i * inputs + k) * factor;
  }
  if (k < inputs) {
    const double *last = w + last_lanes(inputs);
#pragma clang loop unroll(full)
    for (int i = 0; i < height; i++) sums[i] += FROM(last + i * inputs) * *rest;
  }
  sum_lanes(sums, &total);
  if (height == 8) {
    AT(to) = FROM(base) + total;
  } else {
#pragma clang loop unroll(full)
    for (int i = 0; i < height; i++) to[i] = base[i] + total[i];
  }
}

// The same for rows of one or two weights and at least eight outputs; the last eight outputs may
// be written twice.
CAUCHY_INLINE void add_columns(const double *w, size_t inputs, size_t outputs, const double *x,
                               const double *base, double *to) {
  const size_t last = last_lanes(outputs);
  for (size_t at = 0;; at = at + 8 < last ? at + 8 : last) {
    if (inputs == 1) {
      AT(to + at) = FROM(base + at) + FROM(w + at) * x[0];
    } else {
      const lanes a = FROM(w + 2 * at), b = FROM(w + 2 * at + 8);
      const lanes first = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
      const lanes second = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
      AT(to + at) = FROM(base + at) + first * x[0] + second * x[1];
    }
    if (at == last) return;
  }
}

// to = base + W*x; `to` is not `base`, and `room` numbers may be read from `w` on.
CAUCHY_INLINE void add_product(const double *w, size_t room, size_t inputs, size_t outputs,
                               const double *x, const double *base, double *to) {
  if (inputs <= 2 && outputs >= 8) return add_columns(w, inputs, outputs, x, base, to);
  if (inputs < 8 && (outputs - 1) * inputs + 8 > room) {
    for (size_t j = 0; j < outputs; j++) {
      double sum = base[j];
      for (size_t i = 0; i < inputs; i++) sum += w[j * inputs + i] * x[i];
      to[j] = sum;
    }
    return;
  }
  lanes rest;
  rest_lanes(x, inputs, &rest);
  size_t j = 0;
#define DOTS(height) add_dots(w + j * inputs, inputs, x, &rest, base + j, to + j, height)
  for (; j + 8 <= outputs; j += 8) DOTS(8);
  if (j + 4 <= outputs) {
    DOTS(4);
    j += 4;
  }
  if (j + 2 <= outputs) {
    DOTS(2);
    j += 2;
  }
  if (j < outputs) DOTS(1);
#undef DOTS
}

// Writes activations and their derivatives; all three have room up to a multiple of 8.
CAUCHY_INLINE void activate(cauchy_activation sigma, double *sums, size_t count, double *values,
                            double *slopes) {
  cauchy_derivatives d CAUCHY_ALIGNED;
  const size_t room = (count + 7) & ~(size_t)7;
  // No odd numbers in the room: they may be slow.
  for (size_t e = count; e < room; e++) sums[e] = 0;
  for (size_t start = 0; start < room; start += cauchy_strip) {
    const size_t n = room - start < cauchy_strip ? room - start : cauchy_strip;
    cauchy_differentiate(sigma, 1, sums + start, (int)n, d);
    for (size_t e = 0; e < n; e += 8) {
      AT(values + start + e) = FROM(d[0] + e);
      AT(slopes + start + e) = FROM(d[1] + e);
    }
  }
}

CAUCHY_CLONES
void cauchy_point_forward(const cauchy_point_network *network, const double *parameters,
                          const double *features, double *outputs) {
  const cauchy_point_layer *layer = network->layers;
  double *sums = network->work;
  for (size_t i = 0; i < layer->inputs; i++) layer->values[i] = features[i];
  for (size_t index = 0; index < network->layers_count; index++, layer++) {
    const int is_last = index + 1 == network->layers_count;
    add_product(parameters + layer->weight, network->parameters_count - layer->weight,
                layer->inputs, layer->outputs, layer->values, parameters + layer->bias,
                is_last ? outputs : sums);
    if (!is_last) activate(network->sigma, sums, layer->outputs, layer[1].values, layer->slopes);
  }
}

CAUCHY_CLONES
void cauchy_point_tangent(const cauchy_point_network *network, const double *parameters,
                          const double *features_change, const double *parameters_change,
                          double *change) {
  const cauchy_point_layer *layer = network->layers;
  double *below = network->work, *direct = below + network->width, *sums = direct + network->width;
  for (size_t i = 0; i < layer->inputs; i++) below[i] = features_change ? features_change[i] : 0;
  for (size_t index = 0; index < network->layers_count; index++, layer++) {
    const size_t room = network->parameters_count - layer->weight;
    const int is_last = index + 1 == network->layers_count;
    if (parameters_change) {
      add_product(parameters_change + layer->weight, room, layer->inputs, layer->outputs,
                  layer->values, parameters_change + layer->bias, direct);
    } else {
      for (size_t j = 0; j < layer->outputs; j++) direct[j] = 0;
    }
    add_product(parameters + layer->weight, room, layer->inputs, layer->outputs, below, direct,
                is_last ? change : sums);
    if (is_last) return;
    for (size_t j = 0; j < layer->outputs; j++) below[j] = sums[j] * layer->slopes[j];
  }
}
