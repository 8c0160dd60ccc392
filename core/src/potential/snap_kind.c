/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SNAP as a kind of potential: types are given back to the pointers of the table. */
#include "potential/kind.h"
#include "snap/snap_plan.h"

static int nelements(const xp_potential *potential) {
  return potential->snap->nelements;
}

static const char *element(const xp_potential *potential, int index) {
  return potential->snap->elements[index].symbol;
}

static int nwarnings(const xp_potential *potential) {
  return potential->snap->nwarnings;
}

static const char *warning(const xp_potential *potential, int index) {
  return potential->snap->warnings[index];
}

static void model_free(xp_potential *potential) {
  xp_snap_model_free(potential->snap);
}

static xp_status plan_new(void **result, const xp_potential *potential, const char *const *elements, int nelements,
                          xp_precision precision, xp_error *error) {
  xp_snap_plan *plan = NULL;
  xp_status status = xp_snap_plan_new(&plan, potential->snap, elements, nelements, precision, error);
  *result = plan;
  return status;
}

static void plan_free(void *plan) {
  xp_snap_plan_free(plan);
}

/* SNAP has no repulsion of its own: plans add it to what its kernel computes. */
static xp_status add_zbl(xp_potential *potential, double inner, double outer, xp_error *error) {
  (void)error;
  potential->zbl_inner = inner;
  potential->zbl_outer = outer;
  return XP_OK;
}

static xp_repulsion plan_repulsion(const void *plan, int i, int j) {
  (void)plan;
  (void)i;
  (void)j;
  return (xp_repulsion){0};
}

static double plan_cutoff(const void *plan, int i, int j) {
  return xp_snap_plan_cutoff(plan, i, j);
}

static xp_plan_facts plan_describe(const void *plan, int species) {
  return xp_snap_plan_describe(plan, species);
}

static xp_status workspace_new(void **result, const void *plan, xp_error *error) {
  xp_snap_workspace *workspace = NULL;
  xp_status status = xp_snap_workspace_new(&workspace, plan, error);
  *result = workspace;
  return status;
}

static void workspace_free(void *workspace) {
  xp_snap_workspace_free(workspace);
}

static xp_status evaluate(const void *plan, void *workspace, const xp_neighbourhoods *neighbourhoods,
                          const xp_evaluation *out, xp_error *error) {
  return xp_snap_evaluate(plan, workspace, neighbourhoods, out, error);
}

const xp_kind_table xp_kind_snap = {
    .nelements = nelements,
    .element = element,
    .nwarnings = nwarnings,
    .warning = warning,
    .model_free = model_free,
    .add_zbl = add_zbl,
    .plan_new = plan_new,
    .plan_free = plan_free,
    .plan_cutoff = plan_cutoff,
    .plan_repulsion = plan_repulsion,
    .plan_describe = plan_describe,
    .workspace_new = workspace_new,
    .workspace_free = workspace_free,
    .evaluate = evaluate,
};
