/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inputs for fitting codes that are called as commands: parameters with names of their own, files made from templates, and where
 * the results stand. */
#ifndef XPOT_OPTIMISER_EXTERNAL_INPUT_H
#define XPOT_OPTIMISER_EXTERNAL_INPUT_H

#include "config/value.h"
#include "xpot/file.h"

/* A value with a name of its own. */
typedef struct xp_named_parameter {
  char *name; /* owned */
  char *words[XP_OPTION_WORDS];
  xp_option option; /* made for this one: its type, and words that borrow from those above */
  xp_parameter value;
} xp_named_parameter;

/* A file of a trial's folder and the template it is made from. */
typedef struct xp_template_file {
  char *name, *path; /* owned; path: of the template */
  xp_bytes content;
} xp_template_file;

/* A number in a file that a command leaves behind: exactly one of pattern, pointer, column is set. */
typedef struct xp_metric_source {
  char *name, *file; /* owned, as all below */
  char *pattern;     /* extended regular expression; its first group, or all of it, in its last match */
  char *pointer;     /* JSON pointer */
  char *column;      /* of a table with a header */
  char *where;       /* "column=text": the last row of the table that has it; NULL: the last row */
  xp_place place;
} xp_metric_source;

typedef struct xp_external_input {
  xp_named_parameter *parameters; /* [nparameters], owned, as all below */
  xp_template_file *files;        /* [nfiles] */
  xp_metric_source *metrics;      /* [nmetrics] */
  xp_place command_place, evaluate_place;
  int nparameters, nfiles, nmetrics;
} xp_external_input;

/* Reads a member of the section "parameters", or one of "external" that is no option: "files", "metrics". */
xp_status xp_external_input_parse(xp_external_input *input, const char *section, const xp_reader *reader,
                                  const cJSON *item, xp_error *error);

/* Prints it for a fingerprint: files by content. */
void xp_external_input_print(const xp_external_input *input, FILE *stream);

/* Frees the members. */
void xp_external_input_clear(xp_external_input *input);

#endif
