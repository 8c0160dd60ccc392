/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The value of an option, whatever its shape: text, a parameter, one parameter an element, a list of them. base is the struct
 * that option->offset counts from. */
#ifndef XPOT_OPTIMISER_VALUE_H
#define XPOT_OPTIMISER_VALUE_H

#include "config/parameter.h"
#include "xpot/structure.h"

/* What reading values needs to know. */
typedef struct xp_reader {
  const xp_json *json;
  const char *path; /* of the input */
  xp_space *space;
  const xp_symbol *elements; /* [nelements] */
  int nelements;
} xp_reader;

/* The table's own value. */
xp_status xp_value_standard(const xp_option *option, void *base, int nelements, xp_error *error);

/* Reads an option in place of its standard. prefix is that of the names of dimensions: "potential", "weights.Elastic". */
xp_status xp_value_parse(const xp_option *option, const char *prefix, void *base, const xp_reader *reader,
                         const cJSON *item, xp_error *error);

/* True when the input gives it, for one element at least. Not for text. */
bool xp_value_given(const xp_option *option, const void *base, int nelements);

/* Prints it for a fingerprint; a dimension by its number. */
void xp_value_print(const xp_option *option, const void *base, int nelements, FILE *stream);

/* Shallow copy from one struct to another. */
void xp_value_borrow(const xp_option *option, const void *from, void *to);

/* Frees what it holds. */
void xp_value_clear(const xp_option *option, void *base, int nelements);

#endif
