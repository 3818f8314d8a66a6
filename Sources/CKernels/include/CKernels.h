#ifndef CAUCHY_CKERNELS_H
#define CAUCHY_CKERNELS_H

#endif
