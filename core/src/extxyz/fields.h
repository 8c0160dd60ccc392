/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The comment line of an extended-XYZ frame as key=value fields. */
#ifndef XPOT_EXTXYZ_FIELDS_H
#define XPOT_EXTXYZ_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "xpot/error.h"

typedef struct xp_field {
  char *key;
  char *value; /* without quotes and backslashes; "T" for a key that stands alone */
  long column; /* of the key, from 1 */
  bool used;   /* has been given a meaning: not kept as a note */
} xp_field;

typedef struct xp_fields {
  xp_field *items; /* [count], owned with their strings */
  int count;
  xp_place place; /* of the comment line; column 0 */
} xp_fields;

/* Splits size bytes of a comment line. Values may be bare, in "" or '' (with backslash escapes), or in nested [] or {}. A key
 * given twice is an error. */
xp_status xp_fields_parse(xp_fields *fields, const char *line, size_t size, xp_place place, xp_error *error);

void xp_fields_free(xp_fields *fields);

/* The field of that key (letter case matters), NULL when there is none. */
xp_field *xp_fields_find(const xp_fields *fields, const char *key);

/* Where a field stands, for messages. */
xp_place xp_field_place(const xp_fields *fields, const xp_field *field);

/* Reads the numbers of a value: blanks, commas and brackets between them do not matter. Returns XP_OK and how many were found
 * (at most limit; one more is an error). Each must be finite. */
xp_status xp_field_numbers(const xp_fields *fields, const xp_field *field, double *numbers, int limit, int *found,
                           xp_error *error);

#endif
