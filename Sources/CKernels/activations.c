#include "activations.h"

#include <math.h>
#include <string.h>

#include "elementary.h"
#include "targets.h"

// Each formula is one loop; `order` is a constant in every copy of it.
#define BY_ORDER(formula, ...)                        \
  switch (order) {                                    \
    case 0: formula(__VA_ARGS__, 0); break;           \
    case 1: formula(__VA_ARGS__, 1); break;           \
    case 2: formula(__VA_ARGS__, 2); break;           \
    case 3: formula(__VA_ARGS__, 3); break;           \
    case 4: formula(__VA_ARGS__, 4); break;           \
    default: formula(__VA_ARGS__, 5); break;          \
  }

// t = tanh(x); derivatives are polynomials of t times 1 - t*t.
CAUCHY_INLINE void tanh_orders(const double *t, cauchy_derivatives d, int count, int order) {
  CAUCHY_INDEPENDENT
  for (int e = 0; e < count; e++) {
    const double y = t[e], q = y * y, s = 1 - q;
    d[0][e] = y;
    if (order >= 1) d[1][e] = s;
    if (order >= 2) d[2][e] = -2 * y * s;
    if (order >= 3) d[3][e] = s * (6 * q - 2);
    if (order >= 4) d[4][e] = s * y * (16 - 24 * q);
    if (order >= 5) d[5][e] = s * (16 + q * (120 * q - 120));
  }
}

CAUCHY_INLINE void sin_orders(const double *s, const double *c, cauchy_derivatives d, int count,
                              int order) {
  CAUCHY_INDEPENDENT
  for (int e = 0; e < count; e++) {
    d[0][e] = s[e];
    if (order >= 1) d[1][e] = c[e];
    if (order >= 2) d[2][e] = -s[e];
    if (order >= 3) d[3][e] = -c[e];
    if (order >= 4) d[4][e] = s[e];
    if (order >= 5) d[5][e] = c[e];
  }
}

// p = the logistic function, r = 1 - p: polynomials of p times p*r, which keep their digits.
CAUCHY_INLINE double logistic(int order, double p, double r) {
  const double w = p * r;
  switch (order) {
    case 0: return p;
    case 1: return w;
    case 2: return w * (r - p);
    case 3: return w * (1 - 6 * w);
    case 4: return w * (r - p) * (1 - 12 * w);
    default: return w * (1 + w * (120 * w - 30));
  }
}

// e = exp(-|x|), l = log(1 + e).
CAUCHY_INLINE void softplus_orders(const double *x, const double *e, const double *l,
                                   cauchy_derivatives d, int count, int order) {
  CAUCHY_INDEPENDENT
  for (int i = 0; i < count; i++) {
    const double u = 1 / (1 + e[i]), v = e[i] * u;
    const double p = x[i] < 0 ? v : u, r = x[i] < 0 ? u : v;
    d[0][i] = (x[i] < 0 ? 0 : x[i]) + l[i];
    if (order >= 1) d[1][i] = logistic(0, p, r);
    if (order >= 2) d[2][i] = logistic(1, p, r);
    if (order >= 3) d[3][i] = logistic(2, p, r);
    if (order >= 4) d[4][i] = logistic(3, p, r);
    if (order >= 5) d[5][i] = logistic(4, p, r);
  }
}

CAUCHY_INLINE void swish_orders(const double *xs, const double *e, cauchy_derivatives d, int count,
                                int order) {
  CAUCHY_INDEPENDENT
  for (int i = 0; i < count; i++) {
    const double x = xs[i], u = 1 / (1 + e[i]), v = e[i] * u;
    const double p = x < 0 ? v : u, r = x < 0 ? u : v;
    d[0][i] = x * p;
    if (order >= 1) d[1][i] = x * logistic(1, p, r) + p;
    if (order >= 2) d[2][i] = x * logistic(2, p, r) + 2 * logistic(1, p, r);
    if (order >= 3) d[3][i] = x * logistic(3, p, r) + 3 * logistic(2, p, r);
    if (order >= 4) d[4][i] = x * logistic(4, p, r) + 4 * logistic(3, p, r);
    if (order >= 5) d[5][i] = x * logistic(5, p, r) + 5 * logistic(4, p, r);
  }
}

// c = erfc(-x/sqrt 2), g = exp(-x*x/2); the normal density is g/sqrt(2 pi).
CAUCHY_INLINE void gelu_orders(const double *xs, const double *c, const double *g,
                               cauchy_derivatives d, int count, int order) {
  CAUCHY_INDEPENDENT
  for (int i = 0; i < count; i++) {
    const double x = xs[i], q = x * x, f = 0.39894228040143267794 * g[i], p = 0.5 * c[i];
    d[0][i] = x * p;
    if (order >= 1) d[1][i] = p + x * f;
    if (order >= 2) d[2][i] = (2 - q) * f;
    if (order >= 3) d[3][i] = x * (q - 4) * f;
    if (order >= 4) d[4][i] = (q * (7 - q) - 4) * f;
    if (order >= 5) d[5][i] = x * (q * (q - 11) + 18) * f;
  }
}

// g = exp(-x*x); derivatives are Hermite polynomials times g.
CAUCHY_INLINE void rbf_orders(const double *xs, const double *g, cauchy_derivatives d, int count,
                              int order) {
  CAUCHY_INDEPENDENT
  for (int i = 0; i < count; i++) {
    const double x = xs[i], q = x * x;
    d[0][i] = g[i];
    if (order >= 1) d[1][i] = -2 * x * g[i];
    if (order >= 2) d[2][i] = (4 * q - 2) * g[i];
    if (order >= 3) d[3][i] = x * (12 - 8 * q) * g[i];
    if (order >= 4) d[4][i] = (q * (16 * q - 48) + 12) * g[i];
    if (order >= 5) d[5][i] = x * (q * (160 - 32 * q) - 120) * g[i];
  }
}

CAUCHY_CLONES
void cauchy_differentiate(cauchy_activation sigma, int order, const double *x, int count,
                          cauchy_derivatives d) {
  double u[cauchy_strip] CAUCHY_ALIGNED, v[cauchy_strip] CAUCHY_ALIGNED;
  switch (sigma) {
    case cauchy_activation_tanh:
      memcpy(u, x, sizeof(double) * count);
      cauchy_map(cauchy_tanh, u, count);
      BY_ORDER(tanh_orders, u, d, count)
      break;
    case cauchy_activation_sin:
      memcpy(u, x, sizeof(double) * count);
      cauchy_map(cauchy_sin, u, count);
      memcpy(v, x, sizeof(double) * count);
      if (order > 0) cauchy_map(cauchy_cos, v, count);
      BY_ORDER(sin_orders, u, v, d, count)
      break;
    case cauchy_activation_softplus:
      for (int i = 0; i < count; i++) u[i] = -fabs(x[i]);
      cauchy_map(cauchy_exp, u, count);
      memcpy(v, u, sizeof(double) * count);
      cauchy_map(cauchy_log1p, v, count);
      BY_ORDER(softplus_orders, x, u, v, d, count)
      break;
    case cauchy_activation_gelu:
      for (int i = 0; i < count; i++) u[i] = -0.70710678118654752440 * x[i];
      for (int i = 0; i < count; i++) v[i] = -0.5 * x[i] * x[i];
      cauchy_map(cauchy_erfc, u, count);
      cauchy_map(cauchy_exp, v, count);
      BY_ORDER(gelu_orders, x, u, v, d, count)
      break;
    case cauchy_activation_swish:
      for (int i = 0; i < count; i++) u[i] = -fabs(x[i]);
      cauchy_map(cauchy_exp, u, count);
      BY_ORDER(swish_orders, x, u, d, count)
      break;
    case cauchy_activation_rbf:
      for (int i = 0; i < count; i++) u[i] = -x[i] * x[i];
      cauchy_map(cauchy_exp, u, count);
      BY_ORDER(rbf_orders, x, u, d, count)
      break;
  }
}

void cauchy_activation_values(cauchy_activation sigma, int order, const double *x, size_t count,
                              double *values) {
  for (size_t start = 0; start < count; start += cauchy_strip) {
    const int n = (int)(count - start < cauchy_strip ? count - start : cauchy_strip);
    double strip[cauchy_strip] CAUCHY_ALIGNED = {0};
    cauchy_derivatives d CAUCHY_ALIGNED;
    memcpy(strip, x + start, sizeof(double) * n);
    cauchy_differentiate(sigma, order, strip, (n + 7) & ~7, d);
    for (int k = 0; k <= order; k++) {
      memcpy(values + k * count + start, d[k], sizeof(double) * n);
    }
  }
}
