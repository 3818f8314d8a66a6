#include "CPeers.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>

typedef struct {
  long evaluations;
  long jacobians;
} counts;

static int lorenz(double t, const double y[], double dydt[], void *context) {
  (void)t;
  ((counts *)context)->evaluations++;
  dydt[0] = 10 * (y[1] - y[0]);
  dydt[1] = y[0] * (28 - y[2]) - y[1];
  dydt[2] = y[0] * y[1] - 8.0 / 3 * y[2];
  return GSL_SUCCESS;
}

static int robertson(double t, const double y[], double dydt[], void *context) {
  (void)t;
  ((counts *)context)->evaluations++;
  double slow = 0.04 * y[0];
  double back = 1e4 * y[1] * y[2];
  double fast = 3e7 * y[1] * y[1];
  dydt[0] = back - slow;
  dydt[1] = slow - back - fast;
  dydt[2] = fast;
  return GSL_SUCCESS;
}

static int robertson_jacobian(double t, const double y[], double *dfdy, double dfdt[],
                              void *context) {
  (void)t;
  ((counts *)context)->jacobians++;
  dfdy[0] = -0.04;
  dfdy[1] = 1e4 * y[2];
  dfdy[2] = 1e4 * y[1];
  dfdy[3] = 0.04;
  dfdy[4] = -1e4 * y[2] - 6e7 * y[1];
  dfdy[5] = -1e4 * y[1];
  dfdy[6] = 0;
  dfdy[7] = 6e7 * y[1];
  dfdy[8] = 0;
  for (int i = 0; i < 3; i++) dfdt[i] = 0;
  return GSL_SUCCESS;
}

static cauchy_peer_result solve(gsl_odeiv2_system *system, const gsl_odeiv2_step_type *type,
                                double first, double end, double rtol, double atol) {
  cauchy_peer_result result = {.y = {1, 0, 0}};
  counts count = {0, 0};
  system->params = &count;
  gsl_odeiv2_driver *driver = gsl_odeiv2_driver_alloc_y_new(system, type, first, atol, rtol);
  if (!driver) {
    result.status = GSL_ENOMEM;
    return result;
  }
  double t = 0;
  result.status = gsl_odeiv2_driver_apply(driver, &t, end, result.y);
  gsl_odeiv2_driver_free(driver);
  result.evaluations = count.evaluations;
  result.jacobians = count.jacobians;
  return result;
}

cauchy_peer_result cauchy_peer_lorenz(double end, double rtol, double atol) {
  gsl_odeiv2_system system = {lorenz, NULL, 3, NULL};
  return solve(&system, gsl_odeiv2_step_rk8pd, 1e-3, end, rtol, atol);
}

cauchy_peer_result cauchy_peer_robertson(double end, double rtol, double atol) {
  gsl_odeiv2_system system = {robertson, robertson_jacobian, 3, NULL};
  return solve(&system, gsl_odeiv2_step_msbdf, 1e-6, end, rtol, atol);
}
