#include "CPeers.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_multifit_nlinear.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const cauchy_peer_least_squares *problem;
  double *x;
  double *r;
  double *j;
} bridge;

static int residual(const gsl_vector *x, void *params, gsl_vector *f) {
  bridge *b = params;
  for (int i = 0; i < b->problem->p; i++) b->x[i] = gsl_vector_get(x, i);
  b->problem->residual(b->problem->context, b->x, b->r);
  for (int i = 0; i < b->problem->n; i++) gsl_vector_set(f, i, b->r[i]);
  return GSL_SUCCESS;
}

static int jacobian(const gsl_vector *x, void *params, gsl_matrix *J) {
  bridge *b = params;
  int p = b->problem->p;
  for (int i = 0; i < p; i++) b->x[i] = gsl_vector_get(x, i);
  b->problem->jacobian(b->problem->context, b->x, b->j);
  for (int i = 0; i < b->problem->n; i++)
    for (int k = 0; k < p; k++) gsl_matrix_set(J, i, k, b->j[i * p + k]);
  return GSL_SUCCESS;
}

static int iterate(gsl_multifit_nlinear_workspace *work, const double *x, int p, int steps,
                   gsl_multifit_nlinear_fdf *system, double *path) {
  gsl_vector_const_view start = gsl_vector_const_view_array(x, p);
  if (gsl_multifit_nlinear_init(&start.vector, system, work) != GSL_SUCCESS) return 0;
  for (int step = 0; step < steps; step++) {
    if (gsl_multifit_nlinear_iterate(work) != GSL_SUCCESS) return step;
    gsl_vector *position = gsl_multifit_nlinear_position(work);
    for (int i = 0; i < p; i++) path[step * p + i] = gsl_vector_get(position, i);
  }
  return steps;
}

int cauchy_peer_lmaccel(const cauchy_peer_least_squares *problem, const double *x, int steps,
                        double *path) {
  int n = problem->n;
  int p = problem->p;
  gsl_set_error_handler_off();
  double *memory = malloc(sizeof(double) * (size_t)(p + n + n * p));
  if (!memory) return 0;
  bridge b = {problem, memory, memory + p, memory + p + n};
  gsl_multifit_nlinear_fdf system;
  memset(&system, 0, sizeof system);
  system.f = residual;
  system.df = jacobian;
  system.n = n;
  system.p = p;
  system.params = &b;
  gsl_multifit_nlinear_parameters parameters = gsl_multifit_nlinear_default_parameters();
  parameters.trs = gsl_multifit_nlinear_trs_lmaccel;
  parameters.scale = gsl_multifit_nlinear_scale_more;
  parameters.solver = gsl_multifit_nlinear_solver_cholesky;
  gsl_multifit_nlinear_workspace *work =
      gsl_multifit_nlinear_alloc(gsl_multifit_nlinear_trust, &parameters, n, p);
  int taken = work ? iterate(work, x, p, steps, &system, path) : 0;
  gsl_multifit_nlinear_free(work);
  free(memory);
  return taken;
}
