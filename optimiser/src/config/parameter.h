/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A number of the input that is either fixed or a dimension of the search. */
#ifndef XPOT_OPTIMISER_PARAMETER_H
#define XPOT_OPTIMISER_PARAMETER_H

#include <stdbool.h>

#include "config/json.h"
#include "config/option.h"
#include "space/space.h"
#include "xpot/error.h"

/* Flags are 0 or 1, words their position in the option's list. */
typedef struct xp_parameter {
  double value;          /* when fixed, or while its dimension is not active */
  int dimension;         /* in the space, -1 when fixed */
  const xp_space *space; /* NULL when fixed; borrowed */
  double *choices;       /* [nchoices] what the indices of a dimension of choices stand for; NULL otherwise; owned */
  int nchoices;
  bool given; /* by the input, not by the table */
} xp_parameter;

/* Values of an array. */
typedef struct xp_list {
  int count;
  int word;             /* the option's word that stands for the array, -1 when none does */
  bool given;           /* by the input, not by the table */
  xp_parameter *values; /* [count], owned */
} xp_list;

/* Longest array. */
#define XP_LIST_MOST 16

/* The number itself, or what a point of the space (values, NULL when everything is fixed) says. */
double xp_parameter_at(const xp_parameter *parameter, const double *values);

/* Reads a value or a range of any kind, with its conditions; name is that of the dimension this may add to the space. */
xp_status xp_parameter_parse(xp_parameter *parameter, const xp_option *option, const char *name, const xp_json *json,
                             const cJSON *item, xp_space *space, xp_error *error);

/* The table's own value; the option must have one. */
xp_parameter xp_parameter_standard(const xp_option *option);

/* True when its dimension may be not active. */
bool xp_parameter_conditional(const xp_parameter *parameter);

/* An object that is a range, rather than one value an element, has one of their keys. */
bool xp_parameter_is_range(const cJSON *item);

/* Writes a value as JSON ("true", "\"qsnap\"", "4.8") to text[size]. */
void xp_parameter_format(const xp_option *option, double value, char *text, int size);

/* Frees the members and makes it 0, fixed. */
void xp_parameter_clear(xp_parameter *parameter);

#endif
