/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SNAP compiled for a list of elements, and its evaluation on the CPU; the generic layer (xpot/potential.h) calls these. */
#ifndef XPOT_SNAP_PLAN_H
#define XPOT_SNAP_PLAN_H

#include "xpot/neighbour.h"
#include "xpot/potential.h"
#include "xpot/snap.h"

/* Immutable; threads may share it. */
typedef struct xp_snap_plan xp_snap_plan;

/* Scratch memory of one thread. */
typedef struct xp_snap_workspace xp_snap_workspace;

/* elements[nelements]: each element once, in pair_coeff order of first appearance (chem labels, sinner and dinner follow
 * it). Everything is copied. */
xp_status xp_snap_plan_new(xp_snap_plan **plan, const xp_snap_model *model, const char *const *elements, int nelements,
                           xp_precision precision, xp_error *error);

/* NULL is allowed. */
void xp_snap_plan_free(xp_snap_plan *plan);

/* Cutoff of a neighbour of species j around a centre of species i, Angstrom. */
double xp_snap_plan_cutoff(const xp_snap_plan *plan, int i, int j);

/* As xp_plan_describe; tables are those that take moments of neighbours to U. */
xp_plan_facts xp_snap_plan_describe(const xp_snap_plan *plan, int species);

xp_status xp_snap_workspace_new(xp_snap_workspace **workspace, const xp_snap_plan *plan, xp_error *error);

/* NULL is allowed. */
void xp_snap_workspace_free(xp_snap_workspace *workspace);

/* As xp_evaluate. Neighbours with r^2 <= 1e-20 or r^2 >= Rcut^2 contribute nothing; core_factor is 0. */
xp_status xp_snap_evaluate(const xp_snap_plan *plan, xp_snap_workspace *workspace,
                           const xp_neighbourhoods *neighbourhoods, const xp_evaluation *out, xp_error *error);

#endif
