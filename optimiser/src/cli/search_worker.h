/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The process that makes trials of a search: the same program, started by the search itself with --worker. */
#ifndef XPOT_OPTIMISER_SEARCH_WORKER_H
#define XPOT_OPTIMISER_SEARCH_WORKER_H

#include "cli/command.h"
#include "objective/objective.h"

/* The flag that makes a search a worker; its value is the fingerprint of the search. */
#define XP_SEARCH_WORKER_FLAG "--worker"

/* Checksum of all that decides a loss. */
xp_status xp_search_fingerprint(const xp_objective *objective, char digest[65], xp_error *error);

/* Makes trials until the search ends. Errors are told to the search. */
xp_status xp_search_worker(const xp_call *call, xp_error *error);

#endif
