/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Problems with known minima, and files that searches write, for the tests of the search. */
#ifndef XPOT_SEARCH_PROBLEMS_H
#define XPOT_SEARCH_PROBLEMS_H

#include "testing/testing.h"

#include "scheduler/scheduler.h"
#include "space/space.h"

/* A function over a space of its own. */
typedef struct xp_problem {
  const char *name;
  xp_space *(*space)(void);
  double (*function)(const double *values);
  double minimum;
  int trials, initial; /* the budget the tests give it */
} xp_problem;

extern const xp_problem xp_problem_branin, xp_problem_hartmann, xp_problem_fit, xp_problem_tiny;

/* An objective for xp_search_run: user is an xp_problem. */
xp_status xp_problem_evaluate(void *user, int trial, const double *values, xp_trial *result, xp_error *error);

/* Settings for a problem's budget. */
xp_search_settings xp_problem_settings(const xp_problem *problem, uint64_t seed);

/* A new temporary folder, in memory where that can be. */
char *xp_folder_new(void);

/* The bytes of a file with a zero byte behind; caller frees. size may be NULL. */
char *xp_text_read(const char *path, size_t *size);
void xp_text_write(const char *path, const char *text, size_t size);

#endif
