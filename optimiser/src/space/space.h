/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The space of a search: ordered, named dimensions, each a real range, an integer range or a list of choices.
 *
 * A point is written in three ways, always one number a dimension:
 *   values  what the objective receives: the real or whole number itself, the index (from 0) of a choice;
 *   unit    a point of the unit cube, from which designs draw: equal volumes are equally likely values, so every whole
 *           number of a linear range and every choice has the same chance;
 *   coords  what the Gaussian process sees: (value - low) / (high - low), on logarithms where the range is logarithmic,
 *           and the index of a choice, which means nothing but "same" or "other".
 * coords are always made from values, so a model never sees a point that was not evaluated. */
#ifndef XPOT_OPTIMISER_SPACE_H
#define XPOT_OPTIMISER_SPACE_H

#include <stdbool.h>

#include "xpot/error.h"

typedef enum xp_range_kind { XP_RANGE_REAL, XP_RANGE_INTEGER, XP_RANGE_CHOICE } xp_range_kind;

/* One dimension. Both ends of a range belong to it. */
typedef struct xp_range {
  char *name; /* unique in its space; owned */
  xp_range_kind kind;
  bool logarithmic; /* equal ratios are equally likely; never with choices */
  double low, high; /* low < high; whole numbers for integers; 0 and nchoices - 1 for choices */
  char **choices;   /* [nchoices], distinct; NULL unless kind is XP_RANGE_CHOICE; owned */
  int nchoices;
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

int xp_space_count(const xp_space *space);

/* Dimension 0 <= index < xp_space_count; borrowed. */
const xp_range *xp_space_range(const xp_space *space, int index);

/* Index of the dimension of that name, -1 when there is none. */
int xp_space_find(const xp_space *space, const char *name);

/* How many different points there are; INFINITY with a real dimension. */
double xp_space_size(const xp_space *space);

/* unit[count] in [0,1] -> values[count]. Reals are rounded to a millionth of their range, in as few decimal digits as that
 * takes, so that tables are readable; integers and choices fall into bins of equal size. */
void xp_space_sample(const xp_space *space, const double *unit, double *values);

/* values[count] -> coords[count]. */
void xp_space_encode(const xp_space *space, const double *values, double *coords);

/* One coordinate -> the value nearest to it, rounded as by xp_space_sample. */
double xp_range_decode(const xp_range *range, double coord);

/* True when the value can be a point of this dimension: finite, inside, whole where it must be. */
bool xp_range_contains(const xp_range *range, double value);

/* The space as a JSON array in one line, always the same text for the same space, for the header of a journal:
 * [{"name":"rcutfac","kind":"real","low":3,"high":6,"scale":"linear"},...]. Caller frees. */
xp_status xp_space_text(const xp_space *space, char **text, xp_error *error);

#endif
