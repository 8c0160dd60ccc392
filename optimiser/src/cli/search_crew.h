/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The trials of a search, made by workers on all processes. */
#ifndef XPOT_OPTIMISER_SEARCH_CREW_H
#define XPOT_OPTIMISER_SEARCH_CREW_H

#include "cli/study.h"
#include "pool/crew.h"
#include "scheduler/scheduler.h"

/* Room for a path of /proc/self/exe. */
#define XP_SEARCH_PROGRAM_SIZE 4096

/* Not to be moved while it is used. */
typedef struct xp_search_crew {
  xp_crew *crew;
  int ndims;
  const char *timings; /* path of the table; borrowed */
  char program[XP_SEARCH_PROGRAM_SIZE], threads[16];
  char *argv[11];
} xp_search_crew;

/* All is borrowed. */
xp_status xp_search_crew_open(xp_search_crew *crew, const xp_study *study, const char *fingerprint, const char *timings,
                              xp_error *error);

/* Lets all processes go. */
void xp_search_crew_close(xp_search_crew *crew);

/* What the scheduler sees. */
xp_executor xp_search_crew_executor(xp_search_crew *crew);

#endif
