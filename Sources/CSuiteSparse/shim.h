// UMFPACK, the sparse LU factorisation of SuiteSparse. Debian keeps its headers in a folder of their
// own; its BLAS calls go to whichever BLAS is linked first.
#ifndef CAUCHY_CSUITESPARSE_SHIM_H
#define CAUCHY_CSUITESPARSE_SHIM_H

#include <suitesparse/umfpack.h>

#endif
