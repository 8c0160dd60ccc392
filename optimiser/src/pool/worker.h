/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The other end of a pool: a process that makes trials for the one that started it. */
#ifndef XPOT_OPTIMISER_WORKER_H
#define XPOT_OPTIMISER_WORKER_H

#include "pool/message.h"

/* Takes standard input and output over for messages: from here on what is printed goes to standard error. To be called
 * before anything is. */
xp_status xp_worker_begin(xp_error *error);

/* Makes a trial from a task's point: the result, or an error that ends the search. */
typedef xp_status (*xp_worker_objective)(void *user, const xp_message *task, xp_trial *result, xp_error *error);

/* Says that it is ready, and makes trials until the coordinator is gone or ends it. */
xp_status xp_worker_serve(xp_worker_objective objective, void *user, xp_error *error);

/* Tells the coordinator of an error, which ends the search. */
void xp_worker_report(const xp_error *error);

#endif
