/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a user sees while a program works: sentences, and on a terminal one line that is rewritten. */
#ifndef XPOT_OPTIMISER_REPORT_H
#define XPOT_OPTIMISER_REPORT_H

#include <stdbool.h>

typedef struct xp_report {
  void (*message)(void *user, const char *sentence); /* NULL: silent */
  void *user;
  bool live;         /* write the rewritten line to standard error */
  const char *stage; /* borrowed; NULL between stages */
  double total, done;
  double start, last; /* seconds, of the stage and of the last line */
  int width;          /* of the line that is shown */
} xp_report;

/* Messages go to standard error unless quiet; the live line only when that is a terminal. */
xp_report xp_report_standard(bool quiet);

/* All of these accept a NULL report. */
void xp_report_message(xp_report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Begins a stage of total units of work; ends the one before. */
void xp_report_stage(xp_report *report, const char *stage, double total);

/* More units are done; shows the line a few times a second. Not to be called by two threads at once. */
void xp_report_advance(xp_report *report, double units);

/* Shows a line of the caller's own. */
void xp_report_line(xp_report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Wipes the line. */
void xp_report_end(xp_report *report);

/* Seconds of a clock that only goes forward; largest memory this process has held, MB. */
double xp_report_clock(void);
double xp_report_peak_memory(void);

#endif
