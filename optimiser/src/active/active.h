/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The active sets of a potential from the atoms it was fitted to: README.md says how. */
#ifndef XPOT_OPTIMISER_ACTIVE_H
#define XPOT_OPTIMISER_ACTIVE_H

#include <stdio.h>

#include "data/data.h"
#include "report/report.h"
#include "xpot/grade.h"

typedef struct xp_active_request {
  const xp_potential *potential;
  const xp_data *data;
  xp_grade_form form;
  double memory; /* bytes of descriptors to keep; less only costs time */
  int threads;
  xp_report *report; /* may be NULL */
} xp_active_request;

typedef struct xp_active_element {
  xp_symbol symbol;
  int descriptors; /* size of the active set */
  long atoms;      /* of the data */
  int unexplored;  /* directions in which they do not differ: rows of the active set that are no atom's */
  double largest;  /* extrapolation grade of the atoms */
} xp_active_element;

typedef struct xp_active_summary {
  int nelements;
  xp_active_element *elements; /* [nelements]; owned */
  int passes;                  /* over the data, the one for the start besides */
  long exchanges;              /* of rows */
  bool complete;               /* false: passes ended before all grades were at most 1 */
} xp_active_summary;

/* Does not depend on memory and threads, to the last bit. summary is to be cleared also after an error. */
xp_status xp_active_make(xp_active_set **set, xp_active_summary *summary, const xp_active_request *request,
                         xp_error *error);

/* Frees the members. */
void xp_active_summary_clear(xp_active_summary *summary);

/* Prints a line an element. */
void xp_active_summary_print(const xp_active_summary *summary, FILE *stream);

/* What is wrong with the set, if anything is: elements without atoms, grades above 1. */
void xp_active_summary_warn(const xp_active_summary *summary, xp_report *report);

#endif
