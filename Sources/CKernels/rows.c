#include "CKernels.h"
#include "targets.h"

// row (+)= sum over up to four jets of w[jet] * inputs[jet]; a missing jet has weight zero.
#define ROW_LOOP(value)                                \
  CAUCHY_INDEPENDENT                                   \
  for (size_t k = 0; k < n; k++) row[k] = value

CAUCHY_INLINE void add_jets(const double *const *a, const double *w, size_t jets, int isFirst,
                            size_t n, double *row) {
  const double *a0 = a[0], *a1 = a[1], *a2 = a[2], *a3 = a[3];
  const double w0 = w[0], w1 = w[1], w2 = w[2], w3 = w[3];
  if (isFirst) {
    switch (jets) {
      case 1: ROW_LOOP(w0 * a0[k]); break;
      case 2: ROW_LOOP(w0 * a0[k] + w1 * a1[k]); break;
      case 3: ROW_LOOP(w0 * a0[k] + w1 * a1[k] + w2 * a2[k]); break;
      default: ROW_LOOP(w0 * a0[k] + w1 * a1[k] + w2 * a2[k] + w3 * a3[k]); break;
    }
    return;
  }
  switch (jets) {
    case 1: ROW_LOOP(row[k] + w0 * a0[k]); break;
    case 2: ROW_LOOP(row[k] + w0 * a0[k] + w1 * a1[k]); break;
    case 3: ROW_LOOP(row[k] + w0 * a0[k] + w1 * a1[k] + w2 * a2[k]); break;
    default: ROW_LOOP(row[k] + w0 * a0[k] + w1 * a1[k] + w2 * a2[k] + w3 * a3[k]); break;
  }
}

CAUCHY_CLONES
void cauchy_layer_rows(const double *adjoint, const double *inputs, size_t jets, size_t points,
                       size_t outputs_count, size_t inputs_count, double *rows, double *biases,
                       size_t rows_stride) {
  const size_t outputs_stride = points * outputs_count, inputs_stride = points * inputs_count;
  for (size_t i = 0; i < points; i++) {
    const double *w = adjoint + i * outputs_count, *a = inputs + i * inputs_count;
    double *bias = biases + i * rows_stride;
    for (size_t j = 0; j < outputs_count; j++) bias[j] = w[j];
    for (size_t first = 0; first < jets; first += 4) {
      const size_t group = jets - first < 4 ? jets - first : 4;
      const double *sources[4] = {a, a, a, a};
      for (size_t q = 0; q < group; q++) sources[q] = a + (first + q) * inputs_stride;
      double *row = rows + i * rows_stride;
      for (size_t j = 0; j < outputs_count; j++, row += inputs_count) {
        double weights[4] = {0, 0, 0, 0};
        for (size_t q = 0; q < group; q++) weights[q] = w[(first + q) * outputs_stride + j];
        add_jets(sources, weights, group, first == 0, inputs_count, row);
      }
    }
  }
}
