// Elementary functions of many numbers.
#ifndef CAUCHY_ELEMENTARY_H
#define CAUCHY_ELEMENTARY_H

typedef enum {
  cauchy_tanh,
  cauchy_exp,
  cauchy_sin,
  cauchy_cos,
  cauchy_log1p,
  cauchy_erfc,
  cauchy_elementary_count,
} cauchy_elementary;

/// Replaces `count` numbers, a multiple of 8, by their images.
///
/// glibc's vector library (libmvec: 4 units in the last place at most) where the processor and the
/// system have it, the C library elsewhere.
void cauchy_map(cauchy_elementary function, double *x, int count);

#endif
