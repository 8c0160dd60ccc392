/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes on this machine that make trials, each one at a time: workers. They are programs of their own, so that a fit that
 * crashes, takes too long or takes too much memory ends its worker and not the search. A worker speaks first, when it is
 * ready, and then answers each task (message.h); it ends when its standard input does. */
#ifndef XPOT_OPTIMISER_POOL_H
#define XPOT_OPTIMISER_POOL_H

#include "xpot/error.h"

typedef struct xp_pool_settings {
  char **argv;    /* of a worker, argv[0] a path; up to a NULL; borrowed */
  int workers;    /* at least 1 */
  double seconds; /* that a trial may take, from when its worker is ready; INFINITY: no limit */
  double memory;  /* bytes that a worker with all it starts may hold; INFINITY: no limit */
} xp_pool_settings;

typedef struct xp_pool xp_pool;

/* Starts the workers. */
xp_status xp_pool_new(xp_pool **pool, const xp_pool_settings *settings, xp_error *error);

/* Kills the workers. NULL is allowed. */
void xp_pool_free(xp_pool *pool);

/* Workers without a task. */
int xp_pool_idle(const xp_pool *pool);

/* Gives a task, as a line, to one of them. */
xp_status xp_pool_submit(xp_pool *pool, int number, const char *task, xp_error *error);

/* Waits for a result until seconds have passed or a signal arrives. *result is its line (caller frees), NULL without one. A
 * trial that was over a limit is a failed one. So is a trial whose worker died twice; the first time it is made again. An
 * error a worker reports, or workers that cannot begin, are errors of the pool. */
xp_status xp_pool_wait(xp_pool *pool, double seconds, char **result, xp_error *error);

#endif
