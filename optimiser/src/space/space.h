/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The space of a search: ordered, named dimensions, each a real range, an integer range or a list of choices.
 *
 * A point is written in three ways, always one number a dimension:
 *   values  what the objective receives: the real or whole number itself, the index (from 0) of a choice;
 *   unit    a point of the unit cube, from which designs draw: equal volumes are equally likely values, so every whole
 *           number of a linear range and every choice has the same chance;
 *   coords  what the Gaussian process sees: (value - low) / (high - low), on logarithms where the range is logarithmic,
 *           and the index of a choice, which means nothing but "same" or "other".
 * coords are always made from values, so a model never sees a point that was not evaluated.
 *
 * A dimension may have conditions: it is active where every one of them holds, a condition being that another dimension is
 * active and has one of some values. In values, what is not active rests in the middle of its range, so that points which
 * mean the same are the same. Constraints are expressions over the numbers of the dimensions; a point where one of them is
 * false is not feasible. Spaces with either are ready when xp_space_finish has returned. */
#ifndef XPOT_OPTIMISER_SPACE_H
#define XPOT_OPTIMISER_SPACE_H

#include <stdbool.h>

#include "xpot/error.h"

/* Ordered choices have an order, and neighbours: their coordinate is index / (nchoices - 1). */
typedef enum xp_range_kind { XP_RANGE_REAL, XP_RANGE_INTEGER, XP_RANGE_CHOICE, XP_RANGE_ORDERED } xp_range_kind;

/* Another dimension has one of some values. */
typedef struct xp_condition {
  char *name;   /* of the other dimension; owned */
  char **texts; /* [nvalues] as in the input; owned */
  int nvalues;
  bool implied; /* not by the input: left out where there is no such dimension or all its values are allowed */
  xp_place place;
  /* Known when the space is finished. */
  int dimension;
  double *values; /* [nvalues], owned */
} xp_condition;

/* One dimension. Both ends of a range belong to it. */
typedef struct xp_range {
  char *name; /* unique in its space; owned */
  xp_range_kind kind;
  bool logarithmic; /* equal ratios are equally likely; never with choices */
  double low, high; /* low < high; whole numbers for integers; 0 and nchoices - 1 for choices */
  char **choices;   /* [nchoices], distinct; NULL without; owned */
  int nchoices;
  xp_condition *conditions; /* [nconditions], owned */
  int nconditions;
  double otherwise; /* the number it counts as while it is not active */
} xp_range;

typedef struct xp_space xp_space;

/* An empty space. */
xp_status xp_space_new(xp_space **space, xp_error *error);

/* NULL is allowed. */
void xp_space_free(xp_space *space);

/* Appends a dimension; the strings are copied. Errors (name empty or used twice, ends not finite or not in order, log range
 * not above 0, fewer than two choices, a choice twice) begin with place; place.file NULL: unknown. */
xp_status xp_space_add_real(xp_space *space, const char *name, double low, double high, bool logarithmic,
                            xp_place place, xp_error *error);
xp_status xp_space_add_integer(xp_space *space, const char *name, double low, double high, bool logarithmic,
                               xp_place place, xp_error *error);
xp_status xp_space_add_choice(xp_space *space, const char *name, const char *const *choices, int nchoices,
                              xp_place place, xp_error *error);

xp_status xp_space_add_ordered(xp_space *space, const char *name, const char *const *choices, int nchoices,
                               xp_place place, xp_error *error);

/* The last dimension added is active only where the one of that name has one of the values (texts[nvalues]: choices, or whole
 * numbers), and counts as otherwise elsewhere. place.file must last until the space is finished. */
xp_status xp_space_add_condition(xp_space *space, const char *name, const char *const *texts, int nvalues,
                                 xp_place place, xp_error *error);
void xp_space_set_otherwise(xp_space *space, double otherwise);

/* The same where the name may be unknown and some of the values impossible. */
xp_status xp_space_imply_condition(xp_space *space, const char *name, const char *const *texts, int nvalues,
                                   xp_error *error);

/* Expression over the names of dimensions (expression/expression.h), true (not 0) where a point is feasible. A dimension
 * counts as its value, a choice as the number or flag (1, 0) it is; one that is not active as its otherwise, and the constraint
 * holds where none of its dimensions is active. place as above. */
xp_status xp_space_add_constraint(xp_space *space, const char *text, xp_place place, xp_error *error);

/* Finds the dimensions that conditions and constraints name. Errors: unknown names and values, conditions that go round in a
 * circle, constraints over choices that are no numbers, and constraints that no point fulfils of very many. */
xp_status xp_space_finish(xp_space *space, xp_error *error);

int xp_space_count(const xp_space *space);

/* Dimension 0 <= index < xp_space_count; borrowed. */
const xp_range *xp_space_range(const xp_space *space, int index);

/* Index of the dimension of that name, -1 when there is none. */
int xp_space_find(const xp_space *space, const char *name);

/* How many different points there are; INFINITY with a real dimension. */
double xp_space_size(const xp_space *space);

/* False where the conditions of a dimension do not hold. */
bool xp_space_active(const xp_space *space, const double *values, int dimension);

/* The value of a dimension that is not active. */
double xp_space_resting(const xp_space *space, int dimension);

/* Lets what is not active rest. */
void xp_space_normalise(const xp_space *space, double *values);

/* True when all constraints hold; values are normalised. One thread at a time. */
bool xp_space_feasible(const xp_space *space, const double *values);

/* unit[count] in [0,1] -> values[count], normalised. Reals are rounded to a millionth of their range, in as few decimal digits as that
 * takes, so that tables are readable; integers and choices fall into bins of equal size. */
void xp_space_sample(const xp_space *space, const double *unit, double *values);

/* values[count] -> coords[count]. */
void xp_space_encode(const xp_space *space, const double *values, double *coords);

/* The same for one dimension. */
double xp_range_sample(const xp_range *range, double unit);

/* One coordinate -> the value nearest to it, rounded as by xp_space_sample. */
double xp_range_decode(const xp_range *range, double coord);

/* True when the value can be a point of this dimension: finite, inside, whole where it must be. */
bool xp_range_contains(const xp_range *range, double value);

/* The value that a text means: one of the choices, or a number of the range; false when it is neither. */
bool xp_range_read(const xp_range *range, const char *text, double *value);

/* The space as a JSON array in one line, always the same text for the same space, for the header of a journal:
 * [{"name":"rcutfac","kind":"real","low":3,"high":6,"scale":"linear"},...,{"name":"constraints","texts":["a < b"]}], with
 * "when" and "otherwise" where there are conditions. Caller frees. */
xp_status xp_space_text(const xp_space *space, char **text, xp_error *error);

#endif
