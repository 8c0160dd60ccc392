/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command line run to its end, with everything it starts. */
#ifndef XPOT_OPTIMISER_PROCESS_H
#define XPOT_OPTIMISER_PROCESS_H

#include <stdbool.h>

#include "xpot/error.h"

typedef struct xp_process_end {
  bool late;  /* it was killed because its time was up */
  int status; /* it exited with this, or -1 */
  int signal; /* it was ended by this, or 0 */
} xp_process_end;

/* Runs command by the shell in a folder; what it prints goes into the files NAME.out and NAME.err there. seconds: the time it may
 * take; 0: any. All processes that come of it are gone when this returns, and when this process dies in between, however that
 * may be. */
xp_status xp_process_run(const char *command, const char *folder, const char *name, double seconds, xp_process_end *end,
                         xp_error *error);

#endif
