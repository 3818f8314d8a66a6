#include "CKernels.h"
#include "lanes.h"

// to = f*x, or to + f*x: `count` numbers, and none beside them.
CAUCHY_INLINE void put(double *to, const double *x, size_t count, double f, int accumulate) {
  if (count < 8) {
    for (size_t i = 0; i < count; i++) to[i] = accumulate ? to[i] + f * x[i] : f * x[i];
    return;
  }
  size_t i = 0;
  if (accumulate) {
    for (; i + 8 <= count; i += 8) AT(to + i) = FROM(to + i) + f * FROM(x + i);
    if (i == count) return;
    lanes rest;
    rest_lanes(x, count, &rest);
    AT(to + count - 8) = FROM(to + count - 8) + f * rest;
  } else {
    for (; i + 8 <= count; i += 8) AT(to + i) = f * FROM(x + i);
    if (i < count) AT(to + count - 8) = f * FROM(x + count - 8);
  }
}

// The derivative by pairs of weights: delta_0 x_0, delta_0 x_1, delta_1 x_0, ...
CAUCHY_INLINE void put_pairs(double *to, const double *delta, size_t outputs, const double *x,
                             int accumulate) {
  const lanes pair = {x[0], x[1], x[0], x[1], x[0], x[1], x[0], x[1]};
  const size_t last = last_lanes(outputs);
  lanes rest;
  rest_lanes(delta, outputs, &rest);
  for (size_t at = 0;; at = at + 8 < last ? at + 8 : last) {
    const int is_rest = accumulate && at == last && outputs % 8;
    const lanes d = is_rest ? rest : FROM(delta + at);
    const lanes low = __builtin_shufflevector(d, d, 0, 0, 1, 1, 2, 2, 3, 3) * pair;
    const lanes high = __builtin_shufflevector(d, d, 4, 4, 5, 5, 6, 6, 7, 7) * pair;
    double *here = to + 2 * at;
    AT(here) = accumulate ? FROM(here) + low : low;
    AT(here + 8) = accumulate ? FROM(here + 8) + high : high;
    if (at == last) return;
  }
}

// The derivative by a layer's weights and biases.
CAUCHY_INLINE void put_layer(const cauchy_point_layer *layer, const double *delta, double *row,
                             int accumulate) {
  const size_t inputs = layer->inputs, outputs = layer->outputs;
  double *to = row + layer->weight;
  if (inputs == 1) {
    put(to, delta, outputs, layer->values[0], accumulate);
  } else if (inputs == 2 && outputs >= 8) {
    put_pairs(to, delta, outputs, layer->values, accumulate);
  } else if (inputs >= 8) {
    for (size_t j = 0; j < outputs; j++) {
      put(to + j * inputs, layer->values, inputs, delta[j], accumulate);
    }
  } else {
    // Short rows overrun into what is written next, the biases among it; sums cannot, each would
    // wait for the one before.
    const size_t end = (inputs + 1) * outputs;
    lanes x;
    rest_lanes(layer->values, inputs, &x);
    for (size_t j = 0; j < outputs; j++) {
      double *here = to + j * inputs;
      if (!accumulate && j * inputs + 8 <= end) {
        AT(here) = delta[j] * x;
      } else {
        put(here, layer->values, inputs, delta[j], accumulate);
      }
    }
  }
  put(row + layer->bias, delta, outputs, 1, accumulate);
}

// below = transpose(W)*delta, times the slopes where given, for up to four strips of inputs from
// `start` on and `seeds` seeds; the last strip ends with the last input.
CAUCHY_INLINE void pull_strips(const double *w, size_t inputs, size_t outputs, size_t start,
                               const int strips, const int seeds, const double *delta,
                               size_t delta_stride, const double *slopes, double *below,
                               size_t stride) {
  size_t at[4];
  for (int t = 0; t < strips; t++) {
    at[t] = start + 8 * t < last_lanes(inputs) ? start + 8 * t : last_lanes(inputs);
  }
  lanes sums[4][2] = {0}, odd[2] = {0};
  size_t j = 0;
  if (strips == 1) {
    // A sum of its own for every other output: one would wait for its last addition.
    for (; j + 2 <= outputs; j += 2) {
      const lanes a = FROM(w + j * inputs + at[0]), b = FROM(w + (j + 1) * inputs + at[0]);
#pragma clang loop unroll(full)
      for (int s = 0; s < seeds; s++) {
        sums[0][s] += delta[s * delta_stride + j] * a;
        odd[s] += delta[s * delta_stride + j + 1] * b;
      }
    }
  }
  for (; j < outputs; j++) {
#pragma clang loop unroll(full)
    for (int t = 0; t < strips; t++) {
      const lanes a = FROM(w + j * inputs + at[t]);
#pragma clang loop unroll(full)
      for (int s = 0; s < seeds; s++) sums[t][s] += delta[s * delta_stride + j] * a;
    }
  }
#pragma clang loop unroll(full)
  for (int t = 0; t < strips; t++) {
#pragma clang loop unroll(full)
    for (int s = 0; s < seeds; s++) {
      const lanes sum = strips == 1 ? sums[t][s] + odd[s] : sums[t][s];
      AT(below + s * stride + at[t]) = slopes ? sum * FROM(slopes + at[t]) : sum;
    }
  }
}

// below = transpose(W)*delta for rows of one or two weights, at least eight of them.
CAUCHY_INLINE void pull_columns(const double *w, size_t inputs, size_t outputs,
                                const double *delta, const double *slopes, double *below) {
  const size_t last = last_lanes(outputs);
  lanes sums[8] = {0}, rest, total;
  rest_lanes(delta, outputs, &rest);
  for (size_t at = 0;; at = at + 8 < last ? at + 8 : last) {
    const lanes d = at == last && outputs % 8 ? rest : FROM(delta + at);
    if (inputs == 1) {
      sums[0] += d * FROM(w + at);
    } else {
      const lanes a = FROM(w + 2 * at), b = FROM(w + 2 * at + 8);
      sums[0] += d * __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
      sums[1] += d * __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
    }
    if (at == last) break;
  }
  sum_lanes(sums, &total);
  for (size_t i = 0; i < inputs; i++) below[i] = slopes ? total[i] * slopes[i] : total[i];
}

// below = transpose(W)*delta, times the slopes where given, for one or two seeds.
CAUCHY_INLINE void pull_layer(const double *w, size_t room, size_t inputs, size_t outputs,
                              const int seeds, const double *delta, size_t delta_stride,
                              const double *slopes, double *below, size_t stride) {
  if (inputs <= 2 && outputs >= 8) {
    for (int s = 0; s < seeds; s++) {
      pull_columns(w, inputs, outputs, delta + s * delta_stride, slopes, below + s * stride);
    }
    return;
  }
  if (inputs < 8 && (outputs - 1) * inputs + 8 > room) {
    for (int s = 0; s < seeds; s++) {
      for (size_t i = 0; i < inputs; i++) {
        double sum = 0;
        for (size_t j = 0; j < outputs; j++) sum += delta[s * delta_stride + j] * w[j * inputs + i];
        below[s * stride + i] = slopes ? sum * slopes[i] : sum;
      }
    }
    return;
  }
#define STRIPS(count) \
  pull_strips(w, inputs, outputs, start, count, seeds, delta, delta_stride, slopes, below, stride)
  for (size_t start = 0; start < inputs; start += 32) {
    switch ((inputs - start + 7) / 8) {
      case 1: STRIPS(1); break;
      case 2: STRIPS(2); break;
      case 3: STRIPS(3); break;
      default: STRIPS(4); break;
    }
  }
#undef STRIPS
}

CAUCHY_INLINE void pull_group(const cauchy_point_network *network, const double *parameters,
                              const double *seeds, size_t count, double *rows,
                              size_t rows_stride, int accumulate, double *slopes) {
  const size_t outputs = network->layers[network->layers_count - 1].outputs;
  const size_t features = network->layers[0].inputs, width = network->width;
  const double *delta = seeds;
  size_t stride = outputs;
  for (size_t index = network->layers_count; index-- > 0;) {
    const cauchy_point_layer *layer = network->layers + index;
    double *below = network->work + (index & 1) * cauchy_point_seeds * width;
    const double *factors = index > 0 ? layer[-1].slopes : 0;
    if (rows) {
      for (size_t s = 0; s < count; s++) {
        put_layer(layer, delta + s * stride, rows + s * rows_stride, accumulate);
      }
    }
#define PULL(seeds)                                                                         \
  pull_layer(parameters + layer->weight, network->parameters_count - layer->weight,         \
             layer->inputs, layer->outputs, seeds, delta + s * stride, stride, factors,     \
             below + s * width, width)
    size_t s = 0;
    for (; s + 2 <= count; s += 2) PULL(2);
    if (s < count) PULL(1);
#undef PULL
    delta = below;
    stride = width;
  }
  for (size_t s = 0; s < count; s++) {
    for (size_t i = 0; i < features; i++) slopes[s * features + i] = delta[s * width + i];
  }
}

CAUCHY_CLONES
void cauchy_point_pull(const cauchy_point_network *network, const double *parameters,
                       const double *seeds, size_t count, double *rows, size_t rows_stride,
                       int accumulate, double *slopes) {
  const size_t outputs = network->layers[network->layers_count - 1].outputs;
  const size_t features = network->layers[0].inputs;
  for (size_t s = 0; s < count; s += cauchy_point_seeds) {
    const size_t n = count - s < cauchy_point_seeds ? count - s : cauchy_point_seeds;
    pull_group(network, parameters, seeds + s * outputs, n, rows ? rows + s * rows_stride : 0,
               rows_stride, accumulate, slopes + s * features);
  }
}
