/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a compiled SNAP model holds; shared by its construction and its evaluation. */
#ifndef XPOT_SNAP_PLAN_DATA_H
#define XPOT_SNAP_PLAN_DATA_H

#include "snap/snap_geometry.h"
#include "snap/snap_plan.h"
#include "snap/snap_tables.h"

/* Energy model of one central element. */
typedef struct xp_snap_terms {
  double constant;       /* beta_0 */
  double shift;          /* beta times the components without neighbours, removed by bzeroflag */
  double *beta;          /* [K'] */
  double *alpha;         /* [K'][K'], symmetric; NULL when linear */
  double *zero;          /* [K'] what bzeroflag takes off */
  xp_snap_stream folded; /* linear without chemflag */
} xp_snap_terms;

struct xp_snap_plan {
  xp_precision precision;
  xp_snap_geometry geometry;
  xp_snap_tables *tables;
  bool folded; /* the adjoint comes from the folded streams, without Z and B */
  bool quadratic;
  xp_snap_terms *terms; /* [nelements] */
};

/* zero [K'] of a central element. */
void xp_snap_tables_zero(const xp_snap_tables *tables, const xp_snap_parameters *parameters, int element, double *zero);

#endif
