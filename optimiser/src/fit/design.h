/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The least-squares problem of one descriptor geometry: a factor for each weight group and row type. Weights are numbers
 * that multiply factors, so every trial with this geometry is solved from the same design. */
#ifndef XPOT_OPTIMISER_DESIGN_H
#define XPOT_OPTIMISER_DESIGN_H

#include "data/data.h"
#include "fit/factor.h"
#include "fit/normal.h"
#include "fit/rows.h"
#include "report/report.h"

typedef struct xp_design {
  xp_row_layout layout;
  int ngroups;
  xp_factor (*factors)[XP_ROW_TYPES]; /* [ngroups]; owned */
  xp_normal *normal;                  /* NULL where the rows do not determine all coefficients; owned */
} xp_design;

/* What a design is made of; all borrowed. */
typedef struct xp_design_request {
  const xp_data *data;
  const xp_symbol *elements; /* [nelements] */
  const double *reference;   /* [nelements], eV */
  const int *group;          /* [nstructures] group of each structure; -1: it is left out */
  int ngroups;
  const bool (*used)[XP_ROW_TYPES]; /* [ngroups] row types that have a weight */
  xp_snap_parameters parameters;    /* quadraticflag decides the columns */
  const double *radelem, *wj;       /* [nelements] */
  int nelements;
  bool constant;
  int threads;
} xp_design_request;

/* Size of the problem, found without computing it. */
typedef struct xp_design_size {
  int columns;
  long rows[XP_ROW_TYPES];
  double bytes; /* at most in use at once */
} xp_design_size;

xp_design_size xp_design_measure(const xp_design_request *request);

/* The same numbers to the last digit for any number of threads. */
xp_status xp_design_new(xp_design **design, const xp_design_request *request, xp_report *report, xp_error *error);

/* NULL is allowed. */
void xp_design_free(xp_design *design);

#endif
