/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The workers of all MPI processes, seen by the first of them. Every process has a pool of its own; tasks go to the process
 * that has least to do, and nobody waits for anybody. Without MPI a crew is one pool. */
#ifndef XPOT_OPTIMISER_CREW_H
#define XPOT_OPTIMISER_CREW_H

#include "pool/pool.h"

typedef struct xp_crew xp_crew;

/* In the first process: with the first task settings->workers workers start in each. settings' arguments are borrowed. */
xp_status xp_crew_new(xp_crew **crew, const xp_pool_settings *settings, xp_error *error);

/* Ends the workers; the other processes wait, at rest. */
xp_status xp_crew_dismiss(xp_crew *crew, xp_error *error);

/* Lets the other processes go. NULL is allowed. */
void xp_crew_free(xp_crew *crew);

/* As those of a pool. */
int xp_crew_idle(const xp_crew *crew);
xp_status xp_crew_submit(xp_crew *crew, int number, const char *task, xp_error *error);
xp_status xp_crew_wait(xp_crew *crew, double seconds, char **result, xp_error *error);

/* What all other processes do from the start, until the first one lets them go. */
xp_status xp_crew_serve(xp_error *error);

#endif
