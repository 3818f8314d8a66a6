// Loops over blocks of points that neither BLAS nor portable Swift runs fast: activations with
// their derivatives, jets through an activation and back, rows of per-sample Jacobians.
//
// Everything is float64. A block of jets is [jet][element], an element being a point and a neuron,
// `stride` numbers from one jet to the next. NaN and infinities pass through. Nothing allocates,
// and every function may be called from several threads at a time.
#ifndef CAUCHY_CKERNELS_H
#define CAUCHY_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "CProducts.h"

enum {
  /// Elements worked on at a time: all jets of a strip stay in the first-level cache.
  cauchy_strip = 128,
  /// The highest derivative of an activation that is known.
  cauchy_order_limit = 5,
};

typedef enum {
  cauchy_activation_tanh,
  cauchy_activation_sin,
  cauchy_activation_softplus,
  cauchy_activation_gelu,
  cauchy_activation_swish,
  cauchy_activation_rbf,
} cauchy_activation;

/// A term of Faa di Bruno's formula: coefficient * sigma^(order) * product of `order` jets, part of
/// jet `target`.
typedef struct {
  int32_t target;
  int32_t order;
  int32_t factors[4];
  double coefficient;
} cauchy_composition_term;

/// A term of Leibniz's formula: coefficient * slope[slope] * inner[part], part of jet `whole`.
typedef struct {
  int32_t whole;
  int32_t slope;
  int32_t part;
  double coefficient;
} cauchy_product_term;

/// Writes sigma and its derivatives up to `order` (at most 5) at `count` numbers;
/// values: [order + 1][count].
void cauchy_activation_values(cauchy_activation sigma, int order, const double *x, size_t count,
                              double *values);

/// Writes the jets of h = sigma(a + b) and, where `slopes` is given, those of sigma'(a + b).
///
/// `bias` holds the bias of `width` neurons over and over, at least width + cauchy_strip numbers.
/// `terms` are sorted by target and have a term for every jet but the first.
void cauchy_jets_forward(cauchy_activation sigma, int order,
                         const cauchy_composition_term *terms, size_t terms_count,
                         const double *inner, const double *bias, size_t width, size_t count,
                         size_t stride, double *outer, double *slopes);

/// Pulls the adjoint of h back to the adjoint of a, in place; `terms` are sorted by part, from the
/// first jet on.
void cauchy_jets_reverse(const cauchy_product_term *terms, size_t terms_count,
                         const double *slopes, size_t count, size_t stride, double *adjoint);

/// Turns the tangent of a into the tangent of h, in place; `terms` are sorted by whole, from the
/// last jet back.
void cauchy_jets_tangent(const cauchy_product_term *terms, size_t terms_count,
                         const double *slopes, size_t count, size_t stride, double *tangent);

/// Writes, of every point i, the derivative of the seeded outputs by a layer's weights and biases.
///
/// adjoint: [jets][points][outputs], inputs: [jets][points][inputs]; row i starts at
/// rows + i * rows_stride and holds [outputs][inputs] numbers; its biases start at
/// biases + i * rows_stride.
void cauchy_layer_rows(const double *adjoint, const double *inputs, size_t jets, size_t points,
                       size_t outputs_count, size_t inputs_count, double *rows, double *biases,
                       size_t rows_stride);

#include "CPoints.h"

#endif
