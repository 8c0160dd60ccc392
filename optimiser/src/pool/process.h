/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A child process that is talked to through its standard input and output, and that nothing it starts outlives. */
#ifndef XPOT_OPTIMISER_PROCESS_H
#define XPOT_OPTIMISER_PROCESS_H

#include <sys/types.h>

#include "xpot/error.h"

typedef struct xp_process {
  pid_t id;   /* and of the process group that it leads; 0: none */
  int socket; /* its standard input and output */
} xp_process;

/* Runs the program argv[0]. It is told (SIGTERM) when the calling process ends in whatever way, takes no part in what a terminal
 * sends, and does not see that an MPI launcher started the calling process. */
xp_status xp_process_start(xp_process *process, char *const *argv, xp_error *error);

/* Kills it with everything it has started, waits for its end and closes the socket. Returns its status as waitpid does. */
int xp_process_end(xp_process *process);

/* Resident memory of it and everything it has started, bytes. */
double xp_process_memory(const xp_process *process);

#endif
