#include "CProducts.h"
#include "lanes.h"

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
