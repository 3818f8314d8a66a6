// The tiles of a product, for one width of vectors; products.c includes this once for each.
//
// TARGET, LANES, VECTOR, BROADCAST, ZERO, LOAD, STORE, FMA, MASK and NAME are defined there. A tile
// of C stays in registers while a column of A times a row of B is added for every k.

__attribute__((target(TARGET), always_inline)) static inline void NAME(tile)(
    const double *a, size_t a_row, size_t a_column, const double *b, size_t b_row, double *c,
    size_t inner, size_t columns, int accumulate, MASK mask, const int height,
    const int vectors) {
  VECTOR sums[TILE_ROWS][3];
#pragma clang loop unroll(full)
  for (int i = 0; i < height; i++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      sums[i][v] = accumulate ? LOAD(c + i * columns + v * LANES, v == vectors - 1, mask) : ZERO();
    }
  }
  for (size_t k = 0; k < inner; k++) {
    VECTOR row[3];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) row[v] = LOAD(b + v * LANES, v == vectors - 1, mask);
#pragma clang loop unroll(full)
    for (int i = 0; i < height; i++) {
      const VECTOR factor = BROADCAST(a[i * a_row]);
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sums[i][v] = FMA(factor, row[v], sums[i][v]);
    }
    a += a_column;
    b += b_row;
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < height; i++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      STORE(c + i * columns + v * LANES, v == vectors - 1, mask, sums[i][v]);
    }
  }
}

// All rows of C, some columns of it.
__attribute__((target(TARGET), always_inline)) static inline void NAME(panel)(
    const double *a, size_t a_row, size_t a_column, const double *b, size_t b_row, double *c,
    size_t rows, size_t inner, size_t columns, int accumulate, MASK mask, const int vectors) {
  size_t i = 0;
#define PANEL_TILES(height)                                                                 \
  for (; i + height <= rows; i += height) {                                                 \
    NAME(tile)(a + i * a_row, a_row, a_column, b, b_row, c + i * columns, inner, columns,   \
               accumulate, mask, height, vectors);                                          \
  }
  PANEL_TILES(TILE_ROWS)
#if TILE_ROWS > 4
  PANEL_TILES(4)
#endif
  PANEL_TILES(2)
  PANEL_TILES(1)
#undef PANEL_TILES
}

__attribute__((target(TARGET))) static void NAME(product)(
    const double *a, size_t a_row, size_t a_column, const double *b, size_t b_row, double *c,
    size_t rows, size_t inner, size_t columns, int accumulate) {
  for (size_t start = 0; start < columns; start += 3 * LANES) {
    const size_t left = columns - start < 3 * LANES ? columns - start : 3 * LANES;
    const int vectors = (int)((left + LANES - 1) / LANES);
    const MASK mask = NAME(mask)((int)(left - (size_t)(vectors - 1) * LANES));
#define PANEL(count)                                                                        \
  NAME(panel)(a, a_row, a_column, b + start, b_row, c + start, rows, inner, columns,        \
              accumulate, mask, count)
    switch (vectors) {
      case 1: PANEL(1); break;
      case 2: PANEL(2); break;
      default: PANEL(3); break;
    }
#undef PANEL
  }
}
