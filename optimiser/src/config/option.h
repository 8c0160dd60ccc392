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
  XP_OPTION_ABOVE = 8,   /* the low end itself is not allowed */
  XP_OPTION_RESULT = 16, /* decides the loss of a trial: part of a search's fingerprint */
  XP_OPTION_LIST = 32,  /* an array of values, or one value for an array of one; a word may stand for the whole array */
  XP_OPTION_KEYED = 64, /* of the objects in a section that has keys of its own, not of the section itself */
  XP_OPTION_SNAP = 128, /* an error in inputs for other kinds of potential */
  XP_OPTION_ACE = 256,
  XP_OPTION_EXTERNAL = 512,
  XP_OPTION_FREE = 1024 /* a parameter that the input invents: its ranges say themselves whether they are whole */
};

#define XP_OPTION_WORDS 8

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
      offset; /* in xp_config, or in the section's values when keyed: a char * for text, an xp_list for a list, an array of
                    one xp_parameter an element when per element, an xp_parameter otherwise */
} xp_option;

extern const xp_option xp_options[];
extern const int xp_noptions;

/* What the keys of a section are. */
typedef enum xp_section_keys {
  XP_KEYS_NAMES,  /* the options' names */
  XP_KEYS_GROUPS, /* free names and "default", each with an object of keyed options */
  XP_KEYS_BLOCKS, /* ALL, UNARY, BINARY, ... and combinations of elements, each with an object of keyed options */
  XP_KEYS_FREE    /* the options' names, and others that external_input.h reads */
} xp_section_keys;

/* Sections in the order of the table, "" first; one sentence of help for each. */
typedef struct xp_section {
  const char *name;
  const char *help;
  xp_section_keys keys;
  size_t size;   /* of the values of one key: xp_group_weights, xp_bond_options, ...; 0 when there are none */
  int most;      /* elements of a combination; 0: any number */
  bool directed; /* the first element of a combination is the centre */
} xp_section;
extern const xp_section xp_sections[];
extern const int xp_nsections;

/* Index in xp_sections; -1 when there is none. */
int xp_section_find(const char *name);

/* NULL when there is none; keyed: XP_OPTION_KEYED or 0. */
const xp_option *xp_option_find(const char *section, const char *name, int keyed);

/* "above 0, at most 14", "snap or qsnap": what is allowed. Fills text[size]. */
void xp_option_range(const xp_option *option, char *text, int size);

/* Position of a word in the option's list; -1 when it is none of them. */
int xp_option_word(const xp_option *option, const char *word);

/* True when a number may be the option's value (whole where it must be, inside its range). */
bool xp_option_allows(const xp_option *option, double value);

/* The range that "tune" stands for, as JSON; NULL when the option has none. */
const char *xp_option_tune(const xp_option *option);

/* Prints all options, a line or two each: name, type, unit, range, default, help. */
void xp_option_print_help(FILE *stream);

/* Prints the JSON Schema (draft 2020-12) of an input file. */
void xp_option_print_schema(FILE *stream);

#endif
