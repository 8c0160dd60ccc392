/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "potential/compiled.h"
#include "potential/kind.h"
#include "potential/zbl.h"

struct xp_plan {
  xp_kind kind;
  xp_precision precision;
  const xp_kind_table *table;
  void *compiled;
  int nelements;
  xp_symbol *elements;
  double cutoff_max;
  xp_zbl *zbl; /* added to what the kernel computes, or NULL */
};

struct xp_workspace {
  const xp_kind_table *table;
  void *memory;
};

/* The symbols of a potential as one text, cut when there are very many. */
static void list_elements(const xp_potential *potential, char *text, size_t size) {
  size_t used = 0;
  text[0] = '\0';
  for (int e = 0; e < xp_potential_nelements(potential) && used < size; ++e)
    used += (size_t)snprintf(text + used, size - used, "%s%s", e ? " " : "", xp_potential_element(potential, e));
}

static bool knows(const xp_potential *potential, const char *symbol) {
  for (int e = 0; e < xp_potential_nelements(potential); ++e)
    if (strcmp(xp_potential_element(potential, e), symbol) == 0) return true;
  return false;
}

static xp_status check_elements(const xp_potential *potential, const char *const *elements, int nelements,
                                xp_error *error) {
  if (nelements < 1) return xp_error_set(error, XP_ERROR_INPUT, "no element was given; name at least one");
  for (int e = 0; e < nelements; ++e) {
    if (!knows(potential, elements[e])) {
      char known[XP_ERROR_SIZE / 2];
      list_elements(potential, known, sizeof known);
      return xp_error_set(error, XP_ERROR_INPUT,
                          "the potential has no element %s, it knows %s; correct the list of elements", elements[e],
                          known);
    }
    for (int f = 0; f < e; ++f)
      if (strcmp(elements[e], elements[f]) == 0)
        return xp_error_set(error, XP_ERROR_INPUT,
                            "element %s is listed twice, expected each once; correct the list of "
                            "elements",
                            elements[e]);
  }
  return XP_OK;
}

static xp_status copy_elements(xp_plan *plan, const char *const *elements, int nelements, xp_error *error) {
  plan->elements = calloc((size_t)nelements, sizeof *plan->elements);
  if (!plan->elements) return xp_error_memory(error, "an evaluation plan");
  plan->nelements = nelements;
  /* Symbols that the potential knows fit. */
  for (int e = 0; e < nelements; ++e) snprintf(plan->elements[e], XP_SYMBOL_SIZE, "%s", elements[e]);
  return XP_OK;
}

xp_status xp_plan_new(xp_plan **result, const xp_potential *potential, const char *const *elements, int nelements,
                      xp_precision precision, xp_error *error) {
  *result = NULL;
  xp_status status = check_elements(potential, elements, nelements, error);
  if (status != XP_OK) return status;
  xp_plan *plan = calloc(1, sizeof *plan);
  if (!plan) return xp_error_memory(error, "an evaluation plan");
  plan->kind = potential->kind;
  plan->precision = precision;
  plan->table = xp_kind_find(potential->kind);
  status = copy_elements(plan, elements, nelements, error);
  if (status == XP_OK)
    status = plan->table->plan_new(&plan->compiled, potential, elements, nelements, precision, error);
  if (status == XP_OK && potential->zbl_outer > 0.0)
    status = xp_zbl_new(&plan->zbl, elements, nelements, potential->zbl_inner, potential->zbl_outer, error);
  if (status != XP_OK) {
    xp_plan_free(plan);
    return status;
  }
  for (int i = 0; i < nelements; ++i)
    for (int j = 0; j < nelements; ++j) plan->cutoff_max = fmax(plan->cutoff_max, xp_plan_cutoff(plan, i, j));
  *result = plan;
  return XP_OK;
}

void xp_plan_free(xp_plan *plan) {
  if (!plan) return;
  plan->table->plan_free(plan->compiled);
  xp_zbl_free(plan->zbl);
  free(plan->elements);
  free(plan);
}

const void *xp_plan_compiled(const xp_plan *plan) {
  return plan->compiled;
}

xp_kind xp_plan_kind(const xp_plan *plan) {
  return plan->kind;
}

xp_precision xp_plan_precision(const xp_plan *plan) {
  return plan->precision;
}

int xp_plan_nelements(const xp_plan *plan) {
  return plan->nelements;
}

const char *xp_plan_element(const xp_plan *plan, int species) {
  return plan->elements[species];
}

double xp_plan_cutoff(const xp_plan *plan, int i, int j) {
  double cutoff = plan->table->plan_cutoff(plan->compiled, i, j);
  return plan->zbl ? fmax(cutoff, xp_zbl_outer(plan->zbl)) : cutoff;
}

double xp_plan_cutoff_max(const xp_plan *plan) {
  return plan->cutoff_max;
}

bool xp_plan_adds_zbl(const xp_plan *plan) {
  return plan->zbl != NULL;
}

xp_repulsion xp_plan_repulsion(const xp_plan *plan, int i, int j) {
  xp_repulsion repulsion = plan->table->plan_repulsion(plan->compiled, i, j);
  if (!plan->zbl) return repulsion;
  return (xp_repulsion){.form = "ZBL", .outer = xp_zbl_outer(plan->zbl), .nearest = repulsion.nearest};
}

xp_plan_facts xp_plan_describe(const xp_plan *plan, int species) {
  return plan->table->plan_describe(plan->compiled, species);
}

xp_status xp_workspace_new(xp_workspace **result, const xp_plan *plan, xp_error *error) {
  *result = NULL;
  xp_workspace *workspace = calloc(1, sizeof *workspace);
  if (!workspace) return xp_error_memory(error, "a workspace");
  workspace->table = plan->table;
  xp_status status = plan->table->workspace_new(&workspace->memory, plan->compiled, error);
  if (status != XP_OK) {
    free(workspace);
    return status;
  }
  *result = workspace;
  return XP_OK;
}

void xp_workspace_free(xp_workspace *workspace) {
  if (!workspace) return;
  workspace->table->workspace_free(workspace->memory);
  free(workspace);
}

xp_status xp_evaluate(const xp_plan *plan, xp_workspace *workspace, const xp_neighbourhoods *neighbourhoods,
                      const xp_evaluation *out, xp_error *error) {
  xp_status status = plan->table->evaluate(plan->compiled, workspace->memory, neighbourhoods, out, error);
  if (status == XP_OK && plan->zbl) xp_zbl_add(plan->zbl, neighbourhoods, out);
  return status;
}
