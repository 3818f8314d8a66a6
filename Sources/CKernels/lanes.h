// Eight numbers at a time; the compiler splits them where registers are shorter.
#ifndef CAUCHY_LANES_H
#define CAUCHY_LANES_H

#include <stddef.h>
#include <stdint.h>

#include "targets.h"

typedef double lanes __attribute__((vector_size(64), aligned(8), may_alias));
typedef int64_t bits __attribute__((vector_size(64), aligned(8), may_alias));

#define AT(p) (*(lanes *)(p))
#define FROM(p) (*(const lanes *)(p))

// Where the last eight of `count` numbers begin; fewer than eight begin at the first.
CAUCHY_INLINE size_t last_lanes(size_t count) { return count < 8 ? 0 : count - 8; }

// Eight numbers from last_lanes(count) on; those that a loop by eights has seen before, and what
// follows the last one, are 0, whatever stands there.
CAUCHY_INLINE void rest_lanes(const double *x, size_t count, lanes *rest) {
  static const int64_t masks[24] = {0,  0,  0,  0,  0, 0, 0, 0, -1, -1, -1, -1,
                                    -1, -1, -1, -1, 0, 0, 0, 0, 0,  0,  0,  0};
  const size_t start = count < 8 ? 16 - count : count % 8;
  *rest = (lanes)((bits)FROM(x + last_lanes(count)) & *(const bits *)(masks + start));
}

// The sums of the lanes of eight vectors; each is added up in the same order.
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

#endif
