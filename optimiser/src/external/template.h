/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text with {{NAME}} where values go; {{{{ is written as {{. */
#ifndef XPOT_OPTIMISER_TEMPLATE_H
#define XPOT_OPTIMISER_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "xpot/error.h"

/* Names that may stand between the braces. */
typedef struct xp_template_names {
  const char *const *names; /* [count] */
  int count;
} xp_template_names;

/* Writes text[size] to stream with values[names->count] in the places of the names. stream NULL: only checks. place: where the
 * text begins. An unknown name is an error with its place. */
xp_status xp_template_write(const char *text, size_t size, xp_place place, const xp_template_names *names,
                            const char *const *values, FILE *stream, xp_error *error);

/* The same into a new string; the caller frees it. */
xp_status xp_template_fill(char **filled, const char *text, const xp_template_names *names, const char *const *values,
                           xp_error *error);

#endif
