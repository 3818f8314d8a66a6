// Hand-written C on GSL's own drivers and its nonlinear least squares: what a careful user of GSL
// would write, for `cauchy bench` to measure against, and for the tests of Flows to agree with.
// Nothing else uses it.
#ifndef CAUCHY_CPEERS_H
#define CAUCHY_CPEERS_H

typedef struct {
  double y[3];
  long evaluations;
  long jacobians;
  // GSL's status, 0 for success.
  int status;
} cauchy_peer_result;

// The Lorenz system (10, 28, 8/3) from (1, 0, 0), t = 0 to `end`, on rk8pd.
cauchy_peer_result cauchy_peer_lorenz(double end, double rtol, double atol);

// Robertson's kinetics from (1, 0, 0), t = 0 to `end`, on msbdf with its exact Jacobian.
cauchy_peer_result cauchy_peer_robertson(double end, double rtol, double atol);

// A least-squares problem by plain functions: residuals r[n] and, row by row, their Jacobian j[n*p].
typedef struct {
  int n;
  int p;
  void *context;
  void (*residual)(void *context, const double *x, double *r);
  void (*jacobian)(void *context, const double *x, double *j);
} cauchy_peer_least_squares;

// `steps` accepted iterations of gsl_multifit_nlinear (lmaccel, More's scaling, Cholesky, everything
// else at its default) from x[p]. Writes the parameters after each to path[steps*p], and returns how
// many there were: fewer where GSL finds no step.
int cauchy_peer_lmaccel(const cauchy_peer_least_squares *problem, const double *x, int steps,
                        double *path);

#endif
