#include "elementary.h"

#include <math.h>

#if defined(__x86_64__) && defined(__linux__)
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

typedef double lanes4 __attribute__((vector_size(32), aligned(8), may_alias));
typedef double lanes8 __attribute__((vector_size(64), aligned(8), may_alias));
typedef lanes4 (*map4)(lanes4);
typedef lanes8 (*map8)(lanes8);

static void *wide[cauchy_elementary_count];
static int lanes = 1;

static void find(void) {
  static const char *const names[] = {"tanh", "exp", "sin", "cos", "log1p", "erfc"};
  __builtin_cpu_init();
  const int has8 = __builtin_cpu_supports("avx512f");
  if (!has8 && !(__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))) return;
  void *library = dlopen("libmvec.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!library) return;
  for (int index = 0; index < cauchy_elementary_count; index++) {
    char symbol[32];
    snprintf(symbol, sizeof symbol, has8 ? "_ZGVeN8v_%s" : "_ZGVdN4v_%s", names[index]);
    wide[index] = dlsym(library, symbol);
  }
  lanes = has8 ? 8 : 4;
}

__attribute__((target("avx512f"))) static void apply8(map8 function, double *x, int count) {
  for (int at = 0; at < count; at += 8) *(lanes8 *)(x + at) = function(*(lanes8 *)(x + at));
}

__attribute__((target("avx2,fma"))) static void apply4(map4 function, double *x, int count) {
  for (int at = 0; at < count; at += 4) *(lanes4 *)(x + at) = function(*(lanes4 *)(x + at));
}

static int apply_wide(cauchy_elementary function, double *x, int count) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, find);
  if (!wide[function]) return 0;
  if (lanes == 8) {
    apply8((map8)wide[function], x, count);
  } else {
    apply4((map4)wide[function], x, count);
  }
  return 1;
}
#else
static int apply_wide(cauchy_elementary function, double *x, int count) {
  (void)function, (void)x, (void)count;
  return 0;
}
#endif

void cauchy_map(cauchy_elementary function, double *x, int count) {
  static double (*const scalar[])(double) = {tanh, exp, sin, cos, log1p, erfc};
  if (apply_wide(function, x, count)) return;
  for (int at = 0; at < count; at++) x[at] = scalar[function](x[at]);
}
