#include <string.h>

#include "CKernels.h"
#include "activations.h"
#include "targets.h"

static const double zeros[cauchy_strip] CAUCHY_ALIGNED = {0};

// h = base + c * d * product of factors, and the same for the slopes, which have the next
// derivative in place of d. `base` is h itself or zeros.
#define TERM_LOOP(product)                                              \
  if (s) {                                                              \
    CAUCHY_INDEPENDENT                                                  \
    for (int e = 0; e < n; e++) {                                       \
      const double p = c * product;                                     \
      h[e] = h0[e] + d[e] * p;                                          \
      s[e] = s0[e] + d1[e] * p;                                         \
    }                                                                   \
  } else {                                                              \
    CAUCHY_INDEPENDENT                                                  \
    for (int e = 0; e < n; e++) h[e] = h0[e] + d[e] * (c * product);    \
  }

CAUCHY_INLINE void compose(const cauchy_composition_term *term, int isFirst, const double *inner,
                           size_t stride, const cauchy_derivatives derivatives, int n, double *h,
                           double *s) {
  const double c = term->coefficient;
  const double *d = derivatives[term->order], *d1 = s ? derivatives[term->order + 1] : 0;
  const double *h0 = isFirst ? zeros : h, *s0 = isFirst ? zeros : s;
  const double *a0 = inner + term->factors[0] * stride, *a1 = inner + term->factors[1] * stride;
  const double *a2 = inner + term->factors[2] * stride, *a3 = inner + term->factors[3] * stride;
  switch (term->order) {
    case 1: TERM_LOOP(a0[e]) break;
    case 2: TERM_LOOP((a0[e] * a1[e])) break;
    case 3: TERM_LOOP((a0[e] * a1[e] * a2[e])) break;
    default: TERM_LOOP((a0[e] * a1[e] * (a2[e] * a3[e]))) break;
  }
}

CAUCHY_INLINE void forward_strip(cauchy_activation sigma, int order,
                                 const cauchy_composition_term *terms, size_t terms_count,
                                 const double *inner, const double *bias, int n, size_t stride,
                                 double *outer, double *slopes) {
  double x[cauchy_strip] CAUCHY_ALIGNED;
  cauchy_derivatives d CAUCHY_ALIGNED;
  for (int e = 0; e < n; e++) x[e] = inner[e] + bias[e];
  for (int e = n; e < ((n + 7) & ~7); e++) x[e] = 0;
  cauchy_differentiate(sigma, slopes ? order + 1 : order, x, (n + 7) & ~7, d);
  for (int e = 0; e < n; e++) outer[e] = d[0][e];
  if (slopes) {
    for (int e = 0; e < n; e++) slopes[e] = d[1][e];
  }
  int32_t target = 0;
  for (size_t t = 0; t < terms_count; t++) {
    const int isFirst = terms[t].target != target;
    target = terms[t].target;
    compose(&terms[t], isFirst, inner, stride, d, n, outer + target * stride,
            slopes ? slopes + target * stride : 0);
  }
}

CAUCHY_CLONES
void cauchy_jets_forward(cauchy_activation sigma, int order,
                         const cauchy_composition_term *terms, size_t terms_count,
                         const double *inner, const double *bias, size_t width, size_t count,
                         size_t stride, double *outer, double *slopes) {
  for (size_t start = 0; start < count; start += cauchy_strip) {
    const int n = (int)(count - start < cauchy_strip ? count - start : cauchy_strip);
    forward_strip(sigma, order, terms, terms_count, inner + start, bias + start % width, n, stride,
                  outer + start, slopes ? slopes + start : 0);
  }
}

// Adds up the terms from `t` on whose result is the same jet; returns the index after them.
CAUCHY_INLINE size_t gather(const cauchy_product_term *terms, size_t t, size_t terms_count,
                            int isReverse, const double *slopes, size_t stride, int n,
                            double *jets) {
  double sum[cauchy_strip] CAUCHY_ALIGNED;
  const int32_t result = isReverse ? terms[t].part : terms[t].whole;
  int isFirst = 1;
  for (; t < terms_count && (isReverse ? terms[t].part : terms[t].whole) == result; t++) {
    const double c = terms[t].coefficient, *base = isFirst ? zeros : sum;
    const double *s = slopes + terms[t].slope * stride;
    const double *a = jets + (isReverse ? terms[t].whole : terms[t].part) * stride;
    CAUCHY_INDEPENDENT
    for (int e = 0; e < n; e++) sum[e] = base[e] + c * s[e] * a[e];
    isFirst = 0;
  }
  memcpy(jets + result * stride, sum, sizeof(double) * n);
  return t;
}

#define EVERY_STRIP(isReverse, jets)                                                        \
  for (size_t start = 0; start < count; start += cauchy_strip) {                            \
    const int n = (int)(count - start < cauchy_strip ? count - start : cauchy_strip);       \
    for (size_t t = 0; t < terms_count;) {                                                  \
      t = gather(terms, t, terms_count, isReverse, slopes + start, stride, n, jets + start); \
    }                                                                                       \
  }

CAUCHY_CLONES
void cauchy_jets_reverse(const cauchy_product_term *terms, size_t terms_count,
                         const double *slopes, size_t count, size_t stride, double *adjoint) {
  EVERY_STRIP(1, adjoint)
}

CAUCHY_CLONES
void cauchy_jets_tangent(const cauchy_product_term *terms, size_t terms_count,
                         const double *slopes, size_t count, size_t stride, double *tangent) {
  EVERY_STRIP(0, tangent)
}
