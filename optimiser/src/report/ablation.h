/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows of an ablation study and the files they are kept in. */
#ifndef XPOT_OPTIMISER_ABLATION_H
#define XPOT_OPTIMISER_ABLATION_H

#include <stdio.h>

#include "xpot/error.h"

/* Numbers of a row; NaN where there is none. */
typedef enum xp_ablation_number {
  XP_ABLATION_LOSS,
  XP_ABLATION_ENERGY_RMSE, /* meV an atom, on the validation data as all errors */
  XP_ABLATION_ENERGY_MAE,
  XP_ABLATION_FORCE_RMSE, /* eV/Angstrom */
  XP_ABLATION_FORCE_MAE,
  XP_ABLATION_SURVIVAL, /* share of runs, where the input has some */
  XP_ABLATION_COST,     /* microseconds an atom and step, one thread */
  XP_ABLATION_NUMBERS
} xp_ablation_number;

typedef struct xp_ablation_row {
  char *change, *value; /* what was varied and to what; "" and "" for the reference; owned */
  char *failed;         /* why there are no numbers; NULL: there are; owned */
  char checksum[65];    /* of all that decides the result; "": the row is not done */
  double numbers[XP_ABLATION_NUMBERS];
} xp_ablation_row;

typedef struct xp_ablation {
  xp_ablation_row *rows; /* [count], the reference first; owned */
  int count;
} xp_ablation;

/* Appends a row that is not done. */
xp_status xp_ablation_add(xp_ablation *ablation, const char *change, const char *value, xp_error *error);

/* Frees the members. */
void xp_ablation_clear(xp_ablation *ablation);

/* The rows in folder/ablation.json; none when there is no such file. */
xp_status xp_ablation_read(xp_ablation *ablation, const char *folder, xp_error *error);

/* Name of a number, that of the metric where it is one. */
const char *xp_ablation_name(xp_ablation_number number);

/* The row of that checksum; NULL when there is none. */
const xp_ablation_row *xp_ablation_find(const xp_ablation *ablation, const char *checksum);

/* Copies a result, not what was varied. */
xp_status xp_ablation_copy_result(xp_ablation_row *to, const xp_ablation_row *from, xp_error *error);

/* Writes the rows that are done: the tables ablation.csv and ablation.md, whose speeds are relative to the reference, and, to
 * be read again, ablation.json, which also keeps rows of earlier runs that this one does not have. */
xp_status xp_ablation_write(const xp_ablation *ablation, const xp_ablation *before, const char *folder,
                            xp_error *error);

/* Prints the table of ablation.md. */
void xp_ablation_print(const xp_ablation *ablation, FILE *stream);

#endif
