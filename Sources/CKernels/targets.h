// Which processors a loop is compiled for; the loader picks one.
#ifndef CAUCHY_TARGETS_H
#define CAUCHY_TARGETS_H

#if defined(__x86_64__) && defined(__ELF__) && defined(__clang__)
#define CAUCHY_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CAUCHY_CLONES
#endif

#define CAUCHY_INLINE static inline __attribute__((always_inline))
#define CAUCHY_ALIGNED __attribute__((aligned(64)))
/// The passes of a loop do not depend on one another.
#define CAUCHY_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")

#endif
