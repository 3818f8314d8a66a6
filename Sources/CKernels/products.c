#include "CProducts.h"

#include "targets.h"

CAUCHY_CLONES
void cauchy_add_rows(const double *a, size_t rows, size_t columns, double *sums) {
  for (size_t i = 0; i < rows; i++) {
    CAUCHY_INDEPENDENT
    for (size_t j = 0; j < columns; j++) sums[j] += a[i * columns + j];
  }
}

CAUCHY_CLONES
void cauchy_add_to_rows(const double *terms, size_t rows, size_t columns, double *a) {
  for (size_t i = 0; i < rows; i++) {
    CAUCHY_INDEPENDENT
    for (size_t j = 0; j < columns; j++) a[i * columns + j] += terms[j];
  }
}

void cauchy_transpose(const double *a, size_t rows, size_t columns, double *transposed) {
  for (size_t j = 0; j < columns; j++) {
    for (size_t i = 0; i < rows; i++) transposed[j * rows + i] = a[i * columns + j];
  }
}

#if defined(__x86_64__) && defined(__clang__)
#include <immintrin.h>

// 32 registers: 24 sums, a row of B, a factor.
#define TARGET "avx512f"
#define TILE_ROWS 8
#define LANES 8
#define VECTOR __m512d
#define MASK __mmask8
#define NAME(part) part##8
#define ZERO _mm512_setzero_pd
#define BROADCAST _mm512_set1_pd
#define FMA _mm512_fmadd_pd
#define LOAD(p, isLast, mask) ((isLast) ? _mm512_maskz_loadu_pd(mask, p) : _mm512_loadu_pd(p))
#define STORE(p, isLast, mask, x) \
  ((isLast) ? _mm512_mask_storeu_pd(p, mask, x) : _mm512_storeu_pd(p, x))
static inline __mmask8 mask8(int count) { return (__mmask8)((1u << count) - 1); }
#include "tiles.h"
#undef TARGET
#undef TILE_ROWS
#undef LANES
#undef VECTOR
#undef MASK
#undef NAME
#undef ZERO
#undef BROADCAST
#undef FMA
#undef LOAD
#undef STORE

// 16 registers: 12 sums, a row of B, a factor.
#define TARGET "avx2,fma"
#define TILE_ROWS 4
#define LANES 4
#define VECTOR __m256d
#define MASK __m256i
#define NAME(part) part##4
#define ZERO _mm256_setzero_pd
#define BROADCAST _mm256_set1_pd
#define FMA _mm256_fmadd_pd
#define LOAD(p, isLast, mask) ((isLast) ? _mm256_maskload_pd(p, mask) : _mm256_loadu_pd(p))
#define STORE(p, isLast, mask, x) \
  ((isLast) ? _mm256_maskstore_pd(p, mask, x) : _mm256_storeu_pd(p, x))
__attribute__((target("avx2,fma"))) static inline __m256i mask4(int count) {
  return _mm256_cmpgt_epi64(_mm256_set1_epi64x(count), _mm256_set_epi64x(3, 2, 1, 0));
}
#include "tiles.h"

int cauchy_has_product(void) {
  return __builtin_cpu_supports("avx512f")
         || (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"));
}

void cauchy_product(const double *a, size_t a_row, size_t a_column, const double *b, size_t b_row,
                    double *c, size_t rows, size_t inner, size_t columns, int accumulate) {
  if (__builtin_cpu_supports("avx512f")) {
    product8(a, a_row, a_column, b, b_row, c, rows, inner, columns, accumulate);
  } else {
    product4(a, a_row, a_column, b, b_row, c, rows, inner, columns, accumulate);
  }
}
#else
int cauchy_has_product(void) { return 0; }

void cauchy_product(const double *a, size_t a_row, size_t a_column, const double *b, size_t b_row,
                    double *c, size_t rows, size_t inner, size_t columns, int accumulate) {
  for (size_t i = 0; i < rows; i++) {
    for (size_t j = 0; j < columns; j++) {
      double sum = accumulate ? c[i * columns + j] : 0;
      for (size_t k = 0; k < inner; k++) sum += a[i * a_row + k * a_column] * b[k * b_row + j];
      c[i * columns + j] = sum;
    }
  }
}
#endif
