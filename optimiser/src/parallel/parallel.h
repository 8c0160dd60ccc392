/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Several processes (MPI). On one fit every process runs the same program on the same numbers; they share the work on
 * structures and add up what they found. In a search the first process works alone and sends the others tasks. One process
 * alone needs no MPI at run time. */
#ifndef XPOT_OPTIMISER_PARALLEL_H
#define XPOT_OPTIMISER_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>

#include "xpot/error.h"

/* Joins the other processes when an MPI launcher has started several. */
xp_status xp_parallel_begin(xp_error *error);

/* Leaves them; failed: this process ends with an error that the others may not know of. */
void xp_parallel_end(bool failed);

int xp_parallel_rank(void);

/* Processes that share one fit. */
int xp_parallel_size(void);

/* From here on this process shares no fit: the size is 1, sums are its own. */
void xp_parallel_separate(void);

/* All processes, whether they share fits or not. */
int xp_parallel_processes(void);

/* True when what started this process is gone, so that nothing will end it. */
bool xp_parallel_orphaned(void);

/* Sends text with a tag to a process, without waiting. */
xp_status xp_parallel_post(int rank, int tag, const char *text, xp_error *error);

/* The next text that has come, and from whom; *text (caller frees) NULL: none. An error where there is nobody left to hear. */
xp_status xp_parallel_collect(int *rank, int *tag, char **text, xp_error *error);

/* values[count] <- the sum over all processes, the same bits in each of them. Sums in which all but one process have zeros
 * are exact. */
xp_status xp_parallel_sum(double *values, size_t count, xp_error *error);

/* The first process's values in all of them. */
xp_status xp_parallel_share(double *values, size_t count, xp_error *error);

/* XP_OK only if every process says so; else the error of the first one that fails, in all of them. */
xp_status xp_parallel_agree(xp_status status, xp_error *error);

#endif
