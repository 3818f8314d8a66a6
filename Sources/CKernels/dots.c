#include "CProducts.h"
#include "targets.h"

// Eight numbers; the compiler splits them where registers are shorter.
typedef double lanes __attribute__((vector_size(64), aligned(8), may_alias));

// The sums of the lanes of eight vectors.
CAUCHY_INLINE void sum_lanes(const lanes *v, lanes *sums) {
  lanes pairs[4], quads[2];
  for (int i = 0; i < 4; i++) {
    pairs[i] = __builtin_shufflevector(v[2 * i], v[2 * i + 1], 0, 8, 2, 10, 4, 12, 6, 14)
               + __builtin_shufflevector(v[2 * i], v[2 * i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
  for (int i = 0; i < 2; i++) {
    const lanes a = pairs[2 * i], b = pairs[2 * i + 1];
    quads[i] = __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13)
               + __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
  }
  *sums = __builtin_shufflevector(quads[0], quads[1], 0, 1, 2, 3, 8, 9, 10, 11)
          + __builtin_shufflevector(quads[0], quads[1], 4, 5, 6, 7, 12, 13, 14, 15);
}

// The dot products of `height` (at most 8) rows of A with one vector.
CAUCHY_INLINE void dot_rows(const double *a, const double *w, size_t inner, const int height,
                            lanes *result) {
  lanes sums[8] = {0};
  size_t k = 0;
  for (; k + 8 <= inner; k += 8) {
    const lanes factor = *(const lanes *)(w + k);
#pragma clang loop unroll(full)
    for (int i = 0; i < height; i++) sums[i] += *(const lanes *)(a + i * inner + k) * factor;
  }
  sum_lanes(sums, result);
  for (; k < inner; k++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < height; i++) (*result)[i] += a[i * inner + k] * w[k];
  }
}

CAUCHY_CLONES
void cauchy_dots(const double *a, const double *b, double *c, size_t rows, size_t inner,
                 size_t columns, int accumulate) {
  for (size_t j = 0; j < columns; j++) {
    size_t i = 0;
    for (; i + 8 <= rows; i += 8) {
      lanes result;
      dot_rows(a + i * inner, b + j * inner, inner, 8, &result);
      double *to = c + i * columns + j;
      for (int r = 0; r < 8; r++) {
        to[r * columns] = accumulate ? to[r * columns] + result[r] : result[r];
      }
    }
    for (; i < rows; i++) {
      lanes result;
      dot_rows(a + i * inner, b + j * inner, inner, 1, &result);
      double *to = c + i * columns + j;
      *to = accumulate ? *to + result[0] : result[0];
    }
  }
}
