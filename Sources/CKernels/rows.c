#include "CKernels.h"

void cauchy_layer_rows(const double *adjoint, const double *inputs, size_t jets, size_t points,
                       size_t outputs_count, size_t inputs_count, double *rows, double *biases,
                       size_t rows_stride) {
  for (size_t i = 0; i < points; i++) {
    const double *weights = adjoint + i * outputs_count;
    double *bias = biases + i * rows_stride;
    for (size_t j = 0; j < outputs_count; j++) bias[j] = weights[j];
    // [outputs][inputs] = transpose of [jets][outputs] times [jets][inputs].
    cauchy_product(weights, 1, points * outputs_count, inputs + i * inputs_count,
                   points * inputs_count, rows + i * rows_stride, outputs_count, jets,
                   inputs_count, 0);
  }
}
