/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Command-line options from one table: parsing and help. */
#ifndef XPOT_LABEL_OPTIONS_H
#define XPOT_LABEL_OPTIONS_H

#include <stdbool.h>

#include "xpot/error.h"

typedef enum xp_option_type { XP_OPTION_TEXT, XP_OPTION_INTEGER, XP_OPTION_REAL, XP_OPTION_FLAG } xp_option_type;

typedef struct xp_option {
  const char *name;    /* with its dashes */
  const char *operand; /* name of the value in the help; NULL for a flag */
  const char *help;    /* meaning, unit, default */
  xp_option_type type;
  void *target;     /* const char **, int *, double * or bool * */
  double low, high; /* range of a number */
} xp_option;

/* Parses arguments from argv[1]; one word that is no option goes to *operand (an operand of NULL: none is allowed).
 * XP_ERROR_INPUT names the option, what was expected and what was found. */
xp_status xp_options_parse(const xp_option *options, int noptions, int argc, char **argv, const char **operand,
                           xp_error *error);

/* Prints a line or two an option. */
void xp_options_print(const xp_option *options, int noptions);

#endif
