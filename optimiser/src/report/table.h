/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables of a search, rebuilt from its journal: trials.csv and those of XPOT; and timings.csv, which is for people only and
 * decides nothing. */
#ifndef XPOT_OPTIMISER_TABLE_H
#define XPOT_OPTIMISER_TABLE_H

#include <stdio.h>

#include "journal/past.h"
#include "xpot/error.h"

/* Reads folder/journal.jsonl and writes beside it:
 *   trials.csv                 a line a trial: number, loss, each dimension, each metric, reason of a failure;
 *   parameters.csv             iteration, loss and each dimension;
 *   atomistic_errors.csv       errors of energies an atom (eV) and of forces (eV/Angstrom), fitted and validated;
 *   loss_function_errors.csv   the same with energies divided by the square root of the number of atoms;
 * and the latter three as Markdown in parameters_final, atomistic_errors_final and loss_function_errors_final. */
xp_status xp_tables_write(const char *folder, xp_error *error);

/* The same from a journal that was read. */
xp_status xp_tables_write_past(const char *folder, const xp_past *past, xp_error *error);

/* One field of a comma-separated line, in quotes where it needs them. */
void xp_table_print_text(FILE *stream, const char *text);

/* The value of a dimension as the tables show it; nothing where the dimension was not active. */
void xp_table_print_value(FILE *stream, const xp_range *range, double value);

/* A number in as few digits as it needs; nothing when it is not finite. */
void xp_table_print_number(FILE *stream, double number);

typedef struct xp_timing {
  int trial;
  double seconds, peak_memory_mb;
} xp_timing;

/* Adds a line to timings.csv, in the order of the trials; one of the same trial, of a run that was killed, is dropped. */
xp_status xp_table_add_timing(const char *path, const xp_timing *timing, xp_error *error);

#endif
