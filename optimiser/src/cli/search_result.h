/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a search leaves behind its journal: tables, the best potential, a summary. */
#ifndef XPOT_OPTIMISER_SEARCH_RESULT_H
#define XPOT_OPTIMISER_SEARCH_RESULT_H

#include "cli/study.h"
#include "report/folder.h"
#include "scheduler/scheduler.h"

/* Files of a search. */
typedef struct xp_search_files {
  char journal[XP_FOLDER_PATH], trials[XP_FOLDER_PATH], timings[XP_FOLDER_PATH];
} xp_search_files;

/* Makes the output folder and names the files. */
xp_status xp_search_files_open(xp_search_files *files, const char *folder, xp_error *error);

/* Writes the tables and the best potential, and prints what it is. start: xp_report_clock when work began. */
xp_status xp_search_write(xp_study *study, const xp_call *call, const xp_search_files *files,
                          const xp_search_summary *summary, double start, xp_error *error);

#endif
