// Hand-written C on GSL's own driver: what a careful user of GSL would write, for `cauchy bench` to
// measure against. Nothing else uses it.
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

#endif
