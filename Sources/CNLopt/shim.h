// NLopt, for its limited-memory quasi-Newton method: what trainings are compared with.
#ifndef CAUCHY_CNLOPT_SHIM_H
#define CAUCHY_CNLOPT_SHIM_H

#include <nlopt.h>

#endif
