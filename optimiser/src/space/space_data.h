/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of this folder share. */
#ifndef XPOT_OPTIMISER_SPACE_DATA_H
#define XPOT_OPTIMISER_SPACE_DATA_H

#include "expression/expression.h"
#include "space/space.h"

typedef struct xp_constraint {
  char *text; /* owned */
  xp_place place;
  xp_expression *expression; /* known when the space is finished; owned */
} xp_constraint;

struct xp_space {
  xp_range *ranges; /* [count] */
  int count;
  int capacity;
  xp_constraint *constraints; /* [nconstraints] */
  int nconstraints;
  double *numbers; /* [count] workspace of constraints */
};

/* NULL when there is no memory. */
char **xp_texts_copy(const char *const *texts, int count);

/* NULL is allowed. */
void xp_texts_free(char **texts, int count);

/* The number that a value stands for; NaN for a word. */
double xp_range_number(const xp_range *range, double value);

/* Frees what a range has of them. */
void xp_conditions_clear(xp_range *range);

/* Finds the dimensions and values that they name. */
xp_status xp_conditions_finish(xp_space *space, xp_error *error);

void xp_constraints_clear(xp_space *space);
xp_status xp_constraints_finish(xp_space *space, xp_error *error);

#endif
