/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ACE compiled for evaluation; xp_plan of potential.h wraps it. */
#ifndef XPOT_ACE_PLAN_H
#define XPOT_ACE_PLAN_H

#include "xpot/ace.h"
#include "xpot/neighbour.h"
#include "xpot/potential.h"

typedef struct xp_ace_plan xp_ace_plan;
typedef struct xp_ace_workspace xp_ace_workspace;

/* Compiles a model for the elements given; species indices of evaluation are positions in elements. */
xp_status xp_ace_plan_new(xp_ace_plan **plan, const xp_ace_model *model, const char *const *elements, int nelements,
                          xp_precision precision, xp_error *error);

/* NULL is allowed. */
void xp_ace_plan_free(xp_ace_plan *plan);

/* Cutoff of a neighbour of species j around a centre of species i, Angstrom. */
double xp_ace_plan_cutoff(const xp_ace_plan *plan, int i, int j);

/* As xp_plan_describe. */
xp_plan_facts xp_ace_plan_describe(const xp_ace_plan *plan, int species);

/* Scratch memory of one thread. */
xp_status xp_ace_workspace_new(xp_ace_workspace **workspace, const xp_ace_plan *plan, xp_error *error);

/* NULL is allowed. */
void xp_ace_workspace_free(xp_ace_workspace *workspace);

/* Semantics of xp_evaluate. */
xp_status xp_ace_evaluate(const xp_ace_plan *plan, xp_ace_workspace *workspace, const xp_neighbourhoods *neighbourhoods,
                          const xp_evaluation *out, xp_error *error);

#endif
