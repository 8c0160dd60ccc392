/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Extrapolation grades of all atoms of a data set. */
#ifndef XPOT_OPTIMISER_GRADES_H
#define XPOT_OPTIMISER_GRADES_H

#include <stdio.h>

#include "data/data.h"
#include "report/report.h"
#include "xpot/grade.h"

typedef struct xp_grades {
  double **gamma; /* [nstructures][natoms]; owned */
  int nstructures;
} xp_grades;

typedef struct xp_grades_request {
  const xp_grade *grade;
  const xp_symbol *elements; /* [nelements] species of the grade */
  int nelements;
  const xp_data *data;
  int threads;
  xp_report *report; /* may be NULL */
} xp_grades_request;

/* Does not depend on threads. Empty on error. */
xp_status xp_grades_evaluate(xp_grades *grades, const xp_grades_request *request, xp_error *error);

/* Frees the members. */
void xp_grades_clear(xp_grades *grades);

/* The atom of a structure with the largest grade. */
int xp_grades_worst(const xp_grades *grades, const xp_data *data, int structure);

/* A table for people: groups, their largest grades, shares of atoms above 1, 2, 5, 10. */
void xp_grades_print(const xp_grades *grades, const xp_data *data, FILE *stream);

/* CSV, to standard output when path is "-": a line a structure, a line an atom. */
xp_status xp_grades_write_structures(const xp_grades *grades, const xp_data *data, const char *path, xp_error *error);
xp_status xp_grades_write_atoms(const xp_grades *grades, const xp_data *data, const char *path, xp_error *error);

/* Extended XYZ: structures with a grade above a number, the largest first, with gamma=LARGEST in their comment lines. */
xp_status xp_grades_write_selection(const xp_grades *grades, const xp_data *data, double above, const char *path,
                                    xp_error *error);

#endif
