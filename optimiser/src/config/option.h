/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one table of what an input file may say. Parsing, messages, --help and the JSON Schema are made from it. */
#ifndef XPOT_OPTIMISER_OPTION_H
#define XPOT_OPTIMISER_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef enum xp_option_type {
  XP_OPTION_TEXT,
  XP_OPTION_WORD, /* one of words */
  XP_OPTION_FLAG,
  XP_OPTION_INTEGER,
  XP_OPTION_REAL
} xp_option_type;

enum {
  XP_OPTION_TUNABLE = 1,     /* a range or a list of choices may stand for the value */
  XP_OPTION_PER_ELEMENT = 2, /* one value for all elements, or an object: element -> value */
  XP_OPTION_REQUIRED = 4,
  XP_OPTION_ABOVE = 8,  /* the low end itself is not allowed */
  XP_OPTION_RESULT = 16 /* decides the loss of a trial: part of a search's fingerprint */
};

#define XP_OPTION_WORDS 4

typedef struct xp_option {
  const char *section; /* key of the object it is in, "" at the top */
  const char *name;
  xp_option_type type;
  int traits;
  const char *unit;                   /* "" without */
  double low, high;                   /* of numbers, both allowed unless XP_OPTION_ABOVE */
  const char *words[XP_OPTION_WORDS]; /* up to the first NULL */
  const char *standard;               /* value when absent, as JSON; "" when there is none */
  const char *help;
  size_t
      offset; /* in xp_config (xp_group_weights for weights): a char * for text, an array of one xp_parameter an element
                    when per element, an xp_parameter otherwise */
} xp_option;

extern const xp_option xp_options[];
extern const int xp_noptions;

/* Sections in the order of the table, "" first; one sentence of help for each. */
typedef struct xp_section {
  const char *name;
  const char *help;
} xp_section;
extern const xp_section xp_sections[];
extern const int xp_nsections;

/* NULL when there is none. */
const xp_option *xp_option_find(const char *section, const char *name);

/* "above 0, at most 14", "snap or qsnap": what is allowed. Fills text[size]. */
void xp_option_range(const xp_option *option, char *text, int size);

/* True when a number may be the option's value (whole where it must be, inside its range). */
bool xp_option_allows(const xp_option *option, double value);

/* Prints all options, a line or two each: name, type, unit, range, default, help. */
void xp_option_print_help(FILE *stream);

/* Prints the JSON Schema (draft 2020-12) of an input file. */
void xp_option_print_schema(FILE *stream);

#endif
