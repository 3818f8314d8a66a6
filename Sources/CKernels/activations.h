// Activations and their derivatives over one strip.
#ifndef CAUCHY_ACTIVATIONS_H
#define CAUCHY_ACTIVATIONS_H

#include "CKernels.h"

/// Derivatives by order, each of one strip.
typedef double cauchy_derivatives[cauchy_order_limit + 1][cauchy_strip];

/// Writes sigma and its derivatives up to `order` at a strip of `count` numbers, a multiple of 8.
void cauchy_differentiate(cauchy_activation sigma, int order, const double *x, int count,
                          cauchy_derivatives d);

#endif
