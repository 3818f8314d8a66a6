// GSL's step types and random generators are mutable globals, which Swift 6 refuses; each gets an
// accessor here. gsl_cblas.h and OpenBLAS's cblas.h clash: only GSL's prototypes are used.
#ifndef CAUCHY_CGSL_SHIM_H
#define CAUCHY_CGSL_SHIM_H

#include <gsl/gsl_blas.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_interp.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_odeiv2.h>
#include <gsl/gsl_qrng.h>
#include <gsl/gsl_roots.h>
#include <gsl/gsl_sf.h>
#include <gsl/gsl_version.h>

#define CAUCHY_STEP(NAME) \
  static inline const gsl_odeiv2_step_type *cauchy_step_##NAME(void) { \
    return gsl_odeiv2_step_##NAME; \
  }
CAUCHY_STEP(rk2)
CAUCHY_STEP(rk4)
CAUCHY_STEP(rkf45)
CAUCHY_STEP(rkck)
CAUCHY_STEP(rk8pd)
CAUCHY_STEP(rk1imp)
CAUCHY_STEP(rk2imp)
CAUCHY_STEP(rk4imp)
CAUCHY_STEP(bsimp)
CAUCHY_STEP(msadams)
CAUCHY_STEP(msbdf)
#undef CAUCHY_STEP

static inline const gsl_integration_fixed_type *cauchy_fixed_hermite(void) {
  return gsl_integration_fixed_hermite;
}
static inline const char *cauchy_gsl_version(void) { return gsl_version; }
static inline const gsl_interp_type *cauchy_interp_cspline(void) { return gsl_interp_cspline; }
static inline const gsl_qrng_type *cauchy_qrng_sobol(void) { return gsl_qrng_sobol; }
static inline const gsl_qrng_type *cauchy_qrng_halton(void) { return gsl_qrng_halton; }
static inline const gsl_root_fsolver_type *cauchy_root_brent(void) {
  return gsl_root_fsolver_brent;
}

#endif
