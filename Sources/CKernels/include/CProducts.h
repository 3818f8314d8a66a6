// Products of matrices of which one is tall and the others are as small as a layer.
//
// BLAS packs both factors before it multiplies, which for layers of 20 to 60 neurons costs more
// than the product; and an OpenBLAS that does not know the processor may be many times slower.
#ifndef CAUCHY_CPRODUCTS_H
#define CAUCHY_CPRODUCTS_H

#include <stddef.h>

/// Whether the processor has what cauchy_product needs (AVX-512, or AVX2 with FMA).
int cauchy_has_product(void);

/// C = A*B, or C = C + A*B where `accumulate` is not 0.
///
/// C is [rows][columns], row-major without gaps; row k of B starts at b + k * b_row; entry (i, k)
/// of A is a[i * a_row + k * a_column], so A may be a transpose. Nothing is packed or allocated.
void cauchy_product(const double *a, size_t a_row, size_t a_column, const double *b, size_t b_row,
                    double *c, size_t rows, size_t inner, size_t columns, int accumulate);

/// C = A*transpose(B), or C = C + A*transpose(B): for a B of few rows, by dot products.
///
/// A is [rows][inner], B is [columns][inner], C is [rows][columns], all row-major without gaps.
void cauchy_dots(const double *a, const double *b, double *c, size_t rows, size_t inner,
                 size_t columns, int accumulate);

/// Adds every row of a [rows][columns] matrix to `sums`: [columns].
void cauchy_add_rows(const double *a, size_t rows, size_t columns, double *sums);

/// Adds `terms`, [columns], to every row of a [rows][columns] matrix.
void cauchy_add_to_rows(const double *terms, size_t rows, size_t columns, double *a);

/// Writes the transpose of a [rows][columns] matrix.
void cauchy_transpose(const double *a, size_t rows, size_t columns, double *transposed);

#endif
