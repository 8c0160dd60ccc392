/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions with known minima, on which optimisers are compared: bench/search-regret. */
#ifndef XPOT_BENCH_SEARCH_FUNCTIONS_H
#define XPOT_BENCH_SEARCH_FUNCTIONS_H

#include "space/space.h"

typedef struct xp_function {
  const char *name;
  xp_status (*fill)(xp_space *space, xp_error *error); /* adds its ranges */
  double (*value)(const double *values);               /* without noise */
  double minimum;                                      /* of value */
  double noise;                                        /* standard deviation of what an optimiser sees; 0: none */
} xp_function;

/* NULL when there is none of that name. */
const xp_function *xp_function_find(const char *name);

/* Function 0 <= index; NULL behind the last. */
const xp_function *xp_function_at(int index);

#endif
